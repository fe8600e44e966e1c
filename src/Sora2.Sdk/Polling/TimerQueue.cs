using System.Diagnostics.CodeAnalysis;

namespace Sora2.Sdk.Polling;

/// <summary>Wakes all waits of a client with one timer, which is set to the earliest.</summary>
/// <remarks>A wait in its delay is an entry here and nothing else: no timer, thread or token source of its own.</remarks>
internal sealed class TimerQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly SortedSet<TaskWait> _waits = new(Comparer<TaskWait>.Create(static (one, other) =>
        one.Due.CompareTo(other.Due) is not 0 and var order ? order : one.Order.CompareTo(other.Order)));

    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private long _order;
    private bool _isDisposed;

    public TimerQueue(TimeProvider clock)
    {
        _clock = clock;
        _startedAt = clock.GetTimestamp();

        // The timer lives as long as the client; it must not keep the execution context of the code that created it.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        _timer = clock.CreateTimer(
            static queue => ((TimerQueue)queue!).WakeDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _clock.GetElapsedTime(_startedAt);

    /// <summary>Wakes a wait after a delay; waits that are due at the same time in the order in which they were added.</summary>
    public void Add(TaskWait wait, TimeSpan delay)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(Sora2Client));
            wait.Due = Now + delay;
            wait.Order = _order++;
            _waits.Add(wait);
            if (_waits.Min == wait)
            {
                SetTimer();
            }
        }
    }

    /// <summary>Removes a wait before it is due.</summary>
    /// <returns>False if it is no longer in the queue: then its delay is ended elsewhere.</returns>
    public bool Remove(TaskWait wait)
    {
        lock (_gate)
        {
            return _waits.Remove(wait);
        }
    }

    /// <summary>Ends all delays.</summary>
    public void Dispose()
    {
        TaskWait[] waits;
        lock (_gate)
        {
            _isDisposed = true;
            waits = [.. _waits];
            _waits.Clear();
            _timer.Dispose();
        }

        foreach (var wait in waits)
        {
            wait.EndDisposed();
        }
    }

    private void WakeDue()
    {
        while (TryRemoveDue(out var wait))
        {
            wait.Wake();
        }
    }

    private bool TryRemoveDue([NotNullWhen(true)] out TaskWait? wait)
    {
        lock (_gate)
        {
            wait = _waits.Min;
            var isDue = wait is not null && wait.Due <= Now && _waits.Remove(wait);

            // Set before that wait continues: if it blocks this thread, the timer's next call wakes the others.
            SetTimer();
            return isDue;
        }
    }

    private void SetTimer()
    {
        if (_waits.Min is not { } first)
        {
            return;
        }

        // Timers cut off fractions of a millisecond; rounded down, the timer would fire too early again and again.
        var delay = Math.Ceiling((first.Due - Now).TotalMilliseconds);
        _timer.Change(delay > 0 ? TimeSpan.FromMilliseconds(delay) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
