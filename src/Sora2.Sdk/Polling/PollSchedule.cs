using Sora2.Sdk.Common;

namespace Sora2.Sdk.Polling;

/// <summary>Computes when the polls of one wait are due, and when the wait is over.</summary>
/// <remarks>
/// A poll is due one interval after the previous one began, however long its response took. Jitter only lengthens the interval; the last
/// poll, at the end of the wait, may come sooner. A mutable struct inside <see cref="TaskWait"/>, because an application may keep a hundred
/// thousand waits.
/// </remarks>
internal struct PollSchedule(WaitOptions? wait, Sora2ClientOptions options)
{
    /// <summary>The adaptive interval as a share of the time waited so far, within limits.</summary>
    private const double AdaptiveShare = 0.1;

    /// <summary>The longest adaptive interval as a multiple of the interval.</summary>
    private const int MaxAdaptiveFactor = 4;
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromDays(1);

    private readonly long _startedAt = options.TimeProvider.GetTimestamp();
    private TimeSpan _polledAt;

    /// <summary>How long the wait may last.</summary>
    public readonly TimeSpan Timeout => wait?.Timeout ?? options.WaitTimeout;

    public readonly TimeSpan Elapsed => options.TimeProvider.GetElapsedTime(_startedAt);

    public readonly bool IsOver => !IsInfinite && Elapsed >= Timeout;

    private readonly bool IsInfinite => Timeout == System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Marks the start of a poll; the next one is due an interval later.</summary>
    public void StartPoll() => _polledAt = Elapsed;

    /// <summary>
    /// The delay of the first poll of a wait that begins among many others: up to one interval, so that they do not all poll at once.
    /// </summary>
    public readonly TimeSpan FirstDelay(JitterSource jitter)
    {
        var elapsed = Elapsed;
        return DelayUntil(elapsed + (Interval(elapsed) * jitter.Next()), elapsed);
    }

    /// <summary>The delay until the next poll, at most until the end of the wait; zero or less when it is due now.</summary>
    /// <param name="retryAfter">The delay that the platform asked for, if it did.</param>
    /// <param name="jitter">The source of the jitter.</param>
    public readonly TimeSpan NextDelay(TimeSpan? retryAfter, JitterSource jitter)
    {
        var elapsed = Elapsed;
        var interval = Interval(elapsed);
        var due = retryAfter is { } delay ? elapsed + delay : _polledAt + interval;
        return DelayUntil(due + (interval * jitter.UpTo(options.PollJitter)), elapsed);
    }

    /// <summary>The time until a grace period after the wait is over; infinite if either is.</summary>
    public readonly TimeSpan TimeLeft(TimeSpan grace)
    {
        if (IsInfinite || grace == System.Threading.Timeout.InfiniteTimeSpan)
        {
            return System.Threading.Timeout.InfiniteTimeSpan;
        }

        var left = Timeout + grace - Elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Whether the platform asks for a longer delay than the wait has left, or than a day.</summary>
    public readonly bool IsTooLong(TimeSpan? retryAfter) => retryAfter > MaxRetryAfter || (!IsInfinite && retryAfter > Timeout - Elapsed);

    private readonly TimeSpan DelayUntil(TimeSpan due, TimeSpan elapsed) => (!IsInfinite && due > Timeout ? Timeout : due) - elapsed;

    private readonly TimeSpan Interval(TimeSpan elapsed)
    {
        var interval = wait?.PollInterval ?? options.PollInterval;
        if (wait?.AdaptiveInterval != true)
        {
            return interval;
        }

        var (adaptive, longest) = (elapsed * AdaptiveShare, interval * MaxAdaptiveFactor);
        return adaptive < interval ? interval : adaptive > longest ? longest : adaptive;
    }
}
