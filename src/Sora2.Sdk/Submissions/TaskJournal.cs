using System.Globalization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// Writes a client's submissions into its task store: the intent before a paid request is sent, the id right after, the end of the task,
/// and the downloaded file.
/// </summary>
/// <param name="store">The task store.</param>
/// <param name="context">The client's shared parts.</param>
/// <param name="drain">Counts what still has to be written when the client is disposed.</param>
internal sealed class TaskJournal(ITaskStore store, ClientContext context, SubmissionDrain drain)
{
    /// <summary>How often a record that others change at the same time is read again.</summary>
    private const int MaxChanges = 100;

    private readonly HeldTasks _held = StoreActivity.For(store).HeldBy(context.Platform.Name, context.Name);

    private ClientTelemetry Telemetry => context.Telemetry;

    public ITaskStore Store => store;

    /// <summary>Lets the creates of one key through one after the other, also those of other clients with this store.</summary>
    public KeyTurns Keys { get; } = StoreActivity.For(store).Keys;

    /// <summary>Adds the intent of a paid request.</summary>
    /// <returns>The entry, which takes the outcome; null if another process has added this or a later attempt at the key.</returns>
    /// <exception cref="StorageException">The store failed; the request must not be sent.</exception>
    public async Task<JournalEntry?> TryBeginAsync(PaidRequest request, int attempt, CancellationToken cancellationToken)
    {
        var now = context.Clock.GetUtcNow();
        var (kept, notKept) = request.Original is { } original ? KeptRequest.Of(original, store.KeepsImages) : default;
        var intent = new TaskRecord
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmssfff}-{Guid.NewGuid():N}"),
            Key = request.Key,
            Attempt = attempt,
            PlatformName = context.Platform.Name,
            ClientName = context.Name,
            Kind = request.RecordKind,
            State = TaskRecordState.Submitting,
            Prompt = request.RecordedSubject,
            Model = request.Model,
            Duration = request.Duration,
            Metadata = request.Original?.Metadata ?? MetadataDictionary.None,
            Request = kept,
            RequestNotKept = notKept,
            Fingerprint = request.Fingerprint,
            Owner = IntentOwner.This,
            HeartbeatAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        IntentOwner.Begin(intent.Id);
        try
        {
            var added = await store.TryAddAsync(intent, cancellationToken).ConfigureAwait(false);
            if (added.Id == intent.Id)
            {
                return new JournalEntry(this, context, intent);
            }

            IntentOwner.End(intent.Id);
            return null;
        }
        catch (Exception e)
        {
            // The intent may be durable although the store failed; nothing was sent, so it must not be reported as unknown later.
            await TryUpdateAsync(intent with { State = TaskRecordState.Refused, Error = e.Message }, intent).ConfigureAwait(false);
            IntentOwner.End(intent.Id);
            throw NotSent(e, "could not be recorded", cancellationToken);
        }
    }

    /// <summary>Returns the newest record of a key.</summary>
    /// <exception cref="StorageException">The store failed; the request must not be sent.</exception>
    public async Task<TaskRecord?> FindByKeyAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindByKeyAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw NotSent(e, "could not be looked up by its key", cancellationToken);
        }
    }

    /// <summary>Returns the record of a task. A store that fails is logged, as the task can be returned without.</summary>
    public async Task<TaskRecord?> TryFindAsync(VideoTask task, CancellationToken cancellationToken)
    {
        try
        {
            var record = await store.FindAsync(task.Handle, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            return record?.TaskId == task.Id ? record : null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotUpdated(task.Id, $"is {task.Status}", e);
            return null;
        }
    }

    /// <summary>Marks an intent that no one is sending any more as unknown.</summary>
    /// <returns>The unknown record, also if it cannot be written; null if its outcome was written meanwhile.</returns>
    public async Task<TaskRecord?> MarkLostAsync(TaskRecord intent)
    {
        var lost = intent with
        {
            State = TaskRecordState.Unknown,
            UpdatedAt = context.Clock.GetUtcNow(),
            Error = "The process ended before a response came.",
        };
        return await TryUpdateAsync(lost, intent).ConfigureAwait(false) ? lost : null;
    }

    /// <summary>Reserves a task for this process: it is not resumed until <see cref="Release"/>.</summary>
    public void Hold(string taskId) => _held.Hold(taskId);

    public void Release(string taskId) => _held.Release(taskId);

    /// <summary>Reserves a task unless this process works on it already.</summary>
    public bool TryHold(string taskId) => _held.TryHold(taskId);

    /// <summary>
    /// Writes the end of a task. A store that fails is logged and does not keep the caller from the task; one that hangs does, until the
    /// caller cancels.
    /// </summary>
    /// <returns>The task's record, if there is one.</returns>
    public Task<TaskRecord?> EndedAsync(VideoTask task, CancellationToken cancellationToken) => AdvanceAsync(
        task,
        $"is {task.Status}",
        // A task that was taken for failed may succeed after all.
        record => record.State is TaskRecordState.Running or TaskRecordState.Unknown
            || (record.State == TaskRecordState.Failed && task.Status == VideoTaskStatus.Succeeded),
        record => record with { State = StateOf(task), Error = task.FailureReason },
        cancellationToken);

    /// <summary>Writes that a video was downloaded completely. A store that fails is logged.</summary>
    public Task DownloadedAsync(VideoTask task, DownloadedVideo video, CancellationToken cancellationToken) => AdvanceAsync(
        task,
        $"was downloaded completely{(video.Path is null ? "" : $" to \"{video.Path}\"")}",
        _ => true,
        record => record with { State = TaskRecordState.Downloaded, Path = video.Path, Length = video.Length, Error = null },
        cancellationToken);

    public void LogNotWritten(TaskRecord record, Exception e) =>
        Telemetry.Log.RecordNotWritten(Telemetry.Account, record.Id, Telemetry.Reason(e));

    public void LogNotUpdated(string taskId, string what, Exception e) =>
        Telemetry.Log.TaskRecordNotUpdated(Telemetry.Account, Telemetry.SanitizeName(taskId), what, Telemetry.Reason(e));

    internal static TaskRecordState StateOf(VideoTask task) => task.Status == VideoTaskStatus.Failed ? TaskRecordState.Failed
        : task.IsFinal ? TaskRecordState.Completed
        : TaskRecordState.Running;

    /// <summary>Writes the outcome of an intent. Not cancelled: what has happened is written.</summary>
    /// <remarks>An outcome that is not known does not replace what others have found out meanwhile.</remarks>
    internal Task SaveAsync(TaskRecord record, TaskRecord intent)
    {
        record = record with { UpdatedAt = context.Clock.GetUtcNow() };
        return record is { State: TaskRecordState.Unknown, TaskId: null }
            ? store.TryUpdateAsync(record, intent)
            : store.UpdateAsync(record);
    }

    /// <summary>Counts the end of an entry, which a disposal waits for.</summary>
    internal void Track(Task ending) => drain.Track(ending);

    /// <summary>Replaces an intent; a store that fails is logged.</summary>
    /// <returns>False if the intent has changed meanwhile.</returns>
    private async Task<bool> TryUpdateAsync(TaskRecord record, TaskRecord intent)
    {
        try
        {
            return await store.TryUpdateAsync(record, intent).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotWritten(record, e);
            return true;
        }
    }

    private Exception NotSent(Exception e, string why, CancellationToken cancellationToken) =>
        e is OperationCanceledException && cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(e.Message, e, cancellationToken)
            : new StorageException($"The request {why}, and was not sent: {MessageText.EnsurePeriod(e.Message)}", e)
            {
                PlatformName = context.Platform.Name,
                Path = (e as StorageException)?.Path,
                MayHaveBeenCharged = false,
            };

    /// <summary>Changes a record. A caller who cancels does not wait for it any longer; it is written all the same.</summary>
    private async Task<TaskRecord?> AdvanceAsync(
        VideoTask task,
        string what,
        Func<TaskRecord, bool> applies,
        Func<TaskRecord, TaskRecord> change,
        CancellationToken cancellationToken)
    {
        var advancing = AdvanceAsync(task, what, applies, change);
        await ((Task)advancing).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return advancing.IsCompleted ? await advancing.ConfigureAwait(false) : null;
    }

    private async Task<TaskRecord?> AdvanceAsync(
        VideoTask task, string what, Func<TaskRecord, bool> applies, Func<TaskRecord, TaskRecord> change)
    {
        try
        {
            for (var left = MaxChanges; left > 0 && await store.FindAsync(task.Handle).ConfigureAwait(false) is { } record; left--)
            {
                var changed = change(record) with { UpdatedAt = context.Clock.GetUtcNow() };
                if (!applies(record) || await store.TryUpdateAsync(changed, record).ConfigureAwait(false))
                {
                    return record;
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotUpdated(task.Id, what, e);
        }

        return null;
    }
}
