using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One request of a batch and its result.</summary>
/// <remarks>Change <see cref="Request"/> with <c>with</c> before resuming, to have another video created.</remarks>
[JsonConverter(typeof(BatchItemJsonConverter))]
public sealed partial record BatchItem
{
    /// <summary>The position of the request in the batch, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The caller's name for the item, from <see cref="BatchOptions.Key"/>; null if none was given.</summary>
    public string? Key { get; init; }

    /// <summary>The request as the caller gave it.</summary>
    public required VideoRequest Request { get; init; }

    /// <summary>The state of the item, which decides what resuming does.</summary>
    public BatchItemState State { get; init; }

    /// <summary>The id of the item's task, which is or may be paid for; null if none is known.</summary>
    /// <remarks>Keep it: whatever went wrong, the task can be waited for by its id.</remarks>
    public string? TaskId { get; init; }

    /// <summary>The task in its last known state; null if none was accepted or seen.</summary>
    public VideoTask? Task { get; init; }

    /// <summary>The downloaded file; null unless <see cref="BatchOptions.DownloadTo"/> is set and the download is complete.</summary>
    public DownloadedVideo? Video { get; init; }

    /// <summary>The error; null if there was none.</summary>
    /// <value>A <see cref="Sora2Exception"/> as a rule, which says whether money may have been spent.</value>
    public Exception? Error { get; init; }

    /// <summary>Formats position, key, state, task and error in one line; never the prompt.</summary>
    public override string ToString()
    {
        var key = Key is null ? "" : $" {LogSanitizer.SingleLine(Key)}";
        var task = TaskId is null ? "" : $", task {LogSanitizer.SingleLine(TaskId)}";
        var error = Error is null ? "" : $", {LogSanitizer.Reason(Error.Message)}";
        return FormattableString.Invariant($"#{Index}{key}: {State}{task}{error}");
    }
}
