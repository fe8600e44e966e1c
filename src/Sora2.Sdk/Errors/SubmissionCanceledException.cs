using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk;

/// <summary>A paid request that the caller's token canceled while it was being sent: it may have been accepted and charged.</summary>
/// <remarks>
/// Look in the platform's own log, by time, before creating it again. A cancellation before the request is sent is a plain
/// <see cref="OperationCanceledException"/>, and nothing was charged.
/// </remarks>
public sealed class SubmissionCanceledException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="platform">The platform's name.</param>
    /// <param name="sentAt">When the request was sent.</param>
    /// <param name="innerException">The exception of the cancellation.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public SubmissionCanceledException(
        string platform,
        DateTimeOffset sentAt,
        Exception? innerException,
        CancellationToken cancellationToken)
        : base(
            $"The request to {platform}, sent at {sentAt:yyyy-MM-dd HH:mm:ss}Z, was canceled after sending began: it may have been "
            + "accepted and charged. Look in the platform's own log before creating it again.",
            innerException,
            cancellationToken)
    {
        PlatformName = platform;
        SentAt = sentAt;
    }

    /// <summary>The <see cref="Sora2Platform.Name"/> of the platform.</summary>
    public string PlatformName { get; }

    /// <summary>When the request was sent.</summary>
    public DateTimeOffset SentAt { get; }

    /// <summary>The response to the request, which is still awaited in the background; null if it is not.</summary>
    internal Task<(ApiResponse? Response, string? TaskId)>? LateResponse { get; init; }

    /// <summary>The outcome that <see cref="LateResponse"/> shows.</summary>
    internal Task<LateOutcome>? Late { get; set; }

    /// <summary>Returns a text for logs that contains no secrets.</summary>
    public override string ToString() => ExceptionFormatter.Format(
        this, base.ToString(), $"platform: {LogSanitizer.SingleLine(PlatformName)}, may have been charged: not known");
}
