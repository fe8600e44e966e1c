namespace Sora2.Sdk.Batches;

/// <summary>Brings one item of a batch to its end: creates its task if needed, waits for it, and downloads the video.</summary>
/// <remarks>What goes wrong is stored on the item, so that no task id is lost to an exception.</remarks>
internal sealed class BatchItemRunner(
    IBatchClient client,
    BatchOptions options,
    SaturationBackoff backoff,
    BatchReporter reporter,
    BatchStop stop)
{
    private readonly string? _directory = options.DownloadTo is { } path && !Path.EndsInDirectorySeparator(path)
        ? path + Path.DirectorySeparatorChar
        : options.DownloadTo;

    /// <summary>Whether a task may be created for an item: only if it surely has none, or a failed one.</summary>
    /// <remarks>All other items are waited for, or left to the caller.</remarks>
    public bool MayCreate(BatchItem item) => item.State == BatchItemState.Failed
        || (item.TaskId is null && (item.State == BatchItemState.NotStarted || options.CreateUnknownAgain));

    /// <summary>Creates the item's task if needed, and waits for it.</summary>
    public async Task<BatchItem> FinishAsync(BatchItem item)
    {
        var original = item;
        if (item is { State: BatchItemState.Failed, TaskId: not null })
        {
            item = await QueryFailedAsync(item).ConfigureAwait(false);
            if (item.Error is not null)
            {
                return item;
            }
        }

        VideoTask? created = null;
        if (MayCreate(item))
        {
            try
            {
                created = await CreateAsync(item).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.Creates.IsCancellationRequested)
            {
                return original; // Nothing was sent.
            }
            catch (Exception e) when (e is Sora2Exception { Kind: Sora2ErrorKind.Stopping } or ObjectDisposedException)
            {
                await stop.Creates.CancelAsync().ConfigureAwait(false); // All further creates would fail as well.
                return original;
            }
            catch (Exception e)
            {
                return NotCreated(item, e);
            }
        }

        return await WaitAsync(item, created).ConfigureAwait(false);
    }

    /// <summary>Downloads the video of an item that succeeded, if the batch downloads.</summary>
    public async Task<BatchItem> DownloadAsync(BatchItem item)
    {
        if (item.State != BatchItemState.Succeeded || _directory is null)
        {
            return item;
        }

        reporter.AddDownloading(1);
        try
        {
            var video = await client.DownloadAsync(item.Task!, _directory, options.Download, progress: null, stop.Waits.Token)
                .ConfigureAwait(false);
            return item with { Video = video };
        }
        catch (Exception e)
        {
            var state = e is OperationCanceledException ? BatchItemState.Cancelled : BatchItemState.DownloadFailed;
            return item with { State = state, Error = e };
        }
        finally
        {
            reporter.AddDownloading(-1);
        }
    }

    /// <summary>Queries the failed task of an earlier run before another one is paid for.</summary>
    /// <remarks>
    /// A task that a relay reported as failed may have succeeded after all. If the query fails, the item stays as it is, with the error.
    /// </remarks>
    private async Task<BatchItem> QueryFailedAsync(BatchItem item)
    {
        try
        {
            var task = await client.GetAsync(item.TaskId!, stop.Creates.Token).ConfigureAwait(false);
            return task.Status == VideoTaskStatus.Failed
                ? item with { Error = null }
                : item with { State = BatchItemState.Unfinished, Task = task, Error = null };
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

    /// <summary>Creates the item's task.</summary>
    /// <remarks>
    /// While the platform is busy all creates of the batch pause; this one keeps its slot, and so comes before those that have not begun.
    /// </remarks>
    private async Task<VideoTask> CreateAsync(BatchItem item)
    {
        while (true)
        {
            await backoff.WaitAsync(stop.Creates.Token).ConfigureAwait(false);
            var round = backoff.Round;
            try
            {
                var created = await client.SubmitAsync(item.Request, stop.Creates.Token).ConfigureAwait(false);
                backoff.Accepted();
                return created;
            }
            catch (Sora2Exception e) when (SaturationBackoff.IsBusy(e))
            {
                if (!backoff.TryPause(e, round, item.Request.Prompt))
                {
                    if (options.StopOnFatal && options.BusyTimeout > TimeSpan.Zero)
                    {
                        await stop.Creates.CancelAsync().ConfigureAwait(false); // The other items would fail in the same way.
                    }

                    throw;
                }

                reporter.Report(item with { Error = e });
            }
        }
    }

    /// <summary>The item after a failed create: failed, and to be created again, only if the request was surely not accepted.</summary>
    private static BatchItem NotCreated(BatchItem item, Exception e)
    {
        var state = e is not Sora2Exception { MayHaveBeenCharged: not false } failure ? BatchItemState.Failed
            : failure.TaskId is not null && failure is not SubmissionUnknownException ? BatchItemState.Unfinished
            : BatchItemState.SubmissionUnknown;
        return item with { State = state, TaskId = (e as Sora2Exception)?.TaskId, Task = null, Error = e };
    }

    private async Task<BatchItem> WaitAsync(BatchItem item, VideoTask? created)
    {
        item = item with { State = BatchItemState.Running, TaskId = created?.Id ?? item.TaskId, Task = created ?? item.Task, Error = null };
        var progress = new ItemProgress(reporter, item);
        try
        {
            var waiting = created is null
                ? client.WaitAsync(item.TaskId!, options.Wait, progress, stop.Waits.Token)
                : client.WaitAsync(created, options.Wait, progress, stop.Waits.Token);
            return progress.Item with { State = BatchItemState.Succeeded, Task = await waiting.ConfigureAwait(false) };
        }
        catch (VideoTaskFailedException e)
        {
            return progress.Item with { State = BatchItemState.Failed, Error = e };
        }
        catch (Exception e)
        {
            var state = e is WaitCanceledException ? BatchItemState.Cancelled : BatchItemState.Unfinished;
            return progress.Item with { State = state, Error = e };
        }
    }

    /// <summary>Keeps the latest state of an item while it is waited for.</summary>
    private sealed class ItemProgress(BatchReporter reporter, BatchItem item) : IProgress<VideoTask>
    {
        public BatchItem Item { get; private set; } = item;

        public void Report(VideoTask value)
        {
            Item = Item with { Task = value };
            reporter.Report(Item);
        }
    }
}
