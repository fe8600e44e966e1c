using System.Globalization;

namespace Sora2.Sdk;

/// <summary>What a call's failure on the way means. For a paid call the question is whether the request may have arrived.</summary>
internal static class TransportFailure
{
    public static Sora2ApiException Of(Exception cause, Sora2Platform platform, ApiRequest request, BodyContent? body, string? taskId, TimeSpan timeout)
    {
        var host = platform.Title;
        var (kind, what) = cause switch
        {
            OperationCanceledException => (Sora2ErrorKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"{host} did not answer {request} within {timeout.TotalSeconds:0.###} s.")),
            InvalidDataException => (Sora2ErrorKind.UnreadableAnswer, $"{host}'s answer to {request} is far too long."),
            _ => (Sora2ErrorKind.Network, $"{request} to {host} failed: {Innermost(cause).Message}"),
        };

        var surelyNotSent = body is { HasBegun: false } || cause is HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        };
        return new Sora2ApiException(kind, surelyNotSent ? what + " Nothing was sent." : what, cause)
        {
            IsTransient = ErrorClassifier.IsTransient(kind),
            MayHaveBeenCharged = ErrorClassifier.Paid(request.Kind) && !surelyNotSent ? null : false,
            Platform = platform.Name,
            TaskId = taskId,
        };
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
