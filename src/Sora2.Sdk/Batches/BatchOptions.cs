using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>How to run a batch.</summary>
public sealed record BatchOptions
{
    /// <summary>
    /// How many tasks of the batch run at once, from the create to the end that this client sees; 4 by default. Downloads do not count.
    /// <see cref="Sora2ClientOptions.MaxRunningTasks"/> and <see cref="Sora2ClientOptions.MinCreateInterval"/> hold as well.
    /// </summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>Names each item for the caller: called once with the request and its place, from 0. Null for no names.</summary>
    public Func<VideoRequest, int, string>? Key { get; init; }

    /// <summary>Pace and patience of each wait; null for the client's.</summary>
    public WaitOptions? Wait { get; init; }

    /// <summary>The directory into which each video is downloaded as soon as it is there, made if it is missing; null for no downloads.</summary>
    public string? DownloadTo { get; init; }

    /// <summary>How to download; null for the defaults.</summary>
    public DownloadOptions? Download { get; init; }

    /// <summary>
    /// Whether a bad key (<see cref="Sora2ErrorKind.Authentication"/>), an empty account (<see cref="Sora2ErrorKind.InsufficientQuota"/>) or a task store or character library that
    /// cannot be used (<see cref="Sora2ErrorKind.Storage"/>) ends all further creates: what
    /// runs is waited for, the rest stays <see cref="BatchItemState.NotStarted"/>. True by default; false tries every request.
    /// </summary>
    public bool StopOnFatal { get; init; } = true;

    /// <summary>How long to wait for a platform that accepts no create because it is busy, or that cannot be reached.</summary>
    /// <value>
    /// 30 min by default; zero to wait no longer than a single create does, <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for as
    /// long as it takes.
    /// </value>
    /// <remarks>
    /// A create that was surely not taken (too fast, saturated, no connection) does not fail its item: all creates of the batch pause
    /// together, longer each time and for as long as the platform asks, and go on
    /// then. What runs is waited for meanwhile. The time counts from the first of such refusals without an accepted create between. Once it
    /// is over, the item that was refused is <see cref="BatchItemState.Failed"/>,
    /// and with <see cref="StopOnFatal"/> the rest stays <see cref="BatchItemState.NotStarted"/>.
    /// </remarks>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Whether resuming creates items again whose submission is unknown and of which no id is known. False by default: such a create may be <b>paid twice</b>. Look in the
    /// platform's own log first.
    /// </summary>
    public bool CreateUnknownAgain { get; init; }

    /// <summary>
    /// Told of every task as it is accepted, with its id, of every answer about one, of every pause because the platform is busy, and of
    /// every end; one report after the other. When it throws, nothing more is created,
    /// and the exception comes once all that runs has come to its end.
    /// </summary>
    public IProgress<BatchProgress>? Progress { get; init; }

    /// <summary>One readable line of what differs from the defaults.</summary>
    public override string ToString() => DisplayFormat.Join(
        $"{DisplayFormat.Count(MaxConcurrency, "task")} at once",
        DownloadTo is null ? null : $"download to {LogSanitizer.Path(DownloadTo)}",
        Download?.ToString(),
        Wait?.ToString(),
        StopOnFatal ? null : "go on after fatal errors",
        BusyTimeout == TimeSpan.FromMinutes(30) ? null
            : BusyTimeout == System.Threading.Timeout.InfiniteTimeSpan ? "wait for a busy platform as long as it takes"
            : $"wait {DisplayFormat.Duration(BusyTimeout)} for a busy platform",
        CreateUnknownAgain ? "create unknown ones again" : null);
}
