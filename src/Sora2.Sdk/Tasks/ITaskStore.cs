using Sora2.Sdk.Tasks;

namespace Sora2.Sdk;

/// <summary>Stores what was submitted, so that a process that ends loses no paid task, and no key is paid for twice.</summary>
/// <remarks>
/// <para>
/// A client with a store adds the intent before it sends a paid request, writes the task's id as soon as it is known, and the outcome and
/// the file at the end. <see cref="IVideoClient.ResumeAsync"/> continues from there, and a <see cref="GenerationRequest.Key"/> that is in
/// the store is not created a second time.
/// </para>
/// <para>
/// An implementation has to meet this contract. What a call changed is durable when its task completes: it survives a process that is
/// killed the next moment, and a power failure as far as the storage guarantees it. Calls may come concurrently, also from other processes
/// that share the store. Errors are thrown; an intent that was not added is not sent. If
/// <see cref="ListAsync"/> returns null or a null record, the caller gets a <see cref="StorageException"/>.
/// </para>
/// <para>
/// An intent has a <see cref="TaskRecord.Owner"/>, who renews its <see cref="TaskRecord.HeartbeatAt"/> every 10 s while the request is
/// being sent. One without a heartbeat for a minute counts as lost, and its outcome as unknown. Clocks of machines that share a store have
/// to agree to a few seconds. A store that knows better sets <see cref="TaskRecord.IsOwnerAlive"/>, as <see cref="FileTaskStore"/> does.
/// </para>
/// <para>
/// The SDK sets no timeout on a store, since it does not know how long one may take: a call that hangs blocks the create or wait that made
/// it. When the caller cancels, a finished task is returned at once; after an accepted create, the save of the id is awaited for 5 s more,
/// and then the id comes in a <see cref="StorageException"/>. A write that began may still complete. If a store fails after a task has
/// ended, the task is returned all the same and the failure is logged (event 42).
/// </para>
/// </remarks>
public interface ITaskStore
{
    /// <summary>Whether the bytes of images are kept with the request, so that it is complete after a restart.</summary>
    /// <value><see langword="false"/> by default: a record would be as large as its images.</value>
    bool KeepsImages => false;

    /// <summary>Adds the intent of a request, or returns the record that has its key already. Atomic.</summary>
    /// <remarks>
    /// A record without a <see cref="TaskRecord.Key"/> is always added. One with a key is added if the store has no record of that key with
    /// the same or a higher <see cref="TaskRecord.Attempt"/>.
    /// </remarks>
    /// <param name="record">The record, with a new <see cref="TaskRecord.Id"/>.</param>
    /// <param name="cancellationToken">A token to cancel the operation; the record was then added or not.</param>
    /// <returns>The given record if it was added, else the newest attempt of its key.</returns>
    Task<TaskRecord> TryAddAsync(TaskRecord record, CancellationToken cancellationToken = default);

    /// <summary>Replaces the record with the same <see cref="TaskRecord.Id"/>; if it was removed, adds it again.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">A token to cancel the operation; the store then has the old record or the new one.</param>
    Task UpdateAsync(TaskRecord record, CancellationToken cancellationToken = default);

    /// <summary>Replaces a record if it did not change since it was read. Atomic.</summary>
    /// <param name="record">The new record.</param>
    /// <param name="read">
    /// The record as it was read. The stored one is unchanged if it has the same <see cref="TaskRecord.State"/>,
    /// <see cref="TaskRecord.TaskId"/>, <see cref="TaskRecord.UpdatedAt"/> and <see cref="TaskRecord.HeartbeatAt"/>.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation; the store then has the old record or the new one.</param>
    /// <returns>Whether it was replaced.</returns>
    Task<bool> TryUpdateAsync(TaskRecord record, TaskRecord read, CancellationToken cancellationToken = default);

    /// <summary>Returns the record of an accepted task, or null.</summary>
    /// <param name="task">The task. One without a <see cref="TaskHandle.PlatformName"/> is found by its id alone.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    Task<TaskRecord?> FindAsync(TaskHandle task, CancellationToken cancellationToken = default);

    /// <summary>Returns the newest attempt of a key, or null.</summary>
    /// <param name="key">The <see cref="TaskRecord.Key"/>; letter case counts.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    Task<TaskRecord?> FindByKeyAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Returns the records, the oldest first, by their <see cref="TaskRecord.Id"/> in ordinal order.</summary>
    /// <param name="filter">Which records; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    IAsyncEnumerable<TaskRecord> ListAsync(TaskRecordFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Removes a record; nothing changes at the platform. A key without a record can be created, and paid for, again.</summary>
    /// <param name="id">The record's <see cref="TaskRecord.Id"/>.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Removes records that need nothing more and did not change for some time: refused, failed and downloaded ones.</summary>
    /// <remarks>
    /// Records of tasks that are running, unknown or not yet downloaded are never removed. A key whose record was removed can be created,
    /// and <b>paid for</b>, again.
    /// </remarks>
    /// <param name="age">The minimum time since the last change.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system clock.</param>
    /// <param name="cancellationToken">A token to cancel the operation; what was removed stays removed.</param>
    /// <returns>The number of records that were removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The age is negative.</exception>
    Task<int> PruneAsync(TimeSpan age, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) =>
        TaskStoreActions.PruneAsync(this, age, timeProvider, cancellationToken);

    /// <summary>Ends an unknown outcome, after someone looked into the platform's own log.</summary>
    /// <param name="record">A record of unknown outcome, as it was read.</param>
    /// <param name="accepted">
    /// The task, if it was accepted: it is then resumed and returned for its key. <see langword="null"/> if it was not: its key is then
    /// created, and <b>paid for</b>, the next time it is requested.
    /// </param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system clock.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The record as it is now.</returns>
    /// <exception cref="Sora2ValidationException">
    /// The outcome is not unknown, its owner is still sending the request, the task is of another account, or the record changed meanwhile.
    /// </exception>
    Task<TaskRecord> ResolveAsync(
        TaskRecord record, TaskHandle? accepted, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) =>
        TaskStoreActions.ResolveAsync(this, record, accepted, timeProvider, cancellationToken);
}
