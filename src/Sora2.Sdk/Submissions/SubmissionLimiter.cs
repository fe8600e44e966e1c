using System.Threading.RateLimiting;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Submissions;

/// <summary>The client's own limits: how many tasks run at once, and how fast creates follow each other.</summary>
/// <remarks>
/// A slot is released when this client sees the task's end, when the create was refused, or when the task was not polled for the options'
/// wait timeout.
/// </remarks>
internal sealed class SubmissionLimiter(Sora2ClientOptions options, KnownTasks tasks, SubmissionDrain drain) : IDisposable
{
    /// <summary>How long an unpolled task keeps its slot where waits have no timeout; few tasks take longer.</summary>
    private static readonly TimeSpan DefaultExpiry = TimeSpan.FromHours(1);

    private readonly ConcurrencyLimiter? _slots = options.MaxRunningTasks is { } most
        ? new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = most,
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        })
        : null;

    private readonly MinIntervalLimiter? _interval = options.MinCreateInterval > TimeSpan.Zero
        ? new MinIntervalLimiter(options.MinCreateInterval, options.TimeProvider)
        : null;

    private TimeProvider Clock => options.TimeProvider;

    private KnownTasks Tasks => tasks;

    private TimeSpan Expiry => options.WaitTimeout == Timeout.InfiniteTimeSpan ? DefaultExpiry : options.WaitTimeout;

    /// <summary>Waits for a place among the running tasks, if one comes of the request.</summary>
    /// <returns>The slot. Disposing it releases it, unless it was transferred to a task.</returns>
    public async ValueTask<Slot> AcquireSlotAsync(PaidRequest request, CancellationToken cancellationToken)
    {
        var lease = _slots is null || request.RecordKind == TaskRecordKind.Character
            ? null
            : await AcquireAsync(_slots, request.How.OnWaiting, cancellationToken).ConfigureAwait(false);
        return new Slot(this, lease);
    }

    /// <summary>Waits for the interval between two creates.</summary>
    public async ValueTask WaitForIntervalAsync(PaidRequest request, CancellationToken cancellationToken)
    {
        if (_interval is not null)
        {
            using var _ = await AcquireAsync(_interval, request.How.OnWaiting, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _slots?.Dispose();
        _interval?.Dispose();
    }

    private async ValueTask<RateLimitLease> AcquireAsync(RateLimiter limiter, Action? onWaiting, CancellationToken cancellationToken)
    {
        var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return lease;
        }

        onWaiting?.Invoke();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Stopping);
        try
        {
            return await limiter.AcquireAsync(1, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw drain.StoppedException();
        }
    }

    /// <summary>The place of one create among the running tasks.</summary>
    internal sealed class Slot(SubmissionLimiter limiter, RateLimitLease? lease) : IRunningSlot, IDisposable
    {
        private ITimer? _expiry;
        private bool _isTransferred;

        /// <summary>Leaves the slot to a task that runs.</summary>
        public void TransferTo(VideoTask task)
        {
            if (!task.IsFinal)
            {
                TransferTo(task.Id);
            }
        }

        /// <summary>
        /// Leaves the slot to a task that may be running, and whose end may never be seen, if the failure leaves that open.
        /// </summary>
        public void TransferTo(Exception failure)
        {
            if (failure is Sora2Exception { MayHaveBeenCharged: not false } or SubmissionCanceledException)
            {
                TransferTo((failure as Sora2Exception)?.TaskId ?? Guid.NewGuid().ToString("N"));
            }
        }

        public void Extend() => _expiry?.Change(limiter.Expiry, Timeout.InfiniteTimeSpan);

        public void Release()
        {
            _expiry?.Dispose();
            lease?.Dispose();
        }

        public void Dispose()
        {
            if (!_isTransferred)
            {
                lease?.Dispose();
            }
        }

        private void TransferTo(string taskId)
        {
            if (lease is not null && limiter.Tasks.FindOrAdd(taskId) is var task && task.TryTakeSlot(this))
            {
                _isTransferred = true;
                _expiry = limiter.Clock.CreateTimer(_ => task.ReleaseSlot(), state: null, limiter.Expiry, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
