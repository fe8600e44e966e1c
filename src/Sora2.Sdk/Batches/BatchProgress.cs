using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The progress of a batch.</summary>
public sealed record BatchProgress
{
    /// <summary>The item that changed; its <see cref="BatchItem.TaskId"/> is set as soon as its task was accepted.</summary>
    public required BatchItem Item { get; init; }

    /// <summary>The number of items, or null if the requests come from a sequence that does not know its length.</summary>
    public int? Total { get; init; }

    /// <summary>The number of items that are being created or whose task is running.</summary>
    public int Running { get; init; }

    /// <summary>The number of items whose video is being downloaded.</summary>
    public int Downloading { get; init; }

    /// <summary>The number of items that ended, successful or not; items that were never started do not count.</summary>
    public int Done { get; init; }

    /// <summary>How many of <see cref="Done"/> were not successful.</summary>
    public int Failed { get; init; }

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
