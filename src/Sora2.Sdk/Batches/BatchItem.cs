using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One request of a batch and what became of it. Change <see cref="Request"/> with <c>with</c> before resuming, to have something else created.</summary>
[JsonConverter(typeof(BatchItemJsonConverter))]
public sealed partial record BatchItem
{
    /// <summary>The place of the request in the batch, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The caller's name for it, from <see cref="BatchOptions.Key"/>; null if none was given.</summary>
    public string? Key { get; init; }

    /// <summary>What was to be made, as the caller gave it.</summary>
    public required VideoRequest Request { get; init; }

    /// <summary>What became of it.</summary>
    public BatchItemState State { get; init; }

    /// <summary>The id of the task that was made of it and is or may be paid for; null if none is known. Keep it: whatever went wrong, the task can be waited for by it.</summary>
    public string? TaskId { get; init; }

    /// <summary>The task as it was last seen; null if none was accepted or seen.</summary>
    public VideoTask? Task { get; init; }

    /// <summary>The file; null unless <see cref="BatchOptions.DownloadTo"/> asked for it and the video came whole.</summary>
    public DownloadedVideo? Video { get; init; }

    /// <summary>What went wrong; null where nothing did. A <see cref="Sora2Exception"/> as a rule, which says whether money may have been spent.</summary>
    public Exception? Error { get; init; }

    /// <summary>One readable line: place, key, state, task and error; never the prompt.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"#{Index}{(Key is null ? "" : $" {LogSanitizer.SingleLine(Key)}")}: {State}{(TaskId is null ? "" : $", task {LogSanitizer.SingleLine(TaskId)}")}{(Error is null ? "" : $", {LogSanitizer.Reason(Error.Message)}")}");
}
