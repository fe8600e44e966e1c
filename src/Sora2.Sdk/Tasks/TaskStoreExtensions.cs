namespace Sora2.Sdk;

/// <summary>What can be done with any <see cref="ITaskStore"/>.</summary>
public static class TaskStoreExtensions
{
    /// <summary>
    /// Removes records that nobody needs any more: refused, failed and downloaded ones that did not change for a while. Nothing that is
    /// running, unknown or not yet downloaded is ever removed.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="age">How long ago the last change has to be.</param>
    /// <param name="clock">Tells the time; null for the system's.</param>
    /// <param name="cancellationToken">Gives up; what was removed stays removed.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The age is negative.</exception>
    /// <exception cref="Sora2Exception">The store gives no list.</exception>
    public static async Task<int> PruneAsync(this ITaskStore store, TimeSpan age, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        var limit = (clock ?? TimeProvider.System).GetUtcNow() - age;
        var removed = 0;
        foreach (var record in await store.ListedAsync(cancellationToken).ConfigureAwait(false))
        {
            if (record.State is TaskRecordState.Refused or TaskRecordState.Failed or TaskRecordState.Downloaded && record.UpdatedAt <= limit
                && await store.RemoveAsync(record.Key, cancellationToken).ConfigureAwait(false))
            {
                removed++;
            }
        }

        return removed;
    }

    /// <summary>The records of a store that may be the caller's own.</summary>
    /// <exception cref="Sora2Exception">It gives none.</exception>
    internal static async Task<IReadOnlyList<TaskRecord>> ListedAsync(this ITaskStore store, CancellationToken cancellationToken)
    {
        var records = await store.ListAsync(cancellationToken).ConfigureAwait(false)
            ?? throw NotKept($"{nameof(ITaskStore.ListAsync)} returned null. It has to return an empty list where there are no records");
        return records.All(record => record is { Key: not null, Platform: not null }) ? records
            : throw NotKept($"{nameof(ITaskStore.ListAsync)} returned a record that is null, or has no {nameof(TaskRecord.Key)} or {nameof(TaskRecord.Platform)}");

        Sora2Exception NotKept(string what) => new(Sora2ErrorKind.Storage, $"The task store {store.GetType().Name} breaks its contract: {what}.");
    }
}
