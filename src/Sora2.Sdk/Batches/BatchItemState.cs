using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>What became of one item of a batch, and with it what <see cref="IVideoClient.ResumeBatchAsync"/> does about it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BatchItemState>))]
public enum BatchItemState
{
    /// <summary>Nothing was sent and nothing was charged: the batch was stopped or cancelled before its turn. Resuming creates it.</summary>
    NotStarted = 0,

    /// <summary>Accepted and not at its end yet; seen in progress only. Resuming waits for it.</summary>
    Running = 1,

    /// <summary>There is a video, on disk if that was asked for. Resuming leaves it out.</summary>
    Succeeded = 2,

    /// <summary>The create was refused, or the platform gave the task up. Resuming creates it, which <b>costs money</b>.</summary>
    Failed = 3,

    /// <summary>
    /// The create left and no answer told what became of it: it may have been charged. Resuming waits for it if an id is known, and else creates it only with
    /// <see cref="BatchOptions.CreateUnknownAgain"/>.
    /// </summary>
    SubmissionUnknown = 4,

    /// <summary>The task goes on, but its end was not seen: patience ran out, or the questions about it failed. Resuming waits for it.</summary>
    Unfinished = 5,

    /// <summary>The caller's token ended the wait or the download; a task that ran goes on. Resuming waits for it.</summary>
    Cancelled = 6,

    /// <summary>There is a video, but it could not be downloaded. Resuming downloads it.</summary>
    DownloadFailed = 7,
}
