using System.Security.Authentication;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Maps exceptions of HTTP, TLS, sockets and handlers to a <see cref="Sora2ApiException"/> that says whether anything was sent.
/// </summary>
internal static class TransportErrorMapper
{
    public static Sora2ApiException Map(Exception cause, SentRequest sent)
    {
        var (kind, message) = Describe(cause, sent);
        var nothingSent = HasSentNothing(cause, sent);
        if (nothingSent && IsCertificate(cause))
        {
            message = $"The certificate of {sent.Address.Authority} was not accepted, so {Line(sent)} was not sent: "
                + $"{MessageText.EnsurePeriod(Innermost(cause).Message)} Check that Sora2ClientOptions.BaseAddress names the right host, "
                + "and that this machine trusts the certificate's issuer (docs/hosting.md).";
            return Create(cause, sent, kind, message, nothingSent: true, isTransient: false);
        }

        if (nothingSent && cause is not SendRefusedException)
        {
            message += " Nothing was sent. Check the network and Sora2ClientOptions.BaseAddress.";
        }

        return Create(cause, sent, kind, message, nothingSent, ErrorKindDefaults.IsTransient(kind));
    }

    /// <summary>Returns whether a failure proves that nothing of the request was sent: name, connection, TLS or proxy.</summary>
    public static bool NothingSent(Exception cause) => cause is SendRefusedException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private static (Sora2ErrorKind Kind, string Message) Describe(Exception cause, SentRequest sent)
    {
        var (line, platform) = (Line(sent), sent.Platform.Title);
        return cause switch
        {
            OperationCanceledException when sent.Timeout is { } timeout =>
                (Sora2ErrorKind.Timeout, $"{platform} did not respond to {line} within {DurationFormat.Seconds(timeout)} s."),
            // Not the SDK's timeout: HttpClient.Timeout, a handler of the host, or a client disposed in mid-call.
            OperationCanceledException => (
                cause.InnerException is TimeoutException ? Sora2ErrorKind.Timeout : Sora2ErrorKind.Network,
                $"{line} to {platform} was canceled by the HttpClient: {MessageText.EnsurePeriod(cause.Message)}"),
            TimeoutRejectedException => (Sora2ErrorKind.Timeout, $"{line} to {platform} was canceled: {HostFailure.Describe(cause)}"),
            BrokenCircuitException or RateLimiterRejectedException =>
                (Sora2ErrorKind.Network, $"{line} to {platform} was canceled: {HostFailure.Describe(cause)}"),
            SendRefusedException => (Sora2ErrorKind.WrongEndpoint, MessageText.EnsurePeriod(cause.Message)),
            StreamTooLongException => (Sora2ErrorKind.UnreadableResponse, $"{platform}'s response to {line} is far too long."),
            _ => (Sora2ErrorKind.Network, $"{line} to {platform} failed: {MessageText.EnsurePeriod(Innermost(cause).Message)}"),
        };
    }

    private static string Line(SentRequest sent) => $"{sent.Request.Method} {Redaction.WithoutQuery(sent.Address)}";

    /// <summary>Returns whether nothing was sent.</summary>
    /// <remarks>
    /// Before the send guard only an unread body proves that, as a handler may have sent it by its own client; behind the guard the failure
    /// is that of the one send, which has ended.
    /// </remarks>
    private static bool HasSentNothing(Exception cause, SentRequest sent) =>
        sent.Body is null ? NothingSent(cause) || cause is BrokenCircuitException or RateLimiterRejectedException
        : sent.Paid?.Response is not null ? NothingSent(cause) || sent.Paid.HasSentNothing
        : !sent.Body.HasBegun;

    private static Sora2ApiException Create(
        Exception cause, SentRequest sent, Sora2ErrorKind kind, string message, bool nothingSent, bool isTransient) =>
        new(kind, Redaction.Redact(message, sent.Key), RedactedCause.Redact(cause, text => Redaction.Mask(text, sent.Key)))
        {
            NothingSent = nothingSent,
            IsTransient = isTransient,
            MayHaveBeenCharged = ErrorClassifier.MayHaveBeenCharged(sent.Request.Kind, sent.TaskId, kind, nothingSent ? false : null),
            PlatformName = sent.Platform.Name,
            TaskId = sent.TaskId,
            RetryAfter = HostFailure.RetryAfter(cause),
            RequestLine = sent.Request.Redacted,
        };

    /// <summary>Returns whether the server's certificate was refused, which no retry changes.</summary>
    private static bool IsCertificate(Exception cause) =>
        cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        && Innermost(cause) is AuthenticationException certificate
        && certificate.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase);

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
