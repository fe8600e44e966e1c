using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Sora2.Sdk.Common;
using Sora2.Sdk.Polling;
using Sora2.Sdk.Videos;

namespace Sora2.Sdk.Batches;

/// <summary>
/// One run over many requests. Items are read one at a time, when one may soon start, and at most twice as many as may run are ahead of the caller: who stops to look at
/// results spends no more money. Whatever becomes of an item is told in it, so that no id is lost to an exception.
/// </summary>
internal sealed class Batch(
    VideoClient videos, IEnumerable<BatchItem> items, int? total, BatchOptions options, SaturationBackoff busy, CancellationToken cancellationToken)
    : IAsyncEnumerable<BatchItem>, IDisposable
{
    private readonly object _gate = new();
    private readonly Channel<BatchItem> _ended = Channel.CreateUnbounded<BatchItem>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _slots = new(options.MaxConcurrency);
    private readonly SemaphoreSlim _ahead = new(2 * options.MaxConcurrency);
    private readonly CancellationTokenSource _waits = new();
    private readonly CancellationTokenSource _creates = new();
    private readonly string? _directory = options.DownloadTo is { } path && !Path.EndsInDirectorySeparator(path) ? path + Path.DirectorySeparatorChar : options.DownloadTo;
    private int _wasStarted;
    private volatile bool _isLeft;
    private volatile Exception? _fault;
    private int _open = 1;
    private int _running;
    private int _downloading;
    private int _done;
    private int _failed;

    /// <summary>Refuses options that cannot be, before money is spent.</summary>
    public static void Check(BatchOptions options)
    {
        if (options.MaxConcurrency is < 1 or > int.MaxValue / 2)
        {
            throw new Sora2ValidationException(FormattableString.Invariant($"BatchOptions.MaxConcurrency is {options.MaxConcurrency}; it has to be 1 or more."));
        }

        if (options.DownloadTo is { } path && string.IsNullOrWhiteSpace(path))
        {
            throw new Sora2ValidationException("BatchOptions.DownloadTo is empty; give a directory, or null for no downloads.");
        }

        if (options.BusyTimeout != TimeSpan.Zero && !Sora2ClientOptionsValidation.IsDuration(options.BusyTimeout, mayBeInfinite: true))
        {
            throw new Sora2ValidationException(
                $"BatchOptions.BusyTimeout is {options.BusyTimeout}; it has to be zero (do not wait) to 24 days, or Timeout.InfiniteTimeSpan.");
        }

        TaskPoller.Check(options.Wait);
    }

    /// <summary>Whether resuming has something to do about an item.</summary>
    public static bool IsOpen(BatchItem item, BatchOptions options) => item.State != BatchItemState.Succeeded || (options.DownloadTo is not null && item.Video is null);

    public IAsyncEnumerator<BatchItem> GetAsyncEnumerator(CancellationToken cancellation = default)
    {
        if (Interlocked.Exchange(ref _wasStarted, 1) != 0)
        {
            throw new InvalidOperationException("This batch was run already; going through it again would create and pay for every video again. Keep its items, or start another batch.");
        }

        return RunAsync(cancellationToken).GetAsyncEnumerator(cancellation);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _ahead.Dispose();
        _creates.Dispose();
        _waits.Dispose();
    }

    private async IAsyncEnumerable<BatchItem> RunAsync([EnumeratorCancellation] CancellationToken token)
    {
        using var self = this;
        using var source = items.GetEnumerator();
        using var registration = token.UnsafeRegister(static batch => ((Batch)batch!).Stop(), this);
        _ = StartAllAsync(source);
        try
        {
            await foreach (var item in _ended.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                _ahead.Release();
                yield return item;
            }
        }
        finally
        {
            // The caller may have left in the middle. A create that was sent comes to its end all the same, so that its id reaches the progress.
            _isLeft = true;
            Stop();
            _ahead.Release();
            await foreach (var _ in _ended.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
            }
        }

        if (_fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private void Stop()
    {
        _creates.Cancel();
        _waits.Cancel();
    }

    private async Task StartAllAsync(IEnumerator<BatchItem> source)
    {
        try
        {
            while (true)
            {
                await _ahead.WaitAsync(CancellationToken.None).ConfigureAwait(false);

                // After a cancellation the rest is told as well; but a sequence that may have no end is not read for that.
                if (_isLeft || _fault is not null || (_waits.IsCancellationRequested && total is null) || !source.MoveNext())
                {
                    return;
                }

                var item = source.Current;
                Interlocked.Increment(ref _open);
                if (await HasTurnAsync(item).ConfigureAwait(false))
                {
                    _ = RunAsync(item);
                }
                else
                {
                    End(item);
                }
            }
        }
        catch (Exception e)
        {
            _fault ??= e; // The caller's sequence threw: what runs is brought to its end before the caller is told.
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Takes a slot for an item, unless there is nothing to do about it or nothing may start any more.</summary>
    private async Task<bool> HasTurnAsync(BatchItem item)
    {
        if (item.TaskId is null && !MayCreate(item))
        {
            return false;
        }

        try
        {
            await _slots.WaitAsync((MayCreate(item) ? _creates : _waits).Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Only what surely made no task that still counts is created. Everything else is waited for, or left to the caller.</summary>
    private bool MayCreate(BatchItem item) =>
        item.State == BatchItemState.Failed || (item.TaskId is null && (item.State == BatchItemState.NotStarted || options.CreateUnknownAgain));

    private async Task RunAsync(BatchItem item)
    {
        Count(ref _running, 1);
        item = await FinishAsync(item).ConfigureAwait(false);
        Count(ref _running, -1);
        if (options.StopOnFatal && item.Error is Sora2Exception { Kind: Sora2ErrorKind.Authentication or Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.Storage })
        {
            await _creates.CancelAsync().ConfigureAwait(false);
        }

        _slots.Release();
        if (item.State == BatchItemState.Succeeded && _directory is not null)
        {
            Count(ref _downloading, 1);
            item = await DownloadAsync(item).ConfigureAwait(false);
            Count(ref _downloading, -1);
        }

        End(item);
    }

    private async Task<BatchItem> FinishAsync(BatchItem item)
    {
        VideoTask? created = null;
        var earlier = item;
        if (item is { State: BatchItemState.Failed, TaskId: not null })
        {
            item = await AskAgainAsync(item).ConfigureAwait(false);
            if (item.Error is not null)
            {
                return item;
            }
        }

        if (MayCreate(item))
        {
            try
            {
                created = await CreateAsync(item).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_creates.IsCancellationRequested)
            {
                return earlier; // Nothing was taken.
            }
            catch (Exception e) when (e is Sora2Exception { Kind: Sora2ErrorKind.Stopping } or ObjectDisposedException)
            {
                await _creates.CancelAsync().ConfigureAwait(false);
                return earlier; // Nor will the rest be.
            }
            catch (Exception e)
            {
                // Only what was surely not taken may be created again.
                return item with
                {
                    State = e is not Sora2Exception { MayHaveBeenCharged: not false } failure ? BatchItemState.Failed
                        : failure.TaskId is not null && failure is not SubmissionUnknownException ? BatchItemState.Unfinished
                        : BatchItemState.SubmissionUnknown,
                    TaskId = (e as Sora2Exception)?.TaskId,
                    Task = null,
                    Error = e,
                };
            }

            item = item with { TaskId = created.Id, Task = created };
        }

        var answers = new Answers(this, item with { State = BatchItemState.Running, Error = null });
        try
        {
            var task = await videos.FinishAsync(item.TaskId!, created is null ? null : () => Task.FromResult(created), options.Wait, answers, _waits.Token).ConfigureAwait(false);
            return answers.Item with { State = BatchItemState.Succeeded, Task = task };
        }
        catch (VideoTaskFailedException e)
        {
            return answers.Item with { State = BatchItemState.Failed, Error = e };
        }
        catch (Exception e)
        {
            return answers.Item with { State = e is WaitCanceledException ? BatchItemState.Cancelled : BatchItemState.Unfinished, Error = e };
        }
    }

    /// <summary>
    /// Asks once more for the failed task of an earlier run, before another is paid for: what a relay called failed may have been made after
    /// all. Where that cannot be found out, the item stays as it is, with the reason.
    /// </summary>
    private async Task<BatchItem> AskAgainAsync(BatchItem item)
    {
        try
        {
            var now = await videos.GetAsync(item.TaskId!, _creates.Token).ConfigureAwait(false);
            return now.Status == VideoTaskStatus.Failed ? item with { Error = null } : item with { State = BatchItemState.Unfinished, Task = now, Error = null };
        }
        catch (Sora2Exception e) when (e.Kind == Sora2ErrorKind.TaskNotFound)
        {
            return item with { Error = null };
        }
        catch (Exception e)
        {
            return item with { Error = e };
        }
    }

    /// <summary>
    /// Creates an item. A platform that is busy does not use it up: all creates of the batch pause, and this one comes before those that
    /// have not begun, since it keeps its slot.
    /// </summary>
    private async Task<VideoTask> CreateAsync(BatchItem item)
    {
        while (true)
        {
            await busy.WaitAsync(_creates.Token).ConfigureAwait(false);
            var round = busy.Round;
            try
            {
                var created = await videos.SubmitAsync(item.Request, _creates.Token).ConfigureAwait(false);
                busy.Accepted();
                return created;
            }
            catch (Sora2Exception e) when (SaturationBackoff.IsBusy(e))
            {
                if (!busy.TryPause(e, round, item.Request.Prompt))
                {
                    if (options.StopOnFatal && options.BusyTimeout > TimeSpan.Zero)
                    {
                        await _creates.CancelAsync().ConfigureAwait(false); // The rest is not to be used up either.
                    }

                    throw;
                }

                Tell(item with { Error = e });
            }
        }
    }

    private async Task<BatchItem> DownloadAsync(BatchItem item)
    {
        try
        {
            return item with { Video = await videos.DownloadAsync(item.Task!, _directory!, options.Download, progress: null, _waits.Token).ConfigureAwait(false) };
        }
        catch (Exception e)
        {
            return item with { State = e is OperationCanceledException ? BatchItemState.Cancelled : BatchItemState.DownloadFailed, Error = e };
        }
    }

    private void Count(ref int number, int change)
    {
        lock (_gate)
        {
            number += change;
        }
    }

    private void End(BatchItem item)
    {
        if (item.State != BatchItemState.NotStarted)
        {
            lock (_gate)
            {
                _done++;
                _failed += item.State == BatchItemState.Succeeded ? 0 : 1;
                Tell(item);
            }
        }

        _ended.Writer.TryWrite(item);
        Close();
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _ended.Writer.Complete();
        }
    }

    private void Tell(BatchItem item)
    {
        lock (_gate)
        {
            try
            {
                var progress = new BatchProgress(item, total, _running, _downloading, _done, _failed) { PausedUntil = busy.PausedUntil };
                options.Progress?.Report(progress);
            }
            catch (Exception e)
            {
                _fault ??= e;
                _creates.Cancel();
            }
        }
    }

    /// <summary>What is learnt about an item while it is waited for.</summary>
    private sealed class Answers(Batch batch, BatchItem item) : IProgress<VideoTask>
    {
        public BatchItem Item { get; private set; } = item;

        public void Report(VideoTask value)
        {
            Item = Item with { Task = value };
            batch.Tell(Item);
        }
    }
}
