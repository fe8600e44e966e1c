using System.Collections.Concurrent;
using Sora2.Sdk.Common;
using Sora2.Sdk.Downloads;
using Sora2.Sdk.Submissions;

namespace Sora2.Sdk.Batches;

/// <summary>Brings one item of a batch to its end: creates its task if needed, waits for it, and downloads the video.</summary>
/// <remarks>What goes wrong is stored on the item, so that no task id is lost to an exception.</remarks>
internal sealed class BatchItemRunner(
    IBatchClient client,
    BatchOptions options,
    Attempting how,
    SaturationBackoff backoff,
    BatchReporter reporter,
    BatchStop stop)
{
    /// <summary>The creates of this batch by key: two items with one key are one task.</summary>
    private readonly ConcurrentDictionary<string, (string Fingerprint, Lazy<Task<VideoTask>> Create)> _creates =
        new(StringComparer.Ordinal);

    /// <summary>The downloads of items with a key by file: two items with one task have one file.</summary>
    private readonly ConcurrentDictionary<string, Lazy<Task<DownloadedVideo>>> _downloads = new(StringComparer.Ordinal);

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
                created = await CreateOnceAsync(item).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (e is not SubmissionCanceledException && stop.Creates.IsCancellationRequested)
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

        return created?.Record is { } record && FileOf(record) is { } video
            ? item with { State = BatchItemState.Succeeded, Handle = created.Handle, VideoTask = created, Video = video, Error = null }
            : await WaitAsync(item, created).ConfigureAwait(false);
    }

    /// <summary>Downloads the video of an item that succeeded, if the batch downloads.</summary>
    public async Task<BatchItem> DownloadAsync(BatchItem item)
    {
        if (item.State != BatchItemState.Succeeded || item.Video is not null || options.DownloadTo is not { } directory)
        {
            return item;
        }

        reporter.AddDownloading(1);
        try
        {
            var path = VideoFileName.In(directory, item.VideoTask!, options.Download ?? new DownloadOptions());
            var download = new Lazy<Task<DownloadedVideo>>(
                () => client.DownloadAsync(item.VideoTask!, path, options.Download, progress: null, stop.Waits.Token));
            download = item.Request.Key is null ? download : _downloads.GetOrAdd(path, download);
            return item with { Video = await download.Value.ConfigureAwait(false) };
        }
        catch (Exception e)
        {
            var state = e is OperationCanceledException ? BatchItemState.Canceled : BatchItemState.DownloadFailed;
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
            var task = await client.GetAsync(item.Handle!, stop.Creates.Token).ConfigureAwait(false);
            return task.Status == VideoTaskStatus.Failed
                ? item with { Error = null }
                : item with { State = BatchItemState.Unfinished, VideoTask = task, Error = null };
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

    /// <summary>Creates the item's task, or waits for the create of an item with the same key.</summary>
    private Task<VideoTask> CreateOnceAsync(BatchItem item)
    {
        if (item.Request.Key is not { } key)
        {
            return CreateAsync(item);
        }

        var own = (Fingerprint: RequestFingerprint.Of(item.Request), Create: new Lazy<Task<VideoTask>>(() => CreateAsync(item)));
        var first = _creates.GetOrAdd(key, own);
        return first.Fingerprint == own.Fingerprint
            ? first.Create.Value
            : throw new Sora2ValidationException(
                $"The key \"{LogSanitizer.SingleLine(key)}\" belongs to another request of this batch. Nothing was sent. Use another key.");
    }

    /// <summary>Returns the file that an earlier run of the batch has downloaded to the same directory.</summary>
    private DownloadedVideo? FileOf(TaskRecord record) =>
        record is { State: TaskRecordState.Downloaded, Path: { } path } && options.DownloadTo is { } directory
        && Path.GetDirectoryName(path) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))
        && new FileInfo(path) is { Exists: true } file && file.Length == record.Length
            ? new DownloadedVideo { TaskId = record.TaskId!, Path = path, Length = file.Length }
            : null;

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
                var created = await client.SubmitAsync(item.Request, how, stop.Creates.Token).ConfigureAwait(false);
                backoff.Accepted();
                return created;
            }
            catch (Sora2Exception e) when (SaturationBackoff.IsBusy(e))
            {
                if (!backoff.TryPause(e, round, item.Request.GetPrompt()))
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
        var state = e switch
        {
            VideoTaskFailedException => BatchItemState.Failed, // of an earlier create with the item's key
            SubmissionUnknownException or SubmissionCanceledException => BatchItemState.SubmissionUnknown,
            Sora2Exception { MayHaveBeenCharged: not false, TaskId: not null } => BatchItemState.Unfinished,
            Sora2Exception { MayHaveBeenCharged: not false } => BatchItemState.SubmissionUnknown,
            _ => BatchItemState.Failed,
        };
        return item with { State = state, Handle = HandleOf(e), VideoTask = (e as VideoTaskFailedException)?.VideoTask, Error = e };
    }

    /// <summary>The task that an error names. Only a router's error names the account; another is of the batch's client.</summary>
    private static TaskHandle? HandleOf(Exception e) => e is not Sora2Exception { TaskId: { } taskId } error ? null
        : error.ClientName is null ? new TaskHandle(taskId)
        : new TaskHandle(taskId) { PlatformName = error.PlatformName, ClientName = error.ClientName };

    private async Task<BatchItem> WaitAsync(BatchItem item, VideoTask? created)
    {
        item = item with
        {
            State = BatchItemState.Running,
            Handle = created?.Handle ?? item.Handle,
            VideoTask = created ?? item.VideoTask,
            Error = null,
        };
        var progress = new ItemProgress(reporter, item);
        try
        {
            var waiting = created is null
                ? client.WaitAsync(item.Handle!, options.Wait, progress, stop.Waits.Token)
                : client.WaitCreatedAsync(created, options.Wait, progress, stop.Waits.Token);
            return progress.Item with { State = BatchItemState.Succeeded, VideoTask = await waiting.ConfigureAwait(false) };
        }
        catch (VideoTaskFailedException e)
        {
            return progress.Item with { State = BatchItemState.Failed, Error = e };
        }
        catch (Exception e)
        {
            var state = e is WaitCanceledException ? BatchItemState.Canceled : BatchItemState.Unfinished;
            return progress.Item with { State = state, Error = e };
        }
    }

    /// <summary>Keeps the latest state of an item while it is waited for.</summary>
    private sealed class ItemProgress(BatchReporter reporter, BatchItem item) : IProgress<VideoTask>
    {
        public BatchItem Item { get; private set; } = item;

        public void Report(VideoTask value)
        {
            Item = Item with { VideoTask = value };
            reporter.Report(Item);
        }
    }
}
