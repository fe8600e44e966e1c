using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>How to wait for a task. What is null comes from <see cref="Sora2ClientOptions"/>.</summary>
public sealed record WaitOptions
{
    /// <summary>The time from one question to the next; null for <see cref="Sora2ClientOptions.PollInterval"/> (30 s, the platforms' documented pace).</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Asks less often the longer the wait lasts: the pause grows with a tenth of the time waited, to four times the interval at most. False by default.</summary>
    public bool AdaptiveInterval { get; init; }

    /// <summary>
    /// How long to wait in all; null for <see cref="Sora2ClientOptions.WaitTimeout"/> (30 min), <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for as long
    /// as it takes. Running out is not a failure of the task: it goes on, and waiting can be taken up again by its id.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>One readable line of what differs from the client's settings.</summary>
    public override string ToString() => DisplayFormat.Join(
        PollInterval is { } interval ? $"ask every {DisplayFormat.Duration(interval)}" : "ask at the client's pace",
        AdaptiveInterval ? "less often the longer it lasts" : null,
        Timeout is not { } timeout ? null : timeout == System.Threading.Timeout.InfiniteTimeSpan ? "for as long as it takes" : $"for {DisplayFormat.Duration(timeout)}");
}
