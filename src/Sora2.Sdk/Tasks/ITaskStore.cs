namespace Sora2.Sdk;

/// <summary>Stores the videos and storyboards that were submitted, so that a process that ends loses no paid task.</summary>
/// <remarks>
/// <para>
/// A client with a store writes the intent before it sends a paid request, the task's id as soon as it is known, and the outcome and the
/// file at the end. <see cref="IVideoClient.ResumeAsync"/> continues from there.
/// </para>
/// <para>
/// An implementation has to meet this contract. A record is durable when the task of <see cref="SaveAsync"/> completes: it survives a
/// process that is killed the next moment, and a power failure as far as the storage guarantees it. Calls may come concurrently. Errors
/// are thrown; an intent that was not saved is not sent. If <see cref="ListAsync"/> returns null or a null record, the caller
/// gets a <see cref="Sora2Exception"/> of the kind <see cref="Sora2ErrorKind.Storage"/>.
/// </para>
/// <para>
/// With a custom store, resume the records of a client in one process at a time: a second one would treat the first one's intents as lost.
/// <see cref="FileTaskStore"/> shows which requests another process is sending. If two processes resume, both wait for the same tasks.
/// </para>
/// <para>
/// The SDK sets no timeout on a store, since it does not know how long one may take: a call that hangs blocks the create or wait that made
/// it. When the caller cancels, a finished task is returned at once; after an accepted create, the save of the id is awaited for 5 s more,
/// and then the id comes in a <see cref="Sora2Exception"/>. A write that began may still complete. If a store fails after a task has ended,
/// the task is returned all the same and the failure is logged (event 42).
/// </para>
/// </remarks>
public interface ITaskStore
{
    /// <summary>Adds a record, or replaces the one with the same <see cref="TaskRecord.Key"/>; durable when the task completes.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">A token to cancel the operation; the store then has the old record or the new one.</param>
    Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default);

    /// <summary>Returns the record of an accepted task, or null.</summary>
    /// <param name="platform">The platform's name.</param>
    /// <param name="taskId">The task's id at the platform.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default);

    /// <summary>Returns all records as they are now, the oldest first.</summary>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a record; nothing changes at the platform.</summary>
    /// <param name="key">The record's <see cref="TaskRecord.Key"/>.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default);
}
