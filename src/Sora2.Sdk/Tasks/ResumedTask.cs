using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The outcome of a recorded task that was resumed.</summary>
public sealed record ResumedTask
{
    /// <summary>The record, as it is now.</summary>
    public required TaskRecord Record { get; init; }

    /// <summary>The request as the caller gave it.</summary>
    /// <value>null where it was not kept: <see cref="TaskRecord.RequestNotKept"/> says why.</value>
    [JsonIgnore]
    public GenerationRequest? Request => Record?.Request;

    /// <summary>The finished task, with its link; null if there is an error.</summary>
    public VideoTask? VideoTask { get; init; }

    /// <summary>Why there is no video; null if there is one.</summary>
    /// <value>
    /// A <see cref="SubmissionUnknownException"/> if it is not known whether the task was accepted and charged, a
    /// <see cref="VideoTaskFailedException"/> if the task failed, a <see cref="WaitTimeoutException"/> if it is still running, or another.
    /// </value>
    public Sora2Exception? Error { get; init; }

    /// <summary>Returns one readable line: the finished task, or the record and the error.</summary>
    public override string ToString() =>
        VideoTask?.ToString() ?? DisplayFormat.Join(Record?.ToString(), LogSanitizer.Reason(Error?.Message));
}
