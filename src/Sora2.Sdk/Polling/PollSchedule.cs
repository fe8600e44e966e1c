using Sora2.Sdk.Common;

namespace Sora2.Sdk.Polling;

/// <summary>
/// When the next poll of one wait is due: an interval after the last one began, however long its response took. Jitter only lengthens the
/// pause, so that the
/// interval is the minimum between two polls; the last poll, at the end of the wait, may come sooner.
/// </summary>
internal struct PollSchedule(WaitOptions? wait, Sora2ClientOptions options)
{
    /// <summary>With an adaptive pace, the pause is this share of the time waited so far, within limits.</summary>
    private const double AdaptiveShare = 0.1;
    private const int SlowestFactor = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    private readonly long _began = options.TimeProvider.GetTimestamp();
    private TimeSpan _polledAt;

    public readonly WaitOptions? Options => wait;

    /// <summary>How long the wait may last.</summary>
    public readonly TimeSpan Timeout => wait?.Timeout ?? options.WaitTimeout;

    public readonly TimeSpan Elapsed => options.TimeProvider.GetElapsedTime(_began);

    public readonly bool IsOver => !IsEndless && Elapsed >= Timeout;

    private readonly bool IsEndless => Timeout == System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>A poll begins: the next one is due an interval from now.</summary>
    public void Polling() => _polledAt = Elapsed;

    /// <summary>How long until the next poll is due, at the end of the wait at the latest; zero or less for at once.</summary>
    /// <param name="wanted">The pause that the platform asked for, if it did.</param>
    /// <param name="chance">The source of the jitter.</param>
    public readonly TimeSpan Next(TimeSpan? wanted, JitterSource chance)
    {
        var elapsed = Elapsed;
        var step = Step(elapsed);
        var due = (wanted is { } pause ? elapsed + pause : _polledAt + step) + (step * chance.UpTo(options.PollJitter));
        return Until(due, elapsed);
    }

    /// <summary>
    /// How long to put off the first poll of a wait that begins among many: up to one interval, so that they do not poll all at once.
    /// </summary>
    public readonly TimeSpan First(JitterSource chance)
    {
        var elapsed = Elapsed;
        return Until(elapsed + (Step(elapsed) * chance.Next()), elapsed);
    }

    /// <summary>How long a question may take that ends this much after the wait at the latest.</summary>
    public readonly TimeSpan Left(TimeSpan longer)
    {
        if (IsEndless || longer == System.Threading.Timeout.InfiniteTimeSpan)
        {
            return System.Threading.Timeout.InfiniteTimeSpan;
        }

        var left = Timeout + longer - Elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Whether a pause that the platform asks for is longer than the wait has left, or than anybody waits.</summary>
    public readonly bool IsTooLong(TimeSpan? wanted) => wanted > LongestPause || (!IsEndless && wanted > Timeout - Elapsed);

    private readonly TimeSpan Until(TimeSpan due, TimeSpan elapsed) => (!IsEndless && due > Timeout ? Timeout : due) - elapsed;

    private readonly TimeSpan Step(TimeSpan elapsed)
    {
        var interval = wait?.PollInterval ?? options.PollInterval;
        if (wait?.AdaptiveInterval != true)
        {
            return interval;
        }

        var step = elapsed * AdaptiveShare;
        return step < interval ? interval : step > interval * SlowestFactor ? interval * SlowestFactor : step;
    }
}
