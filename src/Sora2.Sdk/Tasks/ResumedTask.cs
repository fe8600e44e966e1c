using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>What became of a recorded task.</summary>
public sealed record ResumedTask
{
    /// <summary>The record, as it is now.</summary>
    public required TaskRecord Record { get; init; }

    /// <summary>The finished task, with its link; null if there is an error.</summary>
    public VideoTask? Task { get; init; }

    /// <summary>
    /// Why there is no video: <see cref="SubmissionUnknownException"/> if it is not known whether the task was accepted and charged,
    /// <see cref="VideoTaskFailedException"/> if the platform gave it up, <see cref="WaitTimeoutException"/> if it goes on, or another;
    /// null if there is a video.
    /// </summary>
    public Sora2Exception? Error { get; init; }

    /// <summary>One readable line: the finished task, or the record and what went wrong.</summary>
    public override string ToString() => Task?.ToString() ?? DisplayFormat.Join(Record?.ToString(), LogSanitizer.Reason(Error?.Message));
}
