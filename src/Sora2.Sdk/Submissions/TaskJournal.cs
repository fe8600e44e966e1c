using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// Writes a client's submissions into its task store: the intent before a paid request is sent, the id right after, the end of the task,
/// and the downloaded file.
/// </summary>
/// <param name="store">The task store.</param>
/// <param name="context">The client's shared parts.</param>
/// <param name="drain">Counts what still has to be written when the client is disposed.</param>
[SuppressMessage("Design", "CA1001", Justification = "See _turn")]
internal sealed class TaskJournal(ITaskStore store, ClientContext context, SubmissionDrain drain)
{
    private readonly StoreActivity _activity = StoreActivity.For(store);
    private readonly HeldTasks _held = StoreActivity.For(store).HeldBy(context.Platform.Name, context.Name);

    /// <summary>
    /// One change at a time, as a record only moves forward. Not disposed: pending waiters would hang, and it owns no handle.
    /// </summary>
    private readonly SemaphoreSlim _turn = new(1);

    private ClientTelemetry Telemetry => context.Telemetry;

    public ITaskStore Store => store;

    /// <summary>Writes the intent of a paid request.</summary>
    /// <returns>The entry, which takes the outcome.</returns>
    /// <exception cref="Sora2Exception">The store failed; the request must not be sent.</exception>
    public async Task<JournalEntry> BeginAsync(PaidRequest request, CancellationToken cancellationToken)
    {
        var now = context.Clock.GetUtcNow();
        var intent = new TaskRecord
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmssfff}-{Guid.NewGuid():N}"),
            Platform = context.Platform.Name,
            Client = context.Name,
            Kind = request.RecordKind!.Value,
            State = TaskRecordState.Submitting,
            Prompt = request.Subject,
            Model = request.Model,
            Duration = request.Duration,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var entry = new JournalEntry(this, context, intent);
        _activity.Sending(intent.Key);
        try
        {
            await store.SaveAsync(intent, cancellationToken).ConfigureAwait(false);
            return entry;
        }
        catch (Exception e)
        {
            // The intent may be durable although the store failed; nothing was sent, so it must not be reported as unknown later.
            await TrySaveAsync(intent with { State = TaskRecordState.Refused, Error = e.Message }).ConfigureAwait(false);
            entry.Dispose();
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw new Sora2Exception(
                Sora2ErrorKind.Storage, $"The request could not be recorded, and was not sent: {MessageText.EnsurePeriod(e.Message)}", e)
            {
                Platform = context.Platform.Name,
                MayHaveBeenCharged = false,
            };
        }
    }

    /// <summary>Reserves a task for this process: it is not resumed until <see cref="Release"/>.</summary>
    public void Hold(string taskId) => _held.Hold(taskId);

    public void Release(string taskId) => _held.Release(taskId);

    /// <summary>Reserves a task unless this process works on it already.</summary>
    public bool TryHold(string taskId) => _held.TryHold(taskId);

    /// <summary>Returns whether this process is sending the request of an intent.</summary>
    public bool IsSending(string key) => _activity.IsSending(key);

    /// <summary>
    /// Writes the end of a task. A store that fails is logged and does not keep the caller from the task; one that hangs does, until the
    /// caller cancels.
    /// </summary>
    public Task EndedAsync(VideoTask task, CancellationToken cancellationToken) => AdvanceAsync(
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
        record => record with { State = TaskRecordState.Downloaded, Path = video.Path, Bytes = video.Bytes, Error = null },
        cancellationToken);

    /// <summary>Writes a record; a store that fails is logged.</summary>
    public async Task TrySaveAsync(TaskRecord record)
    {
        try
        {
            await SaveAsync(record).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotWritten(record, e);
        }
    }

    public void LogNotWritten(TaskRecord record, Exception e) =>
        Telemetry.Log.RecordNotWritten(Telemetry.Account, record.Key, Telemetry.Reason(e));

    public void LogNotUpdated(string taskId, string what, Exception e) =>
        Telemetry.Log.TaskRecordNotUpdated(Telemetry.Account, Telemetry.SanitizeName(taskId), what, Telemetry.Reason(e));

    /// <summary>Not cancelled: what has happened is written.</summary>
    internal Task SaveAsync(TaskRecord record) => store.SaveAsync(record with { UpdatedAt = context.Clock.GetUtcNow() });

    internal static TaskRecordState StateOf(VideoTask task) => task.Status == VideoTaskStatus.Failed ? TaskRecordState.Failed
        : task.IsCompleted ? TaskRecordState.Completed
        : TaskRecordState.Running;

    /// <summary>Ends an entry, at once or when the late outcome of its request has come.</summary>
    internal void End(TaskRecord intent, Task<LateOutcome>? late)
    {
        if (late is null)
        {
            _activity.Sent(intent.Key);
        }
        else
        {
            drain.Track(SaveLateAsync(intent, late));
        }
    }

    /// <summary>Writes the outcome of a request whose caller left.</summary>
    private async Task SaveLateAsync(TaskRecord intent, Task<LateOutcome> late)
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
            _activity.Sent(intent.Key);
        }
    }

    /// <summary>Changes a record. A caller who cancels does not wait for it any longer; it is written all the same.</summary>
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
            LogNotUpdated(task.Id, what, e);
        }
        finally
        {
            _turn.Release();
        }
    }
}
