using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>How far a batch is, at one moment.</summary>
/// <param name="Item">The item that something was just learnt about; <see cref="BatchItem.TaskId"/> is there from the moment the task was accepted.</param>
/// <param name="Total">How many items there are, or null if the requests come from a sequence that does not know its length.</param>
/// <param name="Running">Items that are being created or run at the platform.</param>
/// <param name="Downloading">Items whose video is being downloaded.</param>
/// <param name="Done">Items that came to their end, well or not; those that were never started are not among them.</param>
/// <param name="Failed">Those of <paramref name="Done"/> that did not bring what was asked for.</param>
public sealed record BatchProgress(BatchItem Item, int? Total, int Running, int Downloading, int Done, int Failed)
{
    /// <summary>Until when nothing is created because the platform is busy; null while it is not.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Items whose turn has not come, or null if the total is not known.</summary>
    public int? Queued => Total - Running - Downloading - Done;

    /// <summary>The share of items that came to their end in percent, 0 to 100, or null if the total is not known.</summary>
    public double? Percent => 100.0 * Done / Total;

    /// <summary>One readable line: how many are done, failed, running and downloading, and the item it is about.</summary>
    public override string ToString() => DisplayFormat.Join(
        Total is { } total ? FormattableString.Invariant($"{Done} of {total} done") : FormattableString.Invariant($"{Done} done"),
        Failed == 0 ? null : FormattableString.Invariant($"{Failed} failed"),
        FormattableString.Invariant($"{Running} running"),
        Downloading == 0 ? null : FormattableString.Invariant($"{Downloading} downloading"),
        PausedUntil is { } until ? FormattableString.Invariant($"paused until {until:HH:mm:ss} UTC, the platform is busy") : null)
        + $"; {Item}";
}
