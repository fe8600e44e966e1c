using System.Threading.RateLimiting;

namespace Sora2.Sdk.Transport;

/// <summary>Lets one through at a time with at least an interval between them, in the order in which they came. On the options' clock, which the limiters of the framework are not.</summary>
internal sealed class MinIntervalLimiter(TimeSpan interval, TimeProvider clock) : RateLimiter
{
    private readonly object _gate = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_next > now)
            {
                return Lease.Refused;
            }

            _next = now + interval;
            return Lease.Granted;
        }
    }

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        TimeSpan pause;
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var turn = _next > now ? _next : now;
            _next = turn + interval;
            pause = turn - now;
        }

        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
        }

        return Lease.Granted;
    }

    private sealed class Lease(bool isAcquired) : RateLimitLease
    {
        public static readonly Lease Granted = new(true);
        public static readonly Lease Refused = new(false);

        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
