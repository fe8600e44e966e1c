using System.Globalization;
using System.Security.Authentication;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Transport;

/// <summary>What a call's failure on the way means. For a paid call the question is whether the request may have arrived.</summary>
internal static class TransportErrorMapper
{
    /// <param name="cause">What was thrown.</param>
    /// <param name="platform">Whom the call was for.</param>
    /// <param name="request">The call.</param>
    /// <param name="address">Where it went.</param>
    /// <param name="body">Its body, which knows whether sending had begun.</param>
    /// <param name="paid">The send of a paid request, which knows whether it was handed to the network.</param>
    /// <param name="taskId">The task it was about.</param>
    /// <param name="timeout">The SDK's own time-out, if that is what ended the call.</param>
    /// <param name="key">To be masked.</param>
    public static Sora2ApiException Map(Exception cause, Sora2Platform platform, ApiRequest request, Uri address, SegmentedHttpContent? body, PaidSend? paid, string? taskId, TimeSpan? timeout, string key)
    {
        var call = $"{request.Method} {Redaction.WithoutQuery(address)}";
        var (kind, what) = cause switch
        {
            OperationCanceledException when timeout is { } limit => (Sora2ErrorKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"{platform.Title} did not answer {call} within {limit.TotalSeconds:0.###} s.")),
            // Not our clock: HttpClient.Timeout of a client that was handed in, a handler of the host's, or a client disposed in mid-call.
            OperationCanceledException => (cause.InnerException is TimeoutException ? Sora2ErrorKind.Timeout : Sora2ErrorKind.Network, $"{call} to {platform.Title} was given up by the HttpClient: {MessageText.EnsurePeriod(cause.Message)}"),
            TimeoutRejectedException or BrokenCircuitException or RateLimiterRejectedException =>
                (cause is TimeoutRejectedException ? Sora2ErrorKind.Timeout : Sora2ErrorKind.Network, $"{call} to {platform.Title} was given up: {HostFailure.Describe(cause)}"),
            SendRefusedException => (Sora2ErrorKind.WrongEndpoint, MessageText.EnsurePeriod(cause.Message)),
            StreamTooLongException => (Sora2ErrorKind.UnreadableResponse, $"{platform.Title}'s answer to {call} is far too long."),
            _ => (Sora2ErrorKind.Network, $"{call} to {platform.Title} failed: {MessageText.EnsurePeriod(Innermost(cause).Message)}"),
        };

        // Before the guard, only a body that was not begun proves it: a handler may have sent it by a client of its own. Behind the guard the
        // failure is that of the one send, which has ended.
        var nothingSent = body is null ? NothingSent(cause) || cause is BrokenCircuitException or RateLimiterRejectedException
            : paid?.Response is not null ? NothingSent(cause) || paid.HasSentNothing
            : !body.HasBegun;

        if (nothingSent && IsCertificate(cause))
        {
            return Create(
                kind,
                $"The certificate of {address.Authority} was not accepted, so {call} was not sent: {MessageText.EnsurePeriod(Innermost(cause).Message)} Check that Sora2ClientOptions.BaseAddress names the right host, and that this machine trusts whoever issued the certificate (docs/hosting.md).",
                ErrorClassifier.MayHaveBeenCharged(request.Kind, taskId, kind, false)).ThatStays();
        }

        return Create(kind, nothingSent && cause is not SendRefusedException ? $"{what} Nothing was sent. Check the network and Sora2ClientOptions.BaseAddress." : what, ErrorClassifier.MayHaveBeenCharged(request.Kind, taskId, kind, nothingSent ? false : null));

        Sora2ApiException Create(Sora2ErrorKind kind, string message, bool? mayHaveBeenCharged) => new(kind, Redaction.Redact(message, key), RedactedCause.Redact(cause, text => Redaction.Mask(text, key)))
        {
            NothingSent = nothingSent,
            IsTransient = ErrorKindDefaults.IsTransient(kind),
            MayHaveBeenCharged = mayHaveBeenCharged,
            Platform = platform.Name,
            TaskId = taskId,
            RetryAfter = HostFailure.RetryAfter(cause),
            Request = request.Redacted,
        };
    }

    /// <summary>Whether a failure proves that nothing of the request was sent: name, connection, TLS or proxy.</summary>
    public static bool NothingSent(Exception cause) => cause is SendRefusedException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>Whether the other side's certificate was refused here: that does not pass by itself.</summary>
    private static bool IsCertificate(Exception cause) => cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        && Innermost(cause) is AuthenticationException certificate && certificate.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase);

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
