using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk.Submissions;

/// <summary>Writes what happens to a client's tasks into its store: the intent before a paid request is sent, the id right after, the outcome and the file at the end.</summary>
[SuppressMessage("Design", "CA1001", Justification = "See _turn")]
internal sealed class TaskJournal(ITaskStore store, Sora2Platform platform, string client, ClientTelemetry telemetry, SubmissionDrain drain)
{
    /// <summary>What this process is sending at the moment, by store: several clients may use one. These intents are not lost.</summary>
    private static readonly ConditionalWeakTable<ITaskStore, ConcurrentDictionary<string, bool>> BeingSent = [];

    private readonly ConcurrentDictionary<string, bool> _beingSent = BeingSent.GetValue(store, static _ => new ConcurrentDictionary<string, bool>(StringComparer.Ordinal));

    /// <summary>How long a caller who has cancelled is kept waiting for the id of an accepted task to be written.</summary>
    private static readonly TimeSpan GraceToSave = TimeSpan.FromSeconds(5);

    /// <summary>The tasks that this process waits for, resumes or downloads, by store.</summary>
    private static readonly ConditionalWeakTable<ITaskStore, ConcurrentDictionary<(string Platform, string Client), HeldTasks>> Held = [];

    private readonly HeldTasks _held = Held.GetValue(store, static _ => new())
        .GetOrAdd((platform.Name, client), static _ => new HeldTasks());

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
        using var entry = drain.Enter();
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
        var goesOn = false;
        try
        {
            await SaveIntentAsync(intent, cancellationToken).ConfigureAwait(false);
            return await SendAsync(intent, send, cancellationToken).ConfigureAwait(false);
        }
        catch (SubmissionCanceledException e) when (e.Late is { } late)
        {
            goesOn = true;
            drain.Track(RecordLateAsync(intent, late));
            throw;
        }
        finally
        {
            if (!goesOn)
            {
                _beingSent.TryRemove(intent.Key, out _);
            }
        }
    }

    /// <summary>The caller left, and the request went on to its outcome, which is not lost.</summary>
    private async Task RecordLateAsync(TaskRecord intent, Task<LateOutcome> late)
    {
        try
        {
            var (taskId, task, refusal) = await late.ConfigureAwait(false);
            var record = task is not null ? intent with { State = StateOf(task), TaskId = task.Id, Error = task.FailureReason }
                : taskId is not null ? intent with { State = TaskRecordState.Unknown, TaskId = taskId }
                : refusal is not null ? intent with { State = TaskRecordState.Refused, Error = refusal.Message }
                : null;
            if (record is not null)
            {
                await TrySaveAsync(record).ConfigureAwait(false);
            }
        }
        finally
        {
            _beingSent.TryRemove(intent.Key, out _);
        }
    }

    private static TaskRecordState StateOf(VideoTask task) =>
        task.Status == VideoTaskStatus.Failed ? TaskRecordState.Failed : task.IsCompleted ? TaskRecordState.Completed : TaskRecordState.Running;

    /// <summary>This process does something about a task: <see cref="ResumeAsync"/> leaves it alone until <see cref="Release"/>.</summary>
    public void Hold(string taskId) => _held.Hold(taskId);

    public void Release(string taskId) => _held.Release(taskId);

    /// <summary>
    /// The task's end was seen. A store that fails is logged and keeps nobody from a finished task; one that hangs does, until the caller
    /// cancels.
    /// </summary>
    public Task EndedAsync(VideoTask task, CancellationToken cancellationToken) => AdvanceAsync(
        task,
        $"is {task.Status}",
        // A task that was taken for failed may succeed after all.
        record => record.State is TaskRecordState.Running or TaskRecordState.Unknown
            || (record.State == TaskRecordState.Failed && task.Status == VideoTaskStatus.Succeeded),
        record => record with { State = StateOf(task), Error = task.FailureReason },
        cancellationToken);

    /// <summary>The video is where it was wanted. A store that fails is logged.</summary>
    public Task DownloadedAsync(VideoTask task, DownloadedVideo video, CancellationToken cancellationToken) => AdvanceAsync(
        task,
        $"was downloaded whole{(video.Path is null ? "" : $" to \"{video.Path}\"")}",
        _ => true,
        record => record with { State = TaskRecordState.Downloaded, Path = video.Path, Bytes = video.Bytes, Error = null },
        cancellationToken);

    /// <summary>
    /// Takes up what is neither downloaded nor at an end, and is not being taken care of in this process already. Creates nothing.
    /// </summary>
    /// <param name="wait">Waits for a task.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async IAsyncEnumerable<ResumedTask> ResumeAsync(Func<string, CancellationToken, Task<VideoTask>> wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (lost, accepted) = await OpenAsync(cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arrivals = Channel.CreateUnbounded<ResumedTask>();
        var taken = accepted.Where(record => _held.TryTake(record.TaskId!)).ToDictionary(record => record.TaskId!, StringComparer.Ordinal);
        var end = Task.CompletedTask;
        try
        {
            foreach (var record in lost)
            {
                yield return new ResumedTask { Record = record, Error = SubmissionUnknownException.For(platform, record) };
            }

            end = Task.WhenAll(taken.Values.ToList().Select(WaitAsync)).ContinueWith(
                _ => arrivals.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await foreach (var arrival in arrivals.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return arrival;

                // Once the caller comes back for the next one: until then it may be downloading this one.
                if (taken.Remove(arrival.Record.TaskId!))
                {
                    _held.Release(arrival.Record.TaskId!);
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await end.ConfigureAwait(false);
            foreach (var taskId in taken.Keys)
            {
                _held.Release(taskId);
            }
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

            return new ResumedTask { Record = await NowAsync(record, task, stop.Token).ConfigureAwait(false), Task = task, Error = error };
        }
    }

    /// <summary>What is open: the records of which nobody knows whether they were accepted, and those with an id.</summary>
    private async Task<(IReadOnlyList<TaskRecord> Lost, IReadOnlyList<TaskRecord> Accepted)> OpenAsync(CancellationToken cancellationToken)
    {
        var before = await InStoreAsync(() => store.ListedAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        var notBeingSent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var record in before.Where(IsOpen))
        {
            if (!_beingSent.ContainsKey(record.Key) && !await IsSentElsewhereAsync(record, cancellationToken).ConfigureAwait(false))
            {
                notBeingSent.Add(record.Key);
            }
        }

        // Looked at once more: what was being sent at the first look may have its id by now, and is let go of only once that is written.
        var now = await InStoreAsync(() => store.ListedAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        var (lost, accepted) = (new List<TaskRecord>(), new List<TaskRecord>());
        foreach (var listed in now.Where(record => notBeingSent.Contains(record.Key) && IsOpen(record)))
        {
            var record = listed is { State: TaskRecordState.Submitting, TaskId: null } ? await LostAsync(listed).ConfigureAwait(false) : listed;
            if (IsOpen(record))
            {
                (record.TaskId is null ? lost : accepted).Add(record);
            }
        }

        return (lost, accepted);
    }

    /// <summary>A record as it is now; as it was if the store fails by now, which is no reason to keep a finished task back.</summary>
    private async Task<TaskRecord> NowAsync(TaskRecord record, VideoTask? task, CancellationToken cancellationToken)
    {
        try
        {
            var finding = store.FindAsync(record.Platform, record.TaskId!, cancellationToken);
            var now = await finding.WaitAsync(cancellationToken).ConfigureAwait(false);
            return now?.TaskId == record.TaskId ? now! : record;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            NotUpdated(record.TaskId!, task is null ? "was waited for" : $"is {task.Status}", e);
            return record;
        }
    }

    private bool IsOpen(TaskRecord record) =>
        ((record.Platform == platform.Name && record.Client == client) || record.Platform.Length == 0) // the last: a file that could not be read
        && record.State is TaskRecordState.Submitting or TaskRecordState.Unknown or TaskRecordState.Running or TaskRecordState.Completed;

    /// <summary>Several stores, and programs, may use one directory.</summary>
    private async ValueTask<bool> IsSentElsewhereAsync(TaskRecord record, CancellationToken cancellationToken) =>
        record.State == TaskRecordState.Submitting && store is FileTaskStore files && await files.IsSentElsewhereAsync(record.Key, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// The record of an intent that nobody is sending any more; what its outcome says if that has come meanwhile. Told even if it cannot be
    /// written: the next call says so again.
    /// </summary>
    private async Task<TaskRecord> LostAsync(TaskRecord record)
    {
        var unknown = record with { State = TaskRecordState.Unknown, UpdatedAt = telemetry.Clock.GetUtcNow(), Error = "The process ended before an answer came." };
        if (store is not FileTaskStore files)
        {
            await TrySaveAsync(unknown).ConfigureAwait(false);
            return unknown;
        }

        try
        {
            return await files.MarkLostAsync(unknown).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            telemetry.Log.RecordNotWritten(telemetry.Account, record.Key, telemetry.Reason(e));
            return unknown;
        }
    }

    private async Task<T> InStoreAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not Sora2Exception && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new Sora2Exception(Sora2ErrorKind.Storage, $"The record of what was submitted cannot be used: {MessageText.EnsurePeriod(e.Message)}", e) { Platform = platform.Name };
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
            throw e is OperationCanceledException && cancellationToken.IsCancellationRequested ? e : new Sora2Exception(Sora2ErrorKind.Storage, $"The request could not be recorded, and was not sent: {MessageText.EnsurePeriod(e.Message)}", e) { Platform = platform.Name, MayHaveBeenCharged = false };
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
            await TrySaveAsync(intent with { State = IsSurelyNotTaken(e) ? TaskRecordState.Refused : TaskRecordState.Unknown, TaskId = (e as SubmissionUnknownException)?.TaskId, Error = (e as SubmissionUnknownException)?.InnerException?.Message ?? e.Message }).ConfigureAwait(false);
            throw;
        }

        try
        {
            var accepted = intent with { State = StateOf(task), TaskId = task.Id, Error = task.FailureReason };
            await SaveInTimeAsync(accepted, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw NotRecorded(task, "was accepted", e);
        }

        return task;
    }

    /// <summary>
    /// Changes a record. Goes on when the caller cancels, who then is kept waiting no longer: what has happened is written down, if later.
    /// </summary>
    private async Task AdvanceAsync(
        VideoTask task,
        string what,
        Func<TaskRecord, bool> applies,
        Func<TaskRecord, TaskRecord> change,
        CancellationToken cancellationToken)
    {
        var advancing = AdvanceAsync(task, what, applies, change);
        await advancing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (advancing.IsFaulted)
        {
            await advancing.ConfigureAwait(false);
        }
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
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NotUpdated(task.Id, what, e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Not cancelled: what has happened is written down.</summary>
    private Task SaveAsync(TaskRecord record) => store.SaveAsync(record with { UpdatedAt = telemetry.Clock.GetUtcNow() });

    /// <summary>
    /// Saves the record of an accepted task. Whoever cancels while the store hangs gets the id as an error, after a moment for a store that
    /// only needs that.
    /// </summary>
    private async Task SaveInTimeAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        var saving = SaveAsync(record);
        try
        {
            await saving.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await saving.WaitAsync(GraceToSave, telemetry.Clock, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void NotUpdated(string taskId, string what, Exception e) =>
        telemetry.Log.TaskRecordNotUpdated(telemetry.Account, telemetry.SanitizeName(taskId), what, telemetry.Reason(e));

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
        new(Sora2ErrorKind.Storage, $"Task {task.Id} on {platform.Title} {what}, but that could not be recorded: {MessageText.EnsurePeriod(cause.Message)} Do not create it again: WaitAsync(\"{task.Id}\") goes on.", cause)
        {
            Platform = platform.Name,
            TaskId = task.Id,
            MayHaveBeenCharged = true,
        };
}
