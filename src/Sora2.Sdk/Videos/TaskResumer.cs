using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sora2.Sdk.Common;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Videos;

/// <summary>Resumes what a client's task store has as neither downloaded nor ended, and this process does not work on already.</summary>
/// <param name="context">The client's shared parts.</param>
/// <param name="journal">Has the store, and what this process is working on.</param>
internal sealed class TaskResumer(ClientContext context, TaskJournal journal)
{
    private readonly ITaskStore _store = journal.Store;

    /// <summary>Waits for all open tasks, and returns each as it ends. Creates nothing.</summary>
    /// <param name="wait">Waits for a task.</param>
    /// <param name="cancellationToken">A token to cancel the operation; the records stay open.</param>
    public async IAsyncEnumerable<ResumedTask> ResumeAsync(
        Func<string, CancellationToken, Task<VideoTask>> wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (lost, accepted) = await FindOpenAsync(cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = Channel.CreateUnbounded<ResumedTask>();
        var held = accepted.Where(record => journal.TryHold(record.TaskId!)).ToDictionary(record => record.TaskId!, StringComparer.Ordinal);
        var end = Task.CompletedTask;
        try
        {
            foreach (var record in lost)
            {
                yield return new ResumedTask { Record = record, Error = SubmissionUnknownException.For(context.Platform, record) };
            }

            end = Task.WhenAll(held.Values.ToList().Select(WaitAsync)).ContinueWith(
                _ => results.Writer.TryComplete(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            await foreach (var result in results.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return result;

                // Released when the caller asks for the next one: until then it may be downloading this one.
                if (held.Remove(result.Record.TaskId!))
                {
                    journal.Release(result.Record.TaskId!);
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await end.ConfigureAwait(false);
            foreach (var taskId in held.Keys)
            {
                journal.Release(taskId);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();

        async Task WaitAsync(TaskRecord record)
        {
            try
            {
                results.Writer.TryWrite(await ResumeOneAsync(record, wait, stop.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The record stays open for the next call.
            }
            catch (Exception e)
            {
                // The caller's progress or the store failed: reported at once, and not after the other waits.
                results.Writer.TryComplete(e);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<ResumedTask> ResumeOneAsync(
        TaskRecord record, Func<string, CancellationToken, Task<VideoTask>> wait, CancellationToken cancellationToken)
    {
        VideoTask? task = null;
        Sora2Exception? error = null;
        try
        {
            task = await wait(record.TaskId!, cancellationToken).ConfigureAwait(false);
        }
        catch (Sora2Exception e)
        {
            error = e;
        }

        return new ResumedTask
        {
            Record = await ReloadAsync(record, task, cancellationToken).ConfigureAwait(false),
            Task = task,
            Error = error,
        };
    }

    /// <summary>Returns the open records: those of unknown outcome, and those with an id.</summary>
    private async Task<(IReadOnlyList<TaskRecord> Lost, IReadOnlyList<TaskRecord> Accepted)> FindOpenAsync(
        CancellationToken cancellationToken)
    {
        var notBeingSent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var record in (await ListAsync(cancellationToken).ConfigureAwait(false)).Where(IsOpen))
        {
            if (!journal.IsSending(record.Key) && !await IsSentElsewhereAsync(record, cancellationToken).ConfigureAwait(false))
            {
                notBeingSent.Add(record.Key);
            }
        }

        // Listed again: what was being sent the first time may have its id by now, and stops being sent only after that is written.
        var (lost, accepted) = (new List<TaskRecord>(), new List<TaskRecord>());
        foreach (var listed in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!notBeingSent.Contains(listed.Key) || !IsOpen(listed))
            {
                continue;
            }

            var record = listed is { State: TaskRecordState.Submitting, TaskId: null }
                ? await MarkUnknownAsync(listed).ConfigureAwait(false)
                : listed;
            if (IsOpen(record))
            {
                (record.TaskId is null ? lost : accepted).Add(record);
            }
        }

        return (lost, accepted);
    }

    /// <summary>
    /// Returns a record as it is now, or as it was if the store fails: that must not keep a finished task from the caller.
    /// </summary>
    private async Task<TaskRecord> ReloadAsync(TaskRecord record, VideoTask? task, CancellationToken cancellationToken)
    {
        try
        {
            var now = await _store.FindAsync(record.Platform, record.TaskId!, cancellationToken)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return now?.TaskId == record.TaskId ? now! : record;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            journal.LogNotUpdated(record.TaskId!, task is null ? "was waited for" : $"is {task.Status}", e);
            return record;
        }
    }

    /// <summary>Returns whether a record is this client's, or unreadable, and still open.</summary>
    private bool IsOpen(TaskRecord record) =>
        ((record.Platform == context.Platform.Name && record.Client == context.Name) || record.Platform.Length == 0)
        && record.State is TaskRecordState.Submitting or TaskRecordState.Unknown or TaskRecordState.Running or TaskRecordState.Completed;

    /// <summary>Returns whether another store or process over the same directory is sending the request.</summary>
    private async ValueTask<bool> IsSentElsewhereAsync(TaskRecord record, CancellationToken cancellationToken) =>
        record.State == TaskRecordState.Submitting
        && _store is FileTaskStore files
        && await files.IsSentElsewhereAsync(record.Key, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Marks an intent that no one is sending any more as unknown, unless its outcome was written meanwhile. Reported also if it cannot be
    /// written; the next call reports it again.
    /// </summary>
    private async Task<TaskRecord> MarkUnknownAsync(TaskRecord record)
    {
        var unknown = record with
        {
            State = TaskRecordState.Unknown,
            UpdatedAt = context.Clock.GetUtcNow(),
            Error = "The process ended before a response came.",
        };
        if (_store is not FileTaskStore files)
        {
            await journal.TrySaveAsync(unknown).ConfigureAwait(false);
            return unknown;
        }

        try
        {
            return await files.MarkLostAsync(unknown).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            journal.LogNotWritten(record, e);
            return unknown;
        }
    }

    private async Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _store.ListValidAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not Sora2Exception
            && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new Sora2Exception(
                Sora2ErrorKind.Storage, $"The task store could not be read: {MessageText.EnsurePeriod(e.Message)}", e)
            {
                Platform = context.Platform.Name,
            };
        }
    }
}
