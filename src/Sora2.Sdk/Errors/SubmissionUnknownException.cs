using System.Security.Cryptography;
using System.Text;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk;

/// <summary>A paid request that was sent and whose outcome is not known: it may have been accepted and charged.</summary>
/// <remarks>
/// Sending it again may be charged twice. Look for the task in the platform's own log, by time, before anything else.
/// <see cref="Exception.InnerException"/> is the error that occurred.
/// </remarks>
public sealed class SubmissionUnknownException : Sora2Exception
{
    private const string NextStep =
        "Look for it in the platform's own log before creating it again; a second create may be charged twice.";

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and how to find out more.</param>
    /// <param name="innerException">The error that occurred in place of a response.</param>
    public SubmissionUnknownException(string message, Exception? innerException = null)
        : base(Sora2ErrorKind.SubmissionUnknown, message, innerException) => MayHaveBeenCharged = null;

    /// <summary>Copies an error that was read from JSON.</summary>
    internal SubmissionUnknownException(Sora2Exception error)
        : base(error, Sora2ErrorKind.SubmissionUnknown, error.Message)
    {
    }

    /// <summary>When the request was sent.</summary>
    public DateTimeOffset SentAt { get; init; }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of the prompt (for a character: its source).</summary>
    /// <remarks>Matches the request with the caller's own records.</remarks>
    public string? PromptDigest { get; init; }

    /// <summary>Creates the exception for a recorded request whose process ended before the response.</summary>
    internal static SubmissionUnknownException For(Sora2Platform platform, TaskRecord record)
    {
        var digest = record.Prompt is null ? null : Digest(record.Prompt);
        var cause = MessageText.EnsurePeriod(record.Error ?? "the process ended before a response arrived");
        var key = record.Key is null ? "" : $" with the key \"{LogSanitizer.SingleLine(record.Key)}\"";
        var found = record.TaskId is null ? "" : $" Its record names task {record.TaskId}: query it with GetAsync.";
        var name = record.PlatformName.Length == 0 ? platform.Name : record.PlatformName; // A damaged record may have none.
        return new(
            $"It is not known whether {Sora2Platform.TitleOf(name)} accepted the request{key}, recorded as {record.Id} at "
            + $"{record.CreatedAt:yyyy-MM-dd HH:mm:ss}Z{(digest is null ? "" : $" (prompt digest {digest})")}: {cause}{found} "
            + $"{NextStep} Then end it with {nameof(ITaskStore)}.{nameof(ITaskStore.ResolveAsync)}.")
        {
            SentAt = record.CreatedAt,
            PromptDigest = digest,
            PlatformName = name,
            ClientName = record.TaskId is null ? null : record.ClientName,
            TaskId = record.TaskId,
        };
    }

    internal static SubmissionUnknownException For(
        Sora2Platform platform,
        ApiRequest request,
        Sora2ApiException cause,
        DateTimeOffset sentAt,
        string subject)
    {
        var digest = Digest(subject);
        var found = cause.TaskId is null || request.Kind == CallKind.CreateCharacter
            ? ""
            : $" The response names task {cause.TaskId}: query it with GetAsync.";
        var requestId = cause.RequestId is null ? "" : $", request id {cause.RequestId}";
        return new SubmissionUnknownException(
            $"It is not known whether {platform.Title} accepted {request}, sent at {sentAt:yyyy-MM-dd HH:mm:ss}Z "
            + $"(prompt digest {digest}{requestId}): {MessageText.EnsurePeriod(cause.Message)}{found} {NextStep}",
            cause)
        {
            SentAt = sentAt,
            PromptDigest = digest,
            PlatformName = platform.Name,
            TaskId = cause.TaskId,
            RequestId = cause.RequestId,
            RequestLine = request.Redacted,
            Attempts = cause.Attempts,
            StatusCode = cause.StatusCode,
            RawBody = cause.RawBody,
        };
    }

    private static string Digest(string subject) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 8)).ToLowerInvariant();
}
