using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The outcome of a recorded task that was resumed.</summary>
public sealed record ResumedTask
{
    /// <summary>The record, as it is now.</summary>
    public required TaskRecord Record { get; init; }

    /// <summary>The finished task, with its link; null if there is an error.</summary>
    public VideoTask? Task { get; init; }

    /// <summary>Why there is no video; null if there is one.</summary>
    /// <value>
    /// A <see cref="SubmissionUnknownException"/> if it is not known whether the task was accepted and charged, a
    /// <see cref="VideoTaskFailedException"/> if the task failed, a <see cref="WaitTimeoutException"/> if it is still running, or another.
    /// </value>
    public Sora2Exception? Error { get; init; }

    /// <summary>Returns one readable line: the finished task, or the record and the error.</summary>
    public override string ToString() => Task?.ToString() ?? DisplayFormat.Join(Record?.ToString(), LogSanitizer.Reason(Error?.Message));
}
