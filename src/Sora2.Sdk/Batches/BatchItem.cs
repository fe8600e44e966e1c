using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One request of a batch and its result.</summary>
/// <remarks>
/// Change <see cref="Request"/> with <c>with</c> before resuming, to have another video created; one with a key needs another key then.
/// </remarks>
[JsonConverter(typeof(Sora2JsonConverter))]
public sealed partial record BatchItem
{
    /// <summary>The position of the request in the batch, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The request as the caller gave it.</summary>
    public required GenerationRequest Request { get; init; }

    /// <summary>The state of the item, which decides what resuming does.</summary>
    public BatchItemState State { get; init; }

    /// <summary>What names the item's task, which is or may be paid for; null if none is known.</summary>
    /// <remarks>Keep it: whatever went wrong, the task can be waited for with it.</remarks>
    public TaskHandle? Handle { get; init; }

    /// <summary>The id of the item's task.</summary>
    public string? TaskId => Handle?.Id;

    /// <summary>The task in its last known state; null if none was accepted or seen.</summary>
    public VideoTask? VideoTask { get; init; }

    /// <summary>The downloaded file; null unless <see cref="BatchOptions.DownloadTo"/> is set and the download is complete.</summary>
    public DownloadedVideo? Video { get; init; }

    /// <summary>The error; null if there was none.</summary>
    /// <value>A <see cref="Sora2Exception"/> as a rule, which says whether money may have been spent.</value>
    public Exception? Error { get; init; }

    /// <summary>Formats position, key, state, task and error in one line; never the prompt.</summary>
    public override string ToString()
    {
        var key = Request?.Key is { } name ? $" {LogSanitizer.SingleLine(name)}" : "";
        var task = TaskId is null ? "" : $", task {LogSanitizer.SingleLine(TaskId)}";
        var error = Error is null ? "" : $", {LogSanitizer.Reason(Error.Message)}";
        return FormattableString.Invariant($"#{Index}{key}: {State}{task}{error}");
    }
}
