namespace Sora2.Sdk.TestSupport;

/// <summary>A real clock that runs faster by a factor, for tests with real sockets: delays are short and keep their order.</summary>
public sealed class FastClock(double factor) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) * factor);

    public override long GetTimestamp() => (long)(System.GetTimestamp() * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, callback, state, dueTime, period);

    private TimeSpan Shorten(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;

    private sealed class Timer(FastClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) : ITimer
    {
        private readonly ITimer _inner = System.CreateTimer(callback, state, clock.Shorten(dueTime), clock.Shorten(period));

        public bool Change(TimeSpan dueTime, TimeSpan period) => _inner.Change(clock.Shorten(dueTime), clock.Shorten(period));

        public void Dispose() => _inner.Dispose();

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
