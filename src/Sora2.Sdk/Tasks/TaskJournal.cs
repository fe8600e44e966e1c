using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sora2.Sdk;

/// <summary>Writes what happens to a client's tasks into its store: the intent before a paid request is sent, the id right after, the outcome and the file at the end.</summary>
[SuppressMessage("Design", "CA1001", Justification = "See _turn")]
internal sealed class TaskJournal(ITaskStore store, Sora2Platform platform, string client, ClientTelemetry telemetry)
{
    /// <summary>What this process is sending at the moment, by store: several clients may use one. These intents are not lost.</summary>
    private static readonly ConditionalWeakTable<ITaskStore, ConcurrentDictionary<string, bool>> BeingSent = [];

    private readonly ConcurrentDictionary<string, bool> _beingSent = BeingSent.GetValue(store, static _ => new ConcurrentDictionary<string, bool>(StringComparer.Ordinal));

    /// <summary>One change at a time: a record goes forward only. Never disposed: whoever waits for it would wait for ever, and it holds nothing.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Sends a paid request whose intent is durable.</summary>
    /// <param name="kind">What is asked for.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="model">The model.</param>
    /// <param name="duration">The length.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<VideoTask> SubmitAsync(TaskRecordKind kind, string prompt, string? model, TimeSpan? duration, Func<CancellationToken, Task<VideoTask>> send, CancellationToken cancellationToken)
    {
        var now = telemetry.Clock.GetUtcNow();
        var intent = new TaskRecord
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmssfff}-{Guid.NewGuid():N}"),
            Platform = platform.Name,
            Client = client,
            Kind = kind,
            State = TaskRecordState.Submitting,
            Prompt = prompt,
            Model = model,
            Duration = duration,
            CreatedAt = now,
            UpdatedAt = now,
        };
        _beingSent[intent.Key] = true;
        try
        {
            await SaveIntentAsync(intent, cancellationToken).ConfigureAwait(false);
            return await SendAsync(intent, send, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _beingSent.TryRemove(intent.Key, out _);
        }
    }

    /// <summary>The task's end was seen.</summary>
    public Task EndedAsync(VideoTask task) => AdvanceAsync(
        task,
        $"is {task.Status}",
        // A failure that was taken back: the platform has the video after all, and it was paid for.
        record => record.State is TaskRecordState.Running or TaskRecordState.Unknown || (record.State == TaskRecordState.Failed && task.Status == VideoTaskStatus.Succeeded),
        record => record with { State = task.Status == VideoTaskStatus.Failed ? TaskRecordState.Failed : TaskRecordState.Completed, Error = task.FailureReason });

    /// <summary>The video is where it was wanted.</summary>
    public Task DownloadedAsync(VideoTask task, DownloadedVideo video) => AdvanceAsync(
        task,
        $"was downloaded whole{(video.Path is null ? "" : $" to \"{video.Path}\"")}",
        _ => true,
        record => record with { State = TaskRecordState.Downloaded, Path = video.Path, Bytes = video.Bytes, Error = null });

    /// <summary>Takes up what is neither downloaded nor at an end. Creates nothing.</summary>
    /// <param name="wait">Waits for a task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async IAsyncEnumerable<ResumedTask> ResumeAsync(Func<string, CancellationToken, Task<VideoTask>> wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (lost, accepted) = await OpenAsync(cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arrivals = Channel.CreateUnbounded<ResumedTask>();
        var end = Task.CompletedTask;
        try
        {
            foreach (var record in lost)
            {
                yield return new ResumedTask { Record = record, Error = SubmissionUnknownException.For(platform, record) };
            }

            end = Task.WhenAll(accepted.Select(WaitAsync)).ContinueWith(_ => arrivals.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await foreach (var arrival in arrivals.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return arrival;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await end.ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();

        async Task WaitAsync(TaskRecord record)
        {
            try
            {
                arrivals.Writer.TryWrite(await ResumedAsync(record).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The record stays; the next call takes it up.
            }
            catch (Exception e)
            {
                // The caller's progress, or the store: nobody waits half an hour to be told.
                arrivals.Writer.TryComplete(e);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        async Task<ResumedTask> ResumedAsync(TaskRecord record)
        {
            VideoTask? task = null;
            Sora2Exception? error = null;
            try
            {
                task = await wait(record.TaskId!, stop.Token).ConfigureAwait(false);
            }
            catch (Sora2Exception e)
            {
                error = e;
            }

            var now = await InStoreAsync(() => store.FindAsync(record.Platform, record.TaskId!, CancellationToken.None)).ConfigureAwait(false);
            return new ResumedTask { Record = now ?? record, Task = task, Error = error };
        }
    }

    /// <summary>What is open: the records of which nobody knows whether they were accepted, and those with an id.</summary>
    private async Task<(IReadOnlyList<TaskRecord> Lost, IReadOnlyList<TaskRecord> Accepted)> OpenAsync(CancellationToken cancellationToken)
    {
        var before = await InStoreAsync(() => store.ListAsync(cancellationToken)).ConfigureAwait(false);
        var notBeingSent = before.Where(record => !_beingSent.ContainsKey(record.Key)).Select(record => record.Key).ToHashSet(StringComparer.Ordinal);

        // Looked at once more: what was being sent at the first look may have its id by now, and is let go of only once that is written.
        var now = await InStoreAsync(() => store.ListAsync(cancellationToken)).ConfigureAwait(false);
        var open = now.Where(record => notBeingSent.Contains(record.Key) && IsOpen(record)).ToList();
        var lost = new List<TaskRecord>();
        foreach (var record in open.Where(record => record.TaskId is null))
        {
            lost.Add(record.State == TaskRecordState.Submitting ? await LostAsync(record).ConfigureAwait(false) : record);
        }

        return (lost, open.FindAll(record => record.TaskId is not null));
    }

    private bool IsOpen(TaskRecord record) =>
        ((record.Platform == platform.Name && record.Client == client) || record.Platform.Length == 0) // the last: a file that could not be read
        && record.State is TaskRecordState.Submitting or TaskRecordState.Unknown or TaskRecordState.Running or TaskRecordState.Completed;

    private async Task<TaskRecord> LostAsync(TaskRecord record)
    {
        var unknown = record with { State = TaskRecordState.Unknown, UpdatedAt = telemetry.Clock.GetUtcNow(), Error = "The process ended before an answer came." };
        await InStoreAsync(async () =>
        {
            await store.SaveAsync(unknown).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        return unknown;
    }

    private async Task<T> InStoreAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (Sora2Exception or OperationCanceledException))
        {
            throw new Sora2Exception(Sora2ErrorKind.Storage, $"The record of what was submitted cannot be used: {Sentence.Ended(e.Message)}", e) { Platform = platform.Name };
        }
    }

    private async Task SaveIntentAsync(TaskRecord intent, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(intent, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // It may be durable all the same; nothing was sent, and nobody shall look for it.
            await TrySaveAsync(intent with { State = TaskRecordState.Refused, Error = e.Message }).ConfigureAwait(false);
            throw e is OperationCanceledException ? e : new Sora2Exception(Sora2ErrorKind.Storage, $"The request could not be recorded, and was not sent: {Sentence.Ended(e.Message)}", e) { Platform = platform.Name, MayHaveBeenCharged = false };
        }
    }

    private async Task<VideoTask> SendAsync(TaskRecord intent, Func<CancellationToken, Task<VideoTask>> send, CancellationToken cancellationToken)
    {
        VideoTask task;
        try
        {
            task = await send(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A record that cannot be written stays an intent, and is reported as unknown: the error that is told is the more important one.
            await TrySaveAsync(intent with { State = IsSurelyNotTaken(e) ? TaskRecordState.Refused : TaskRecordState.Unknown, TaskId = (e as SubmissionUnknownException)?.TaskId, Error = e.Message }).ConfigureAwait(false);
            throw;
        }

        try
        {
            var state = task.Status == VideoTaskStatus.Failed ? TaskRecordState.Failed : task.IsCompleted ? TaskRecordState.Completed : TaskRecordState.Running;
            await SaveAsync(intent with { State = state, TaskId = task.Id, Error = task.FailureReason }).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw NotRecorded(task, "was accepted", e);
        }

        return task;
    }

    private async Task AdvanceAsync(VideoTask task, string what, Func<TaskRecord, bool> applies, Func<TaskRecord, TaskRecord> change)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (await store.FindAsync(task.Platform, task.Id).ConfigureAwait(false) is { } record && applies(record))
            {
                await SaveAsync(change(record)).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            throw NotRecorded(task, what, e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Not cancelled: what has happened is written down.</summary>
    private Task SaveAsync(TaskRecord record) => store.SaveAsync(record with { UpdatedAt = telemetry.Clock.GetUtcNow() });

    private async Task TrySaveAsync(TaskRecord record)
    {
        try
        {
            await SaveAsync(record).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            telemetry.Log.RecordNotWritten(telemetry.Account, record.Key, telemetry.Reason(e));
        }
    }

    private static bool IsSurelyNotTaken(Exception e) => e is Sora2Exception { MayHaveBeenCharged: false } or ArgumentException or ObjectDisposedException or OperationCanceledException and not SubmissionCanceledException;

    private Sora2Exception NotRecorded(VideoTask task, string what, Exception cause) =>
        new(Sora2ErrorKind.Storage, $"Task {task.Id} on {platform.Title} {what}, but that could not be recorded: {Sentence.Ended(cause.Message)} Do not create it again: WaitAsync(\"{task.Id}\") goes on.", cause)
        {
            Platform = platform.Name,
            TaskId = task.Id,
            MayHaveBeenCharged = true,
        };
}
