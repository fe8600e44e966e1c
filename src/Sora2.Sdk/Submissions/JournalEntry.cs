using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Submissions;

/// <summary>The added intent of one paid request, which takes its outcome.</summary>
/// <remarks>
/// Until it is disposed, and a late outcome is written, the request counts as being sent, and the record shows other processes that this
/// one lives.
/// </remarks>
internal sealed class JournalEntry : IDisposable
{
    /// <summary>How long a caller who has cancelled waits for the id of an accepted task to be written.</summary>
    private static readonly TimeSpan GraceToSave = TimeSpan.FromSeconds(5);

    private readonly TaskJournal _journal;
    private readonly ClientContext _context;
    private readonly object _gate = new();
    private readonly ITimer _heartbeat;
    private Task _beating = Task.CompletedTask;
    private bool _isSent;
    private TaskRecord _intent;

    /// <summary>A heartbeat that may have been written although the store failed.</summary>
    private TaskRecord? _uncertain;
    private Exception? _failure;

    /// <param name="journal">The journal.</param>
    /// <param name="context">The client's shared parts.</param>
    /// <param name="intent">The record as it was added.</param>
    public JournalEntry(TaskJournal journal, ClientContext context, TaskRecord intent)
    {
        (_journal, _context, _intent) = (journal, context, intent);
        _heartbeat = context.Clock.CreateTimer(
            static entry => ((JournalEntry)entry!).Beat(), this, IntentOwner.Interval, IntentOwner.Interval);
    }

    /// <summary>The response that is still awaited although the caller left.</summary>
    private Task<LateOutcome>? Late => (_failure as SubmissionCanceledException)?.Late;

    private bool IsCharacter => _intent.Kind == TaskRecordKind.Character;

    /// <summary>Writes the id of the accepted task, or that a character was created.</summary>
    /// <exception cref="StorageException">The store failed; the exception has the id of the task.</exception>
    public Task AcceptedAsync(object result, CancellationToken cancellationToken) => result switch
    {
        VideoTask task => AcceptedAsync(task, cancellationToken),
        Character character => TrySaveAsync(intent => After(intent, character)), // If the store fails, the caller still gets it.
        _ => throw new NotSupportedException(result.GetType().Name),
    };

    private async Task AcceptedAsync(VideoTask task, CancellationToken cancellationToken)
    {
        try
        {
            var saving = SaveAsync(intent => After(intent, task));
            _journal.Track(saving);
            try
            {
                await saving.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // If the store hangs, the caller gets the id as an error.
                await saving.WaitAsync(GraceToSave, _context.Clock, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            throw NotRecorded(task, e);
        }
    }

    /// <summary>Writes that the request failed: refused, or unknown. While its response is still awaited, it stays an intent.</summary>
    /// <remarks>A record that cannot be written stays an intent, which is reported as unknown.</remarks>
    public Task FailedAsync(Exception failure)
    {
        _failure = failure;
        return Late is null ? TrySaveAsync(intent => After(intent, failure)) : Task.CompletedTask;
    }

    public void Dispose() => _journal.Track(Late is null ? EndAsync() : SaveLateAsync(Late));

    /// <summary>Writes the outcome of a request whose caller left.</summary>
    private async Task SaveLateAsync(Task<LateOutcome> late)
    {
        try
        {
            var outcome = await late.ConfigureAwait(false);
            await TrySaveAsync(intent => outcome switch
            {
                { Task: { } task } => After(intent, task),
                { Character: { } character } => After(intent, character),
                { Refusal: { } refusal } => After(intent, refusal),
                _ => After(intent, _failure!) with { TaskId = IsCharacter ? null : outcome.TaskId },
            }).ConfigureAwait(false);
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        await StopBeatingAsync().ConfigureAwait(false);
        IntentOwner.End(_intent.Id);
    }

    private async Task SaveAsync(Func<TaskRecord, TaskRecord> outcome)
    {
        await StopBeatingAsync().ConfigureAwait(false); // A heartbeat must not overwrite the outcome.
        await _journal.SaveAsync(outcome(_intent), _intent).ConfigureAwait(false);
    }

    private async Task TrySaveAsync(Func<TaskRecord, TaskRecord> outcome)
    {
        try
        {
            await SaveAsync(outcome).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _journal.LogNotWritten(_intent, e);
        }
    }

    /// <summary>Shows that this process lives.</summary>
    private void Beat()
    {
        lock (_gate)
        {
            if (!_isSent && _beating.IsCompleted)
            {
                _beating = BeatAsync();
            }
        }
    }

    private async Task BeatAsync()
    {
        var next = _intent with { HeartbeatAt = _context.Clock.GetUtcNow() };
        try
        {
            if (await _journal.Store.TryUpdateAsync(next, _intent, CancellationToken.None).ConfigureAwait(false)
                || (_uncertain is { } written
                    && await _journal.Store.TryUpdateAsync(next, written, CancellationToken.None).ConfigureAwait(false)))
            {
                (_intent, _uncertain) = (next, null);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _uncertain = next;
            _journal.LogNotWritten(_intent, e); // The next one may be written.
        }
    }

    /// <summary>Ends the heartbeats, and waits for the last one.</summary>
    /// <remarks>Not for a store that hangs: a late heartbeat replaces no outcome.</remarks>
    private async Task StopBeatingAsync()
    {
        Task beating;
        lock (_gate)
        {
            _isSent = true;
            _heartbeat.Dispose();
            beating = _beating;
        }

        await beating.WaitAsync(GraceToSave, _context.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TaskRecord After(TaskRecord intent, VideoTask task) =>
        intent with { State = TaskJournal.StateOf(task), TaskId = task.Id, Error = task.FailureReason };

    private static TaskRecord After(TaskRecord intent, Character character) =>
        intent with { State = TaskRecordState.Completed, Username = character.Username };

    private static TaskRecord After(TaskRecord intent, Exception failure)
    {
        var unknown = failure as SubmissionUnknownException;
        return intent with
        {
            State = WasNotTaken(failure) ? TaskRecordState.Refused : TaskRecordState.Unknown,
            TaskId = intent.Kind == TaskRecordKind.Character ? null : unknown?.TaskId,
            Error = unknown?.InnerException?.Message ?? failure.Message,
        };
    }

    private StorageException NotRecorded(VideoTask task, Exception cause) => new(
        $"Task {task.Id} on {_context.Platform.Title} was accepted, but could not be recorded: "
            + $"{MessageText.EnsurePeriod(cause.Message)} Do not create it again: WaitAsync(\"{task.Id}\") continues it.",
        cause)
    {
        PlatformName = _context.Platform.Name,
        Path = (cause as StorageException)?.Path,
        TaskId = task.Id,
        MayHaveBeenCharged = true,
    };

    private static bool WasNotTaken(Exception e) =>
        e is Sora2Exception { MayHaveBeenCharged: false } or ArgumentException or ObjectDisposedException
        || e is OperationCanceledException and not SubmissionCanceledException;
}
