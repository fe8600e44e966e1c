using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>How to run a batch.</summary>
public sealed record BatchOptions
{
    private static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromMinutes(30);

    /// <summary>How many tasks of the batch run at the same time, from the create until this client sees their end.</summary>
    /// <value>1 or more; 4 by default.</value>
    /// <remarks>
    /// Downloads do not count. <see cref="Sora2ClientOptions.MaxRunningTasks"/> and
    /// <see cref="Sora2ClientOptions.MinCreateInterval"/> apply as well.
    /// </remarks>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>The poll interval and timeout of each wait; null uses the client's options.</summary>
    public WaitOptions? Wait { get; init; }

    /// <summary>The directory into which each video is downloaded as soon as it is available; null for no downloads.</summary>
    /// <remarks>It is created if it does not exist.</remarks>
    public string? DownloadTo { get; init; }

    /// <summary>How to download; null for the defaults.</summary>
    public DownloadOptions? Download { get; init; }

    /// <summary>Whether an error that every further create would meet ends all creates.</summary>
    /// <value>True by default; false tries every request.</value>
    /// <remarks>
    /// Such errors are a wrong key (<see cref="Sora2ErrorKind.Authentication"/>), an empty account
    /// (<see cref="Sora2ErrorKind.InsufficientQuota"/>), a blocked account, and a task store or character library that cannot be used
    /// (<see cref="Sora2ErrorKind.Storage"/>). Running tasks are waited for; the other items stay <see cref="BatchItemState.NotStarted"/>.
    /// </remarks>
    public bool StopOnFatal { get; init; } = true;

    /// <summary>How long to wait for a platform that accepts no create because it is busy, or that cannot be reached.</summary>
    /// <value>
    /// Up to 24 days; 30 min by default. Zero waits no longer than a single create does,
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> waits indefinitely.
    /// </value>
    /// <remarks>
    /// A create that was surely not accepted (too fast, saturated, no connection) does not fail its item: all creates of the batch pause
    /// together, longer each time and for as long as the platform asks, and then resume. Running tasks are waited for meanwhile. The time
    /// counts from the first such refusal since the last accepted create. When it is over, the refused item is
    /// <see cref="BatchItemState.Failed"/>, and with <see cref="StopOnFatal"/> the other items stay
    /// <see cref="BatchItemState.NotStarted"/>.
    /// </remarks>
    public TimeSpan BusyTimeout { get; init; } = DefaultBusyTimeout;

    /// <summary>Whether resuming creates items again whose submission is unknown and that have no task id.</summary>
    /// <value>False by default: such a create may be <b>paid twice</b>. Look in the platform's own log first.</value>
    public bool CreateUnknownAgain { get; init; }

    /// <summary>
    /// Receives every accepted task with its id, every response about one, every pause because the platform is busy, and every end.
    /// </summary>
    /// <remarks>
    /// Reports come one after the other. When the progress throws, nothing more is created, and the batch throws the exception once all
    /// running tasks have ended.
    /// </remarks>
    public IProgress<BatchProgress>? Progress { get; init; }

    /// <summary>Formats the options in one line: what differs from the defaults.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"{DisplayFormat.Count(MaxConcurrency, "task")} at once",
        DownloadTo is null ? null : $"download to {LogSanitizer.Path(DownloadTo)}",
        Download?.ToString(),
        Wait?.ToString(),
        StopOnFatal ? null : "continue after fatal errors",
        BusyTimeout == DefaultBusyTimeout ? null
            : BusyTimeout == System.Threading.Timeout.InfiniteTimeSpan ? "wait for a busy platform indefinitely"
            : $"wait {DisplayFormat.Duration(BusyTimeout)} for a busy platform",
        CreateUnknownAgain ? "create unknown ones again" : null);

    /// <summary>Throws when an option is out of range; to be called before money is spent.</summary>
    internal void Validate()
    {
        if (MaxConcurrency is < 1 or > int.MaxValue / 2)
        {
            throw new Sora2ValidationException(
                FormattableString.Invariant($"BatchOptions.MaxConcurrency is {MaxConcurrency}; it has to be 1 or more."));
        }

        if (DownloadTo is { } path && string.IsNullOrWhiteSpace(path))
        {
            throw new Sora2ValidationException("BatchOptions.DownloadTo is empty; set a directory, or null for no downloads.");
        }

        if (BusyTimeout != TimeSpan.Zero && !SettingRange.Timeout.Contains(BusyTimeout))
        {
            throw new Sora2ValidationException(
                $"BatchOptions.BusyTimeout is {BusyTimeout}; it has to be zero (do not wait) to 24 days, or Timeout.InfiniteTimeSpan.");
        }

        Wait?.Validate();
        Download?.Validate();
    }
}
