using System.Security.Cryptography;
using System.Text;

namespace Sora2.Sdk;

/// <summary>
/// A paid request left, and no answer told what became of it. It may have been accepted and charged; sending it again may pay twice. Look the task up in
/// the platform's own log, by time, before anything else. <see cref="Exception.InnerException"/> says what happened.
/// </summary>
public sealed class SubmissionUnknownException : Sora2Exception
{
    /// <summary>An unknown outcome.</summary>
    /// <param name="message">What happened and how to find out more.</param>
    /// <param name="innerException">What came in place of an answer.</param>
    public SubmissionUnknownException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.SubmissionUnknown, message, innerException) => MayHaveBeenCharged = null;

    /// <summary>When the request was sent.</summary>
    public DateTimeOffset SentAt { get; init; }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the prompt (of a character: its source), to match the request with one's own records.</summary>
    public string? PromptDigest { get; init; }

    internal static SubmissionUnknownException For(Sora2Platform platform, ApiRequest request, Sora2ApiException cause, DateTimeOffset sentAt, string subject)
    {
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 8)).ToLowerInvariant();
        var found = cause.TaskId is null || request.Kind == CallKind.CreateCharacter ? "" : $" What came of the answer names task {cause.TaskId}: ask for it with GetAsync.";
        var requestId = cause.RequestId is null ? "" : $", request id {cause.RequestId}";
        return new SubmissionUnknownException(
            $"It is not known whether {platform.Title} accepted {request}, sent at {sentAt:yyyy-MM-dd HH:mm:ss}Z (prompt digest {digest}{requestId}): {Sentence.Ended(cause.Message)}{found} Look for it in the platform's own log before creating it again; a second create may be charged twice.", cause)
        {
            SentAt = sentAt,
            PromptDigest = digest,
            Platform = platform.Name,
            TaskId = cause.TaskId,
            RequestId = cause.RequestId,
            Request = request.Redacted,
            Attempts = cause.Attempts,
            StatusCode = cause.StatusCode,
            RawBody = cause.RawBody,
        };
    }
}
