namespace Sora2.Sdk;

/// <summary>
/// When the next question of one wait is due. The questions lie on a grid that the time they take does not shift; each strays from it a little, so that many waits
/// do not ask at once, and the straying does not add up.
/// </summary>
internal sealed class PollPace(WaitOptions? wait, Sora2ClientOptions options, Chance chance)
{
    /// <summary>With an adaptive pace, the pause is this share of the time waited so far, within limits.</summary>
    private const double AdaptiveShare = 0.1;
    private const int SlowestFactor = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly long _began = options.TimeProvider.GetTimestamp();
    private readonly TimeSpan _interval = wait?.PollInterval ?? options.PollInterval;
    private readonly bool _isAdaptive = wait?.AdaptivePace ?? false;
    private TimeSpan _grid;

    /// <summary>How long the wait may last.</summary>
    public TimeSpan Timeout { get; } = wait?.Timeout ?? options.WaitTimeout;

    public TimeSpan Elapsed => _clock.GetElapsedTime(_began);

    public bool IsOver => Timeout != System.Threading.Timeout.InfiniteTimeSpan && Elapsed >= Timeout;

    /// <summary>Waits until the next question is due, at the end of the wait at the latest.</summary>
    /// <param name="wanted">The pause that the platform asked for, if it did.</param>
    /// <param name="cancellationToken">Stops at once.</param>
    public Task PauseAsync(TimeSpan? wanted, CancellationToken cancellationToken)
    {
        var elapsed = Elapsed;
        var step = _isAdaptive ? Slower(elapsed) : _interval;
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

        if (Timeout != System.Threading.Timeout.InfiniteTimeSpan && due > Timeout)
        {
            due = Timeout;
        }

        // Timers cut off parts of a millisecond; rounded down, the last pause would come back too early, again and again.
        return due > elapsed ? Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling((due - elapsed).TotalMilliseconds)), _clock, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Whether a pause that the platform asks for is longer than the wait has left, or than anybody waits.</summary>
    public bool IsTooLong(TimeSpan? wanted) => wanted > LongestPause || (Timeout != System.Threading.Timeout.InfiniteTimeSpan && wanted > Timeout - Elapsed);

    private TimeSpan Slower(TimeSpan elapsed)
    {
        var step = elapsed * AdaptiveShare;
        return step < _interval ? _interval : step > _interval * SlowestFactor ? _interval * SlowestFactor : step;
    }
}
