using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Batches;

/// <summary>Pauses the creates of one batch while the platform is busy.</summary>
/// <remarks>
/// The pause is shared: when one create is refused, none is sent until it is over. Each round of refusals doubles it, up to a minute; a
/// longer <c>Retry-After</c> of the platform is kept. An accepted create resets it.
/// </remarks>
internal sealed class SaturationBackoff(ClientContext context, TimeSpan timeout)
{
    /// <summary>The first pause as a multiple of the client's retry delay, whose retries have failed by then.</summary>
    private const int FirstFactor = 5;

    /// <summary>The random addition to a pause, as a share of it.</summary>
    private const double Jitter = 0.1;
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private readonly object _gate = new();
    private readonly TimeSpan _longest = Max(context.Options.RetryDelay, MaxPause);
    private TimeSpan _next = FirstPause(context.Options);
    private DateTimeOffset? _busySince;
    private DateTimeOffset? _pausedUntil;
    private int _round;

    /// <summary>The number of pauses so far.</summary>
    /// <remarks>The refusal of a create that began before the latest pause does not lengthen it.</remarks>
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

    /// <summary>When creates resume; null while they are not paused.</summary>
    public DateTimeOffset? PausedUntil
    {
        get
        {
            lock (_gate)
            {
                return _pausedUntil > Now ? _pausedUntil : null;
            }
        }
    }

    private ClientTelemetry Telemetry => context.Telemetry;

    private DateTimeOffset Now => context.Clock.GetUtcNow();

    /// <summary>Whether an error means that the platform is busy or out of reach and accepted nothing.</summary>
    public static bool IsBusy(Sora2Exception e) => RetryPolicies.WasNotTaken(e) && e.TaskId is null;

    /// <summary>Waits until creates are not paused.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (PausedUntil is { } until)
        {
            // Rounded up: timers cut off fractions of a millisecond.
            var left = Math.Ceiling((until - Now).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(left, 1)), context.Clock, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Resets the pause, since a create was accepted.</summary>
    public void Accepted()
    {
        lock (_gate)
        {
            (_busySince, _next) = (null, FirstPause(context.Options));
        }
    }

    /// <summary>Begins a pause, or lengthens the current one.</summary>
    /// <param name="e">The refusal.</param>
    /// <param name="round">The <see cref="Round"/> in which the refused create began.</param>
    /// <param name="prompt">The prompt, which the refusal may quote.</param>
    /// <returns>False if the platform was busy for longer than the timeout, or asks for a longer pause than is left of it.</returns>
    public bool TryPause(Sora2Exception e, int round, string prompt)
    {
        if (timeout == TimeSpan.Zero)
        {
            return false;
        }

        var prompts = new PromptTexts([prompt]);
        TimeSpan pause;
        lock (_gate)
        {
            var now = Now;
            var end = timeout == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : (_busySince ??= now) + timeout;
            var isNew = round == _round || !(_pausedUntil > now);
            pause = isNew ? _next * (1 + context.Jitter.UpTo(Jitter)) : TimeSpan.Zero;
            if (e.RetryAfter is { } wanted && wanted > pause)
            {
                pause = wanted;
            }

            if (now >= end || e.RetryAfter > end - now)
            {
                Telemetry.Log.BatchBusyTimedOut(Telemetry.Account, timeout.TotalSeconds, Telemetry.Reason(e, prompts));
                return false;
            }

            var until = pause > end - now ? end : now + pause;
            if (!(until > (_pausedUntil ?? now)))
            {
                return true; // The current pause is long enough.
            }

            (_pausedUntil, _round, pause) = (until, isNew ? _round + 1 : _round, until - now);
            if (isNew)
            {
                _next = Min(_next * 2, _longest);
            }
        }

        Telemetry.Log.BatchPaused(Telemetry.Account, pause.TotalSeconds, Telemetry.Reason(e, prompts));
        return true;
    }

    private static TimeSpan FirstPause(Sora2ClientOptions options) =>
        Min(options.RetryDelay * FirstFactor, Max(options.RetryDelay, MaxPause));

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
