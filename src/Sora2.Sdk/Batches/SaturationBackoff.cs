using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Batches;

/// <summary>
/// The pauses of one batch while the platform is busy. They are shared: when one create is refused, none is sent until the pause is over.
/// Each round of refusals doubles the pause, up to a minute; the platform's
/// <c>Retry-After</c> counts where it is longer. An accepted create ends all that.
/// </summary>
internal sealed class SaturationBackoff(Sora2ClientOptions client, TimeSpan timeout, ClientTelemetry telemetry, JitterSource chance)
{
    /// <summary>The first pause is this many times the client's retry delay, whose retries have failed by then.</summary>
    private const int FirstFactor = 5;

    /// <summary>By which share jitter lengthens a pause.</summary>
    private const double Jitter = 0.1;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly object _gate = new();
    private readonly TimeProvider _clock = client.TimeProvider;
    private DateTimeOffset? _busySince;
    private DateTimeOffset? _pausedUntil;
    private TimeSpan _next = FirstPause(client);
    private int _round;

    /// <summary>Which pause is the latest. A create that began before it tells nothing new when it is refused.</summary>
    public int Round
    {
        get
        {
            lock (_gate)
            {
                return _round;
            }
        }
    }

    /// <summary>When creates go on; null while they do.</summary>
    public DateTimeOffset? PausedUntil
    {
        get
        {
            lock (_gate)
            {
                return _pausedUntil > _clock.GetUtcNow() ? _pausedUntil : null;
            }
        }
    }

    /// <summary>
    /// Whether an error says that the platform is busy or cannot be reached, and nothing was taken: the same request may be sent again at
    /// no cost.
    /// </summary>
    public static bool IsBusy(Sora2Exception e) => e is
    {
        MayHaveBeenCharged: false,
        TaskId: null,
        Kind: Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated or Sora2ErrorKind.Network or Sora2ErrorKind.Timeout,
        IsTransient: true, // a certificate that is not trusted never will be
    };

    /// <summary>Waits until no pause is left.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (PausedUntil is { } until)
        {
            // Rounded up: timers cut off parts of a millisecond.
            var left = Math.Ceiling((until - _clock.GetUtcNow()).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(left, 1)), _clock, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>A create was accepted.</summary>
    public void Accepted()
    {
        lock (_gate)
        {
            (_busySince, _next) = (null, FirstPause(client));
        }
    }

    /// <summary>Begins a pause, or lengthens the one there is.</summary>
    /// <param name="e">The refusal.</param>
    /// <param name="round">Which round the refused create began in.</param>
    /// <param name="prompt">What was asked for, which the refusal may quote.</param>
    /// <returns>False if the platform was busy for too long, or asks for a longer pause than there is time for.</returns>
    public bool TryPause(Sora2Exception e, int round, string prompt)
    {
        if (timeout == TimeSpan.Zero)
        {
            return false;
        }

        TimeSpan pause;
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            var end = timeout == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : (_busySince ??= now) + timeout;
            var isNew = round == _round || !(_pausedUntil > now);
            pause = isNew ? _next * (1 + chance.UpTo(Jitter)) : TimeSpan.Zero;
            if (e.RetryAfter is { } wanted && wanted > pause)
            {
                pause = wanted;
            }

            if (now >= end || e.RetryAfter > end - now)
            {
                telemetry.Log.BatchGaveUp(telemetry.Account, timeout.TotalSeconds, telemetry.Reason(e, new PromptTexts([prompt])));
                return false;
            }

            var until = pause > end - now ? end : now + pause;
            if (!(until > (_pausedUntil ?? now)))
            {
                return true; // The pause that has begun is long enough.
            }

            (_pausedUntil, _round, pause) = (until, isNew ? _round + 1 : _round, until - now);
            if (isNew)
            {
                _next = _next * 2 > Longest(client) ? Longest(client) : _next * 2;
            }
        }

        telemetry.Log.BatchPaused(telemetry.Account, pause.TotalSeconds, telemetry.Reason(e, new PromptTexts([prompt])));
        return true;
    }

    private static TimeSpan FirstPause(Sora2ClientOptions client) =>
        client.RetryDelay * FirstFactor is var pause && pause > Longest(client) ? Longest(client) : pause;

    private static TimeSpan Longest(Sora2ClientOptions client) => client.RetryDelay > LongestPause ? client.RetryDelay : LongestPause;
}
