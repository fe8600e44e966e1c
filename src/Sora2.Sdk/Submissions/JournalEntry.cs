using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// The written intent of one paid request, which takes its outcome. Until it is disposed the request counts as being sent.
/// </summary>
internal sealed class JournalEntry(TaskJournal journal, ClientContext context, TaskRecord intent) : IDisposable
{
    /// <summary>How long a caller who has cancelled waits for the id of an accepted task to be written.</summary>
    private static readonly TimeSpan GraceToSave = TimeSpan.FromSeconds(5);

    private Task<LateOutcome>? _late;

    /// <summary>Writes the id of the accepted task.</summary>
    /// <exception cref="Sora2Exception">The store failed; the exception has the id.</exception>
    public async Task AcceptedAsync(VideoTask task, CancellationToken cancellationToken)
    {
        try
        {
            var saving = journal.SaveAsync(
                intent with { State = TaskJournal.StateOf(task), TaskId = task.Id, Error = task.FailureReason });
            try
            {
                await saving.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // If the store hangs, the caller gets the id as an error.
                await saving.WaitAsync(GraceToSave, context.Clock, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            throw NotRecorded(task, e);
        }
    }

    /// <summary>Writes that the request failed: refused, or unknown.</summary>
    /// <remarks>A record that cannot be written stays an intent, which is reported as unknown.</remarks>
    public Task FailedAsync(Exception failure)
    {
        _late = (failure as SubmissionCanceledException)?.Late;
        var unknown = failure as SubmissionUnknownException;
        return journal.TrySaveAsync(intent with
        {
            State = WasNotTaken(failure) ? TaskRecordState.Refused : TaskRecordState.Unknown,
            TaskId = unknown?.TaskId,
            Error = unknown?.InnerException?.Message ?? failure.Message,
        });
    }

    public void Dispose() => journal.End(intent, _late);

    private Sora2Exception NotRecorded(VideoTask task, Exception cause) => new(
        Sora2ErrorKind.Storage,
        $"Task {task.Id} on {context.Platform.Title} was accepted, but could not be recorded: "
            + $"{MessageText.EnsurePeriod(cause.Message)} Do not create it again: WaitAsync(\"{task.Id}\") continues it.",
        cause)
    {
        Platform = context.Platform.Name,
        TaskId = task.Id,
        MayHaveBeenCharged = true,
    };

    private static bool WasNotTaken(Exception e) =>
        e is Sora2Exception { MayHaveBeenCharged: false } or ArgumentException or ObjectDisposedException
        || e is OperationCanceledException and not SubmissionCanceledException;
}
