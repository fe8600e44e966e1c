using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The progress of a batch.</summary>
/// <param name="Item">The item that changed; its <see cref="BatchItem.TaskId"/> is set as soon as its task was accepted.</param>
/// <param name="Total">The number of items, or null if the requests come from a sequence that does not know its length.</param>
/// <param name="Running">The number of items that are being created or whose task is running.</param>
/// <param name="Downloading">The number of items whose video is being downloaded.</param>
/// <param name="Done">The number of items that ended, successful or not; items that were never started do not count.</param>
/// <param name="Failed">How many of <paramref name="Done"/> were not successful.</param>
public sealed record BatchProgress(BatchItem Item, int? Total, int Running, int Downloading, int Done, int Failed)
{
    /// <summary>Until when creates pause because the platform is busy; null while they do not.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>The number of items that have not started, or null if the total is not known.</summary>
    public int? Queued => Total - Running - Downloading - Done;

    /// <summary>The share of items that ended, in percent from 0 to 100, or null if the total is not known.</summary>
    public double? Percent => 100.0 * Done / Total;

    /// <summary>Formats in one line how many items are done, failed, running and downloading, and the item that changed.</summary>
    public override string ToString() => DisplayFormat.Join(
        Total is { } total ? FormattableString.Invariant($"{Done} of {total} done") : FormattableString.Invariant($"{Done} done"),
        Failed == 0 ? null : FormattableString.Invariant($"{Failed} failed"),
        FormattableString.Invariant($"{Running} running"),
        Downloading == 0 ? null : FormattableString.Invariant($"{Downloading} downloading"),
        PausedUntil is { } until ? FormattableString.Invariant($"paused until {until:HH:mm:ss} UTC, the platform is busy") : null)
        + $"; {Item}";
}
