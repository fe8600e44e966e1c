using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>The state of one item of a batch, which decides what <see cref="IVideoClient.ResumeBatchAsync"/> does with it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BatchItemState>))]
public enum BatchItemState
{
    /// <summary>Nothing was sent or charged: the batch was stopped or cancelled before the item's turn.</summary>
    /// <remarks>Resuming creates it.</remarks>
    NotStarted = 0,

    /// <summary>The task was accepted and has not ended.</summary>
    /// <remarks>Only seen in progress reports. Resuming waits for it.</remarks>
    Running = 1,

    /// <summary>The task succeeded, and its video was downloaded if the batch downloads.</summary>
    /// <remarks>Resuming leaves it out.</remarks>
    Succeeded = 2,

    /// <summary>The create was refused, or the task failed.</summary>
    /// <remarks>Resuming creates it again, which <b>costs money</b>.</remarks>
    Failed = 3,

    /// <summary>The create was sent and no response showed whether it was accepted: it may have been charged.</summary>
    /// <remarks>
    /// Resuming waits for it if an id is known, and otherwise creates it again only with <see cref="BatchOptions.CreateUnknownAgain"/>.
    /// </remarks>
    SubmissionUnknown = 4,

    /// <summary>The task continues, but its end was not seen: the wait timed out, or polling failed.</summary>
    /// <remarks>Resuming waits for it.</remarks>
    Unfinished = 5,

    /// <summary>The caller's token ended the wait or the download; a task that was running continues.</summary>
    /// <remarks>Resuming waits for it.</remarks>
    Canceled = 6,

    /// <summary>The task succeeded, but its video could not be downloaded.</summary>
    /// <remarks>Resuming downloads it.</remarks>
    DownloadFailed = 7,
}
