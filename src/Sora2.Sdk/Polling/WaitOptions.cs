using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>How to wait for a task; null takes the value of <see cref="Sora2ClientOptions"/>.</summary>
public sealed record WaitOptions
{
    /// <summary>The interval between two polls.</summary>
    /// <value>1 ms to 1 h; null for <see cref="Sora2ClientOptions.PollInterval"/> (30 s, which the platforms document).</value>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Whether to poll less often the longer the wait lasts.</summary>
    /// <value>
    /// False by default. True lengthens the interval to a tenth of the time waited so far, up to four times
    /// <see cref="PollInterval"/>.
    /// </value>
    public bool AdaptiveInterval { get; init; }

    /// <summary>How long to wait in all.</summary>
    /// <value>
    /// Zero (poll once) to 24 days; null for <see cref="Sora2ClientOptions.WaitTimeout"/> (30 min),
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> to wait indefinitely.
    /// </value>
    /// <remarks>A timeout is not a failure of the task: it continues, and waiting for it can be resumed by its id.</remarks>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Formats the options in one line: what differs from the client's settings.</summary>
    public override string ToString() => DisplayFormat.Join(
        PollInterval is { } interval ? $"poll every {DisplayFormat.Duration(interval)}" : "poll at the client's interval",
        AdaptiveInterval ? "less often the longer it lasts" : null,
        Timeout is not { } timeout ? null
            : timeout == System.Threading.Timeout.InfiniteTimeSpan ? "without a timeout"
            : $"for {DisplayFormat.Duration(timeout)}");

    /// <summary>Throws when an option is out of range; to be called before money is spent.</summary>
    internal void Validate()
    {
        if (PollInterval is { } interval && !SettingRange.PollInterval.Contains(interval))
        {
            throw new Sora2ValidationException($"WaitOptions.PollInterval is {interval}; it has to be 1 ms to 1 h.");
        }

        if (Timeout is { } timeout && timeout != TimeSpan.Zero && !SettingRange.Timeout.Contains(timeout))
        {
            throw new Sora2ValidationException(
                $"WaitOptions.Timeout is {timeout}; it has to be zero (poll once) to 24 days, or Timeout.InfiniteTimeSpan.");
        }
    }
}
