using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// The limits on this side: how many tasks run at once, and how fast creates follow each other. A slot is taken before a create and given back when this client
/// sees the task's end, when the create was refused, or when nobody has asked for the task for the options' wait time-out.
/// </summary>
internal sealed class SubmissionLimiter(Sora2ClientOptions options, SubmissionDrain drain) : IDisposable
{
    /// <summary>
    /// For which time a task that nobody asks for keeps its slot where waits have no time-out: an hour, which few tasks take.
    /// </summary>
    private static readonly TimeSpan DefaultExpiry = TimeSpan.FromHours(1);

    private readonly ConcurrencyLimiter? _slots = options.MaxRunningTasks is { } most
        ? new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst })
        : null;

    private readonly MinIntervalLimiter? _pace = options.MinCreateInterval > TimeSpan.Zero ? new MinIntervalLimiter(options.MinCreateInterval, options.TimeProvider) : null;
    private readonly ConcurrentDictionary<string, Slot> _running = new(StringComparer.Ordinal);

    /// <summary>Sends a create of a task when there is a slot and it is its turn.</summary>
    /// <param name="send">Sends it.</param>
    /// <param name="waiting">Called whenever it has to wait.</param>
    /// <param name="cancellationToken">Stops waiting; nothing was sent then.</param>
    public async Task<VideoTask> SubmitAsync(Func<CancellationToken, Task<VideoTask>> send, Action? waiting, CancellationToken cancellationToken)
    {
        using var slot = await TakeSlotAsync(waiting, cancellationToken).ConfigureAwait(false);
        await WaitForTurnAsync(waiting, cancellationToken).ConfigureAwait(false);
        try
        {
            var task = await send(cancellationToken).ConfigureAwait(false);
            slot?.KeepFor(task.IsCompleted ? null : task.Id);
            return task;
        }
        catch (Exception e) when (e is Sora2Exception { MayHaveBeenCharged: not false } or SubmissionCanceledException)
        {
            slot?.KeepFor((e as Sora2Exception)?.TaskId ?? Guid.NewGuid().ToString("N")); // It may be running, and perhaps nobody will see its end.
            throw;
        }
    }

    /// <summary>Waits until a create may follow the last one.</summary>
    public async ValueTask WaitForTurnAsync(Action? waiting, CancellationToken cancellationToken)
    {
        if (_pace is not null)
        {
            using var _ = await AcquireAsync(_pace, waiting, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Somebody asked for a task and it runs: it keeps its slot.</summary>
    public void Seen(string taskId)
    {
        if (_slots is not null && _running.TryGetValue(taskId, out var slot))
        {
            slot.Extend();
        }
    }

    /// <summary>Gives a task's slot back.</summary>
    public void Ended(string taskId)
    {
        if (_slots is not null && _running.TryRemove(taskId, out var slot))
        {
            slot.Free();
        }
    }

    public void Dispose()
    {
        foreach (var taskId in _running.Keys)
        {
            Ended(taskId);
        }

        _slots?.Dispose();
        _pace?.Dispose();
    }

    private async ValueTask<Slot?> TakeSlotAsync(Action? waiting, CancellationToken cancellationToken)
    {
        if (_slots is null)
        {
            return null;
        }

        return new Slot(this, await AcquireAsync(_slots, waiting, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<RateLimitLease> AcquireAsync(RateLimiter limiter, Action? waiting, CancellationToken cancellationToken)
    {
        var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return lease;
        }

        waiting?.Invoke();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Stopping);
        try
        {
            return await limiter.AcquireAsync(1, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            drain.ThrowIfStopping();
            throw;
        }
    }

    private sealed class Slot(SubmissionLimiter gate, RateLimitLease lease) : IDisposable
    {
        private ITimer? _expiry;
        private bool _isKept;
        private string? _taskId;

        /// <summary>Keeps the slot beyond the create, for a task that runs; null frees it.</summary>
        public void KeepFor(string? taskId)
        {
            if (taskId is null || !gate._running.TryAdd(taskId, this))
            {
                return;
            }

            (_isKept, _taskId) = (true, taskId);
            _expiry = gate.Clock.CreateTimer(static slot => ((Slot)slot!).Expire(), this, gate.Expiry, Timeout.InfiniteTimeSpan);
        }

        public void Extend() => _expiry?.Change(gate.Expiry, Timeout.InfiniteTimeSpan);

        public void Free()
        {
            _expiry?.Dispose();
            lease.Dispose();
        }

        private void Expire() => gate.Ended(_taskId!);

        public void Dispose()
        {
            if (!_isKept)
            {
                lease.Dispose();
            }
        }
    }

    private TimeProvider Clock => options.TimeProvider;

    private TimeSpan Expiry => options.WaitTimeout == Timeout.InfiniteTimeSpan ? DefaultExpiry : options.WaitTimeout;
}
