namespace Sora2.Sdk;

/// <summary>What can be done with any <see cref="ITaskStore"/>.</summary>
public static class TaskStoreExtensions
{
    /// <summary>
    /// Removes records that nobody needs any more: refused, failed and downloaded ones that did not change for a while. Nothing that is running, unknown or not yet downloaded
    /// is ever removed.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="age">How long ago the last change has to be.</param>
    /// <param name="clock">Tells the time; null for the system's.</param>
    /// <param name="cancellationToken">Gives up; what was removed stays removed.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The age is negative.</exception>
    public static async Task<int> PruneAsync(this ITaskStore store, TimeSpan age, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        var limit = (clock ?? TimeProvider.System).GetUtcNow() - age;
        var removed = 0;
        foreach (var record in await store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (record.State is TaskRecordState.Refused or TaskRecordState.Failed or TaskRecordState.Downloaded && record.UpdatedAt <= limit
                && await store.RemoveAsync(record.Key, cancellationToken).ConfigureAwait(false))
            {
                removed++;
            }
        }

        return removed;
    }
}
