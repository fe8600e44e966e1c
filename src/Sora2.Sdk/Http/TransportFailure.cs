using System.Globalization;
using System.Net;

namespace Sora2.Sdk;

/// <summary>What a call's failure on the way means. For a paid call the question is whether the request may have arrived.</summary>
internal static class TransportFailure
{
    public static Sora2ApiException Of(Exception cause, Sora2Platform platform, ApiRequest request, BodyContent? body, OneShot? oneShot, string? taskId, TimeSpan timeout)
    {
        var host = platform.Title;
        var (kind, what) = cause switch
        {
            OperationCanceledException => (Sora2ErrorKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"{host} did not answer {request} within {timeout.TotalSeconds:0.###} s.")),
            InvalidDataException => (Sora2ErrorKind.UnreadableAnswer, $"{host}'s answer to {request} is far too long."),
            _ => (Sora2ErrorKind.Network, $"{request} to {host} failed: {Innermost(cause).Message}"),
        };

        // A handler that asked again threw the first answer away, but its status is known; a refusal stays one.
        if (oneShot?.Answered is { } answered && IsRefusal(answered))
        {
            kind = answered == HttpStatusCode.TooManyRequests ? Sora2ErrorKind.RateLimited : Sora2ErrorKind.InvalidRequest;
            return Create(kind, string.Create(CultureInfo.InvariantCulture, $"{host} refused {request} with {(int)answered}. {Innermost(cause).Message}"), mayHaveBeenCharged: false);
        }

        var nothingSent = body is { HasBegun: false } || NothingSent(cause);
        return Create(kind, nothingSent ? what + " Nothing was sent." : what, ErrorClassifier.MayHaveBeenCharged(request.Kind, taskId, kind, nothingSent ? false : null));

        Sora2ApiException Create(Sora2ErrorKind kind, string message, bool? mayHaveBeenCharged) => new(kind, message, cause)
        {
            IsTransient = ErrorClassifier.IsTransient(kind),
            MayHaveBeenCharged = mayHaveBeenCharged,
            Platform = platform.Name,
            TaskId = taskId,
            StatusCode = oneShot?.Answered,
            Request = request.Redacted,
        };
    }

    /// <summary>Whether a failure proves that nothing of the request was sent: name, connection, TLS or proxy.</summary>
    public static bool NothingSent(Exception cause) => cause is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private static bool IsRefusal(HttpStatusCode status) => (int)status is >= 300 and <= 499 and not 408 and not 499;

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
