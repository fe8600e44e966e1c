using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sora2.Sdk.Common;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Videos;

/// <summary>Resumes what a client's task store has as neither downloaded nor ended, and this process does not work on already.</summary>
/// <param name="context">The client's shared parts.</param>
/// <param name="journal">Has the store, and what this process is working on.</param>
internal sealed class TaskResumer(ClientContext context, TaskJournal journal)
{
    private static readonly TaskRecordFilter OpenStates = new()
    {
        States = [TaskRecordState.Submitting, TaskRecordState.Unknown, TaskRecordState.Running, TaskRecordState.Completed],
    };

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
            VideoTask = task,
            Error = error,
        };
    }

    /// <summary>Returns the open records: those of unknown outcome, and those with an id.</summary>
    private async Task<(IReadOnlyList<TaskRecord> Lost, IReadOnlyList<TaskRecord> Accepted)> FindOpenAsync(
        CancellationToken cancellationToken)
    {
        var (lost, accepted) = (new List<TaskRecord>(), new List<TaskRecord>());
        foreach (var listed in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            var record = listed is not { State: TaskRecordState.Submitting, TaskId: null } ? listed
                : IntentOwner.IsAlive(listed, context.Clock.GetUtcNow()) ? null
                : await journal.MarkLostAsync(listed).ConfigureAwait(false);
            if (record is not null)
            {
                (record.TaskId is null || record.Kind == TaskRecordKind.Character ? lost : accepted).Add(record);
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
            var now = await _store.FindAsync(record.Handle!, cancellationToken)
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
        ((record.PlatformName == context.Platform.Name && record.ClientName == context.Name) || record.PlatformName.Length == 0)
        && record is not { Kind: TaskRecordKind.Character, State: TaskRecordState.Completed };

    private async Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken)
    {
        var records = new List<TaskRecord>();
        try
        {
            await foreach (var record in _store.ListValidAsync(OpenStates, cancellationToken).ConfigureAwait(false))
            {
                if (IsOpen(record))
                {
                    records.Add(record);
                }
            }

            return records;
        }
        catch (Exception e) when (e is not Sora2Exception
            && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new StorageException($"The task store could not be read: {MessageText.EnsurePeriod(e.Message)}", e)
            {
                PlatformName = context.Platform.Name,
            };
        }
    }
}
