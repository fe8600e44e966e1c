namespace Sora2.Sdk.TestSupport;

/// <summary>A clock that advances only when a test advances it.</summary>
/// <remarks>
/// Timers fire on the thread that advances the clock, in order of time, and their continuations run there too, so that a wait of half an
/// hour takes as long as its code.
/// </remarks>
public sealed class VirtualClock : TimeProvider
{
    private readonly object _gate = new();
    private readonly PriorityQueue<(Timer Timer, long Order), (DateTimeOffset Due, long Order)> _timers = new();
    private long _order;
    private int _armedTimers;
    private TaskCompletionSource _armed = NewSignal();
    private DateTimeOffset _now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Start { get; } = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    public TimeSpan Elapsed => GetUtcNow() - Start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes as soon as a timer of this clock is active.</summary>
    public Task WaitForTimerAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _armedTimers > 0 ? Task.CompletedTask : _armed.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Advances the clock and fires the timers that fall due.</summary>
    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (TakeNext(until) is { } due)
        {
            due.Fire();
        }

        lock (_gate)
        {
            _now = until;
        }
    }

    /// <summary>Advances the clock from timer to timer until the work completes.</summary>
    public async Task<T> RunAsync<T>(Task<T> work)
    {
        for (var idle = 0; !work.IsCompleted;)
        {
            if (TakeNext(DateTimeOffset.MaxValue) is { } due)
            {
                due.Fire();
                idle = 0;
            }
            else if (++idle > 10_000_000) // thread pool work may be slow on a busy machine
            {
                throw new InvalidOperationException("The work waits for something other than this clock.");
            }
            else
            {
                await Task.Yield();
            }
        }

        return await work;
    }

    private Timer? TakeNext(DateTimeOffset until)
    {
        lock (_gate)
        {
            while (_timers.TryPeek(out var next, out var when) && when.Due <= until)
            {
                _timers.Dequeue();
                if (next.Timer.Order != next.Order)
                {
                    continue; // changed or disposed since
                }

                _now = when.Due > _now ? when.Due : _now;
                next.Timer.Reschedule(_now);
                return next.Timer;
            }

            return null;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Timer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        private bool _isArmed;

        /// <summary>The order of the last change; older entries in the queue are ignored.</summary>
        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                Arm(dueTime == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : clock._now + dueTime);
                return true;
            }
        }

        public void Reschedule(DateTimeOffset now) => Arm(_period > TimeSpan.Zero ? now + _period : DateTimeOffset.MaxValue);

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                Arm(DateTimeOffset.MaxValue);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(DateTimeOffset due)
        {
            var isArmed = due != DateTimeOffset.MaxValue;
            clock._armedTimers += (isArmed ? 1 : 0) - (_isArmed ? 1 : 0);
            _isArmed = isArmed;
            Order = clock._order++;
            if (!isArmed)
            {
                return;
            }

            clock._timers.Enqueue((this, Order), (due, Order));
            clock._armed.TrySetResult();
            clock._armed = NewSignal();
        }
    }
}
