namespace Sora2.Sdk;

/// <summary>
/// When the next question of one wait is due. The questions lie on a grid that the time they take does not shift; each strays from it a little, so that many waits
/// do not ask at once, and the straying does not add up.
/// </summary>
internal struct PollPace(WaitOptions? wait, Sora2ClientOptions options)
{
    /// <summary>With an adaptive pace, the pause is this share of the time waited so far, within limits.</summary>
    private const double AdaptiveShare = 0.1;
    private const int SlowestFactor = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    private readonly long _began = options.TimeProvider.GetTimestamp();
    private TimeSpan _grid;

    public readonly WaitOptions? Options => wait;

    /// <summary>How long the wait may last.</summary>
    public readonly TimeSpan Timeout => wait?.Timeout ?? options.WaitTimeout;

    public readonly TimeSpan Elapsed => options.TimeProvider.GetElapsedTime(_began);

    public readonly bool IsOver => !IsEndless && Elapsed >= Timeout;

    private readonly bool IsEndless => Timeout == System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>How long until the next question is due, at the end of the wait at the latest; zero or less for at once.</summary>
    /// <param name="wanted">The pause that the platform asked for, if it did.</param>
    /// <param name="chance">Where the straying comes from.</param>
    public TimeSpan Next(TimeSpan? wanted, Chance chance)
    {
        var elapsed = Elapsed;
        var step = Step(elapsed);
        _grid += step;
        if (_grid < elapsed)
        {
            _grid = elapsed; // Questions that took longer than the pace are not made up for.
        }

        var due = _grid + (step * chance.Around(options.PollJitter));
        if (wanted is { } pause)
        {
            due = _grid = elapsed + pause;
        }

        return (!IsEndless && due > Timeout ? Timeout : due) - elapsed;
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

    private readonly TimeSpan Step(TimeSpan elapsed)
    {
        var interval = wait?.PollInterval ?? options.PollInterval;
        if (wait?.AdaptivePace != true)
        {
            return interval;
        }

        var step = elapsed * AdaptiveShare;
        return step < interval ? interval : step > interval * SlowestFactor ? interval * SlowestFactor : step;
    }
}
