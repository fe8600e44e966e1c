using System.Security.Cryptography;
using System.Text;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms;

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

    /// <summary>A request that was recorded, and a process that ended before it had an answer.</summary>
    internal static SubmissionUnknownException For(Sora2Platform platform, TaskRecord record) =>
        new($"It is not known whether {platform.Title} accepted the request recorded as {record.Key} at {record.CreatedAt:yyyy-MM-dd HH:mm:ss}Z{(record.Prompt is null ? "" : $" (prompt digest {DigestOf(record.Prompt)})")}: {MessageText.EnsurePeriod(record.Error ?? "the process ended before an answer came")} Look for it in the platform's own log before creating it again; a second create may be charged twice. Remove the record once that is settled.")
        {
            SentAt = record.CreatedAt,
            PromptDigest = record.Prompt is null ? null : DigestOf(record.Prompt),
            Platform = platform.Name,
        };

    internal static SubmissionUnknownException For(Sora2Platform platform, ApiRequest request, Sora2ApiException cause, DateTimeOffset sentAt, string subject)
    {
        var digest = DigestOf(subject);
        var found = cause.TaskId is null || request.Kind == CallKind.CreateCharacter ? "" : $" What came of the answer names task {cause.TaskId}: ask for it with GetAsync.";
        var requestId = cause.RequestId is null ? "" : $", request id {cause.RequestId}";
        return new SubmissionUnknownException(
            $"It is not known whether {platform.Title} accepted {request}, sent at {sentAt:yyyy-MM-dd HH:mm:ss}Z (prompt digest {digest}{requestId}): {MessageText.EnsurePeriod(cause.Message)}{found} Look for it in the platform's own log before creating it again; a second create may be charged twice.", cause)
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

    private static string DigestOf(string subject) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 8)).ToLowerInvariant();
}
