using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk;

/// <summary>
/// The caller's own token ended a paid request that had begun to leave: it may have been accepted and charged. Look in the platform's own log, by time, before creating it again.
/// A cancellation before that is a plain <see cref="OperationCanceledException"/>, and nothing was charged.
/// </summary>
public sealed class SubmissionCanceledException : OperationCanceledException
{
    /// <summary>A create that was cancelled.</summary>
    /// <param name="platform">The platform's name.</param>
    /// <param name="sentAt">When the request was sent.</param>
    /// <param name="innerException">How the cancellation showed.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public SubmissionCanceledException(string platform, DateTimeOffset sentAt, Exception? innerException, CancellationToken cancellationToken)
        : base($"The request to {platform}, sent at {sentAt:yyyy-MM-dd HH:mm:ss}Z, was given up after it had begun to leave: it may have been accepted and charged. Look in the platform's own log before creating it again.", innerException, cancellationToken)
    {
        Platform = platform;
        SentAt = sentAt;
    }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public string Platform { get; }

    /// <summary>When the request was sent.</summary>
    public DateTimeOffset SentAt { get; }

    /// <summary>What the network gives for the request, which goes on to its outcome; null where nothing waits for it.</summary>
    internal Task<(ApiResponse? Response, string? TaskId)>? LateResponse { get; init; }

    /// <summary>What that means.</summary>
    internal Task<LateOutcome>? Late { get; set; }

    /// <summary>Everything for a log; free of secrets.</summary>
    public override string ToString() => ExceptionFormatter.Format(this, base.ToString(), $"platform: {LogSanitizer.SingleLine(Platform)}, may have been charged: not known");
}
