using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>What the HTTP status of an error response means.</summary>
internal static class StatusRules
{
    /// <summary>Returns the status that counts: under a success, and under a bare 400, that of the envelope.</summary>
    public static int Effective(ApiResponse response, ErrorText text)
    {
        var status = (int)response.StatusCode;
        return text.EnvelopeCode is not (> 0 and var code) ? status
            : response.IsSuccess ? code
            : status == 400 && code is 401 or 402 or 403 or 429 ? code
            : status;
    }

    /// <summary>Returns whether a status proves that a create was not accepted.</summary>
    /// <remarks>A bare 5xx proves nothing: the relay may have forwarded the request.</remarks>
    public static bool IsRefusal(int status) => status is >= 300 and <= 499 and not (408 or 499);

    public static bool IsRedirect(ApiResponse response) => (int)response.StatusCode is >= 300 and <= 399;

    /// <summary>Returns whether the response is that of an HTTPS port to a request over plain HTTP.</summary>
    public static bool IsPlainHttp(ApiResponse response) =>
        new PhraseFinder(BodyText.Beginning(response.Body, response.Charset, 4096), response.PromptTexts).Has(RelayPhrases.PlainHttp);

    public static Sora2ErrorKind Kind(ApiResponse response, ErrorText text, int status) => status switch
    {
        401 or 407 => Sora2ErrorKind.Authentication,
        403 or 451 => Sora2ErrorKind.PermissionDenied,
        404 when response.Kind == CallKind.Query && response.TaskId is not null => Sora2ErrorKind.TaskNotFound,
        400 when IsPlainHttp(response) => Sora2ErrorKind.WrongEndpoint,
        404 or 405 => Sora2ErrorKind.WrongEndpoint,
        408 => Sora2ErrorKind.Timeout,
        429 => Sora2ErrorKind.RateLimited,
        455 => Sora2ErrorKind.ServerError, // "under maintenance", in envelopes of 2026
        >= 500 => Sora2ErrorKind.ServerError,
        >= 400 => Sora2ErrorKind.InvalidRequest,
        >= 300 => Sora2ErrorKind.WrongEndpoint,
        // An error body under a success status reports a refusal, but not its reason.
        _ => text.Message is null && text.EnvelopeCode is null ? Sora2ErrorKind.UnreadableResponse : Sora2ErrorKind.Unknown,
    };
}
