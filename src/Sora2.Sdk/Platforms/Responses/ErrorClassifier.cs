using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Turns a response that is not the expected one into an exception. <see cref="VerdictRules"/> decides its kind.</summary>
internal static class ErrorClassifier
{
    /// <summary>Returns the error of a response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="namedTask">
    /// The task that the response to a paid call names, if it does: then it may have been charged, whatever else the response says.
    /// </param>
    public static Sora2ApiException Classify(ApiResponse response, string? namedTask = null)
    {
        if (namedTask is not null && IsPaid(response.Kind))
        {
            response = response with { TaskId = namedTask };
        }

        if (response.IsSuccess && response.Body.IsEmpty)
        {
            return Unreadable(response, "The response has no body.");
        }

        var isPage = BodyExcerpt.IsHtml(response.Body.Span);
        var text = isPage ? ErrorText.None : ErrorText.Parse(response.Body, response.Charset);
        var verdict = isPage ? VerdictRules.ForPage(response) : VerdictRules.ForText(response, text);
        bool? ofCreate = namedTask is null && verdict.IsRefused ? false : null;
        var charged = MayHaveBeenCharged(response.Kind, response.TaskId, verdict.Kind, ofCreate);
        var message = isPage
            ? ErrorExplanation.ForPage(response, verdict.Kind)
            : ErrorExplanation.ForText(response, verdict, text, charged);
        return Create(response, verdict, message, text.RequestId, charged);
    }

    /// <summary>Returns the error of a response that cannot be read as the expected one.</summary>
    public static Sora2ApiException Unreadable(ApiResponse response, string what, Exception? cause = null)
    {
        if (BodyExcerpt.IsHtml(response.Body.Span))
        {
            return Classify(response);
        }

        var isText = response.Body.Span.TrimStart(" \t\r\n"u8) is not ([] or [(byte)'{' or (byte)'[', ..]);
        var text = isText ? BodyExcerpt.Summarize(response.Body, response.Charset) : "";
        return Create(
            response,
            new ErrorVerdict(Sora2ErrorKind.UnreadableResponse, IsRefused: false),
            $"{what} ({response.Request} returned {(int)response.StatusCode}"
                + $"{(text.Length == 0 ? "." : $": {MessageText.EnsurePeriod(text)}")})",
            requestId: null,
            MayHaveBeenCharged(response.Kind, response.TaskId, Sora2ErrorKind.UnreadableResponse, null),
            cause);
    }

    /// <summary>Returns whether a call of this kind costs money when it is accepted.</summary>
    public static bool IsPaid(CallKind kind) => kind is not (CallKind.Query or CallKind.Media);

    /// <summary>Returns whether money may have been spent on the subject of an error.</summary>
    /// <remarks>
    /// For a create it is what its response proves. For a query the task was accepted, unless the platform does not know it.
    /// </remarks>
    public static bool? MayHaveBeenCharged(CallKind call, string? taskId, Sora2ErrorKind kind, bool? ofCreate) =>
        IsPaid(call) ? ofCreate
        : taskId is null ? false
        : kind == Sora2ErrorKind.TaskNotFound ? null
        : true;

    private static Sora2ApiException Create(
        ApiResponse response,
        ErrorVerdict verdict,
        string message,
        string? requestId,
        bool? mayHaveBeenCharged,
        Exception? cause = null) =>
        new(verdict.Kind, Redaction.Mask(message, response.Key), RedactedCause.Redact(cause, text => Redaction.Mask(text, response.Key)))
        {
            IsAccountBlocked = verdict.IsAccountBlocked,
            MayHaveBeenCharged = mayHaveBeenCharged,
            PlatformName = response.Platform,
            TaskId = response.TaskId,
            RequestId = requestId ?? response.RequestId,
            RequestLine = $"{response.Method} {response.Address.AbsolutePath}",
            StatusCode = response.StatusCode,
            RetryAfter = response.RetryAfter,
            RawBody = BodyExcerpt.Raw(response.Body, response.Key, response.Charset),
        };
}
