namespace Sora2.Sdk;

/// <summary>
/// Remembers the videos and storyboards that were submitted, so that a process that ends in the middle loses none that was paid for. A
/// client that has one writes the intent before it sends a paid request, the id as soon as it is known, and the outcome and the file at the
/// end; <see cref="IVideoClient.ResumeAsync"/> takes up from there.
/// </summary>
/// <remarks>
/// The contract of an implementation: a record is durable when the task of <see cref="SaveAsync"/> completes, so that it survives the
/// process being killed in the next instant, and the machine losing power as far as the storage can promise it. Calls may come at the same
/// time. An error is thrown: an intent that is not durable is not sent. Of a store of your own, one process at a time resumes the records
/// of a client: a second one would take the first one's intents for lost. <see cref="FileTaskStore"/> tells which ones another process is
/// sending. Both wait for the same tasks if both resume.
/// <see cref="ListAsync"/> returns no null: that is a <see cref="Sora2Exception"/> of the kind <see cref="Sora2ErrorKind.Storage"/>.
/// A call that hangs holds up the create or wait that makes it, as the SDK puts no time-out on a store of which it does not know how long
/// it may take. When the caller cancels, a finished task is returned at once;
/// the id of a task that was just accepted is waited for 5 s more, and then comes with a <see cref="Sora2Exception"/>. What was begun is
/// written all the same if the store goes on. A store that fails after a task
/// has ended keeps nobody from the task: that is logged (event 42).
/// </remarks>
public interface ITaskStore
{
    /// <summary>Adds a record, or replaces the one with the same <see cref="TaskRecord.Key"/>. Durable when the task completes.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Gives up; the record is then as it was before, or as it should be.</param>
    Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default);

    /// <summary>The record of an accepted task, or null.</summary>
    /// <param name="platform">The platform's name.</param>
    /// <param name="taskId">The platform's id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default);

    /// <summary>All records as they are now, the oldest first: the history, to be filtered with LINQ.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a record; nothing at the platform changes.</summary>
    /// <param name="key">The record's <see cref="TaskRecord.Key"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default);
}
