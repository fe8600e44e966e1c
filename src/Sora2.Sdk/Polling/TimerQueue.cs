using System.Diagnostics.CodeAnalysis;

namespace Sora2.Sdk.Polling;

/// <summary>
/// Wakes all waits of a client with one timer, which is set to the earliest. A wait that pauses is an entry here and nothing else: no timer, no thread and no token source of
/// its own.
/// </summary>
internal sealed class TimerQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly SortedSet<TaskWait> _paused = new(Comparer<TaskWait>.Create(static (one, other) => one.Due.CompareTo(other.Due) is not 0 and var order ? order : one.Order.CompareTo(other.Order)));
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly ITimer _timer;
    private long _order;
    private bool _isDisposed;

    public TimerQueue(TimeProvider clock)
    {
        _clock = clock;
        _began = clock.GetTimestamp();

        // The timer lives as long as the client; it must not keep the context of whoever made that.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        _timer = clock.CreateTimer(static poller => ((TimerQueue)poller!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _clock.GetElapsedTime(_began);

    /// <summary>Wakes a wait after a pause; those that are due at once in the order in which they came.</summary>
    public void Add(TaskWait wait, TimeSpan pause)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(Sora2Client));
            wait.Due = Now + pause;
            wait.Order = _order++;
            _paused.Add(wait);
            if (_paused.Min == wait)
            {
                SetTimer();
            }
        }
    }

    /// <summary>Takes a wait out of its pause. False if that is over: then somebody else wakes it.</summary>
    public bool Remove(TaskWait wait)
    {
        lock (_gate)
        {
            return _paused.Remove(wait);
        }
    }

    /// <summary>Ends all pauses.</summary>
    public void Dispose()
    {
        TaskWait[] paused;
        lock (_gate)
        {
            _isDisposed = true;
            paused = [.. _paused];
            _paused.Clear();
            _timer.Dispose();
        }

        foreach (var wait in paused)
        {
            wait.End();
        }
    }

    private void Wake()
    {
        while (TryTakeDue(out var wait))
        {
            wait.Wake();
        }
    }

    private bool TryTakeDue([NotNullWhen(true)] out TaskWait? wait)
    {
        lock (_gate)
        {
            wait = _paused.Min;
            var isDue = wait is not null && wait.Due <= Now && _paused.Remove(wait);

            // Set before that wait goes on: if it holds up this thread, the timer's next call sees to the others.
            SetTimer();
            return isDue;
        }
    }

    private void SetTimer()
    {
        if (_paused.Min is not { } first)
        {
            return;
        }

        // Timers cut off parts of a millisecond; rounded down, the pause would seem to end too early, again and again.
        var pause = Math.Ceiling((first.Due - Now).TotalMilliseconds);
        _timer.Change(pause > 0 ? TimeSpan.FromMilliseconds(pause) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
