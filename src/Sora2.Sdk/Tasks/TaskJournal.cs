using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sora2.Sdk;

/// <summary>Writes what happens to a client's tasks into its store: the intent before a paid request is sent, the id right after, the outcome and the file at the end.</summary>
internal sealed class TaskJournal(ITaskStore store, Sora2Platform platform, string client, TimeProvider clock) : IDisposable
{
    /// <summary>What this client itself is sending at the moment: not lost.</summary>
    private readonly ConcurrentDictionary<string, bool> _beingSent = new(StringComparer.Ordinal);

    /// <summary>One change at a time: a record goes forward only.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Sends a paid request whose intent is durable.</summary>
    /// <param name="kind">What is asked for.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="model">The model.</param>
    /// <param name="duration">The length.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="finishesOnceSent">Whether a request that has left is brought to its answer even if it is cancelled.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<VideoTask> SubmitAsync(TaskRecordKind kind, string prompt, string? model, TimeSpan? duration, Func<CancellationToken, Task<VideoTask>> send, bool finishesOnceSent, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
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
            return await SendAsync(intent, send, finishesOnceSent, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _beingSent.TryRemove(intent.Key, out _);
        }
    }

    /// <summary>The task's end was seen.</summary>
    public Task EndedAsync(VideoTask task) => AdvanceAsync(
        task,
        record => record.State is TaskRecordState.Running or TaskRecordState.Unknown,
        record => record with { State = task.Status == VideoTaskStatus.Failed ? TaskRecordState.Failed : TaskRecordState.Completed, Error = task.FailureReason });

    /// <summary>The video is where it was wanted.</summary>
    public Task DownloadedAsync(VideoTask task, DownloadedVideo video) => AdvanceAsync(
        task,
        _ => true,
        record => record with { State = TaskRecordState.Downloaded, Path = video.Path, Bytes = video.Bytes, Error = null });

    /// <summary>Takes up what is neither downloaded nor at an end. Creates nothing.</summary>
    /// <param name="wait">Waits for a task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async IAsyncEnumerable<ResumedTask> ResumeAsync(Func<string, CancellationToken, Task<VideoTask>> wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arrivals = Channel.CreateUnbounded<ResumedTask>();
        var waiting = new List<Task>();
        foreach (var record in await store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!IsOpen(record))
            {
                continue;
            }

            if (record.TaskId is null)
            {
                yield return await LostAsync(record).ConfigureAwait(false);
                continue;
            }

            waiting.Add(WaitAsync(record));
        }

        var all = Task.WhenAll(waiting);
        var end = all.ContinueWith(done => arrivals.Writer.Complete(done.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
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
                var task = await wait(record.TaskId!, stop.Token).ConfigureAwait(false);
                arrivals.Writer.TryWrite(new ResumedTask { Record = await NowAsync(record).ConfigureAwait(false), Task = task });
            }
            catch (Sora2Exception e)
            {
                arrivals.Writer.TryWrite(new ResumedTask { Record = await NowAsync(record).ConfigureAwait(false), Error = e });
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The record stays; the next call takes it up.
            }
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool IsOpen(TaskRecord record) =>
        (record.Platform == platform.Name && record.Client == client || record.Platform.Length == 0)
        && record.State is TaskRecordState.Submitting or TaskRecordState.Unknown or TaskRecordState.Running or TaskRecordState.Completed
        && !_beingSent.ContainsKey(record.Key);

    private async Task<ResumedTask> LostAsync(TaskRecord record)
    {
        if (record.State == TaskRecordState.Submitting)
        {
            record = record with { State = TaskRecordState.Unknown, UpdatedAt = clock.GetUtcNow(), Error = "The process ended before an answer came." };
            await store.SaveAsync(record).ConfigureAwait(false);
        }

        return new ResumedTask { Record = record, Error = SubmissionUnknownException.For(platform, record) };
    }

    private async Task<TaskRecord> NowAsync(TaskRecord record) => await store.FindAsync(record.Platform, record.TaskId!).ConfigureAwait(false) ?? record;

    private async Task SaveIntentAsync(TaskRecord intent, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(intent, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new Sora2Exception(Sora2ErrorKind.Storage, $"The request could not be recorded, and was not sent: {Sentence.Ended(e.Message)}", e) { Platform = platform.Name, MayHaveBeenCharged = false };
        }
    }

    private async Task<VideoTask> SendAsync(TaskRecord intent, Func<CancellationToken, Task<VideoTask>> send, bool finishesOnceSent, CancellationToken cancellationToken)
    {
        VideoTask task;
        try
        {
            task = await send(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A record that cannot be written stays an intent, and is reported as unknown: the error that is told is the more important one.
            await TrySaveAsync(intent with { State = IsSurelyNotTaken(e, finishesOnceSent) ? TaskRecordState.Refused : TaskRecordState.Unknown, TaskId = (e as SubmissionUnknownException)?.TaskId, Error = e.Message }).ConfigureAwait(false);
            throw;
        }

        try
        {
            await SaveAsync(intent with { State = TaskRecordState.Running, TaskId = task.Id }).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw NotRecorded(task, "was accepted", e);
        }

        return task;
    }

    private async Task AdvanceAsync(VideoTask task, Func<TaskRecord, bool> applies, Func<TaskRecord, TaskRecord> change)
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
            throw NotRecorded(task, $"is {task.Status}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Not cancelled: what has happened is written down.</summary>
    private Task SaveAsync(TaskRecord record) => store.SaveAsync(record with { UpdatedAt = clock.GetUtcNow() });

    private async Task TrySaveAsync(TaskRecord record)
    {
        try
        {
            await SaveAsync(record).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // See the caller.
        }
    }

    /// <summary>A cancelled create may have been sent, unless one that was sent is not given up.</summary>
    private static bool IsSurelyNotTaken(Exception e, bool finishesOnceSent) =>
        e is Sora2Exception { MayHaveBeenCharged: false } or ArgumentException or ObjectDisposedException || (finishesOnceSent && e is OperationCanceledException);

    private Sora2Exception NotRecorded(VideoTask task, string what, Exception cause) =>
        new(Sora2ErrorKind.Storage, $"Task {task.Id} on {platform.Title} {what}, but that could not be recorded: {Sentence.Ended(cause.Message)} Do not create it again; go on with WaitAsync(\"{task.Id}\").", cause)
        {
            Platform = platform.Name,
            TaskId = task.Id,
            MayHaveBeenCharged = true,
        };
}
