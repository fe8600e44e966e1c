namespace Sora2.Sdk;

/// <summary>Extension methods for every <see cref="ITaskStore"/>.</summary>
public static class TaskStoreExtensions
{
    /// <summary>Removes refused, failed and downloaded records that did not change for some time.</summary>
    /// <remarks>Records of tasks that are running, unknown or not yet downloaded are never removed.</remarks>
    /// <param name="store">The store.</param>
    /// <param name="age">The minimum time since the last change.</param>
    /// <param name="clock">The clock; null for the system clock.</param>
    /// <param name="cancellationToken">A token to cancel the operation; what was removed stays removed.</param>
    /// <returns>The number of records that were removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The age is negative.</exception>
    /// <exception cref="Sora2Exception">The store does not return a valid list.</exception>
    public static async Task<int> PruneAsync(
        this ITaskStore store, TimeSpan age, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        var limit = (clock ?? TimeProvider.System).GetUtcNow() - age;
        var removed = 0;
        foreach (var record in await store.ListValidAsync(cancellationToken).ConfigureAwait(false))
        {
            if (record.State is TaskRecordState.Refused or TaskRecordState.Failed or TaskRecordState.Downloaded && record.UpdatedAt <= limit
                && await store.RemoveAsync(record.Key, cancellationToken).ConfigureAwait(false))
            {
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Returns the records of a store, which may be the caller's own.</summary>
    /// <exception cref="Sora2Exception">The list or a record in it is null, or a record has no key or platform.</exception>
    internal static async Task<IReadOnlyList<TaskRecord>> ListValidAsync(this ITaskStore store, CancellationToken cancellationToken)
    {
        var records = await store.ListAsync(cancellationToken).ConfigureAwait(false)
            ?? throw Broken("returned null. It has to return an empty list if there are no records");
        return records.All(record => record is { Key: not null, Platform: not null })
            ? records
            : throw Broken($"returned a record that is null, or has no {nameof(TaskRecord.Key)} or {nameof(TaskRecord.Platform)}");

        Sora2Exception Broken(string how) => new(
            Sora2ErrorKind.Storage,
            $"The task store {store.GetType().Name} breaks its contract: {nameof(ITaskStore.ListAsync)} {how}.");
    }
}
