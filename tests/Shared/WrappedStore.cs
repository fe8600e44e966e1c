namespace Sora2.Sdk.TestSupport;

/// <summary>A store in memory that a test slows down, breaks or watches.</summary>
public abstract class WrappedStore : ITaskStore
{
    public MemoryTaskStore Inner { get; init; } = new();

    public async Task<TaskRecord> TryAddAsync(TaskRecord record, CancellationToken cancellationToken = default)
    {
        var added = record;
        await SaveAsync(record, async () => added = await Inner.TryAddAsync(record, cancellationToken));
        return added;
    }

    public Task UpdateAsync(TaskRecord record, CancellationToken cancellationToken = default) =>
        SaveAsync(record, () => Inner.UpdateAsync(record, cancellationToken));

    public async Task<bool> TryUpdateAsync(TaskRecord record, TaskRecord read, CancellationToken cancellationToken = default)
    {
        var isUpdated = false;
        await SaveAsync(record, async () => isUpdated = await Inner.TryUpdateAsync(record, read, cancellationToken));
        return isUpdated;
    }

    public async Task<TaskRecord?> FindAsync(TaskHandle task, CancellationToken cancellationToken = default)
    {
        await ReadAsync();
        return await Inner.FindAsync(task, cancellationToken);
    }

    public async Task<TaskRecord?> FindByKeyAsync(string key, CancellationToken cancellationToken = default)
    {
        await ReadAsync();
        return await Inner.FindByKeyAsync(key, cancellationToken);
    }

    public virtual IAsyncEnumerable<TaskRecord> ListAsync(TaskRecordFilter? filter = null, CancellationToken cancellationToken = default) =>
        Inner.ListAsync(filter, cancellationToken);

    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default) => Inner.RemoveAsync(id, cancellationToken);

    /// <summary>Adds or updates a record.</summary>
    protected virtual Task SaveAsync(TaskRecord record, Func<Task> save) => save();

    /// <summary>Called before a record is looked for.</summary>
    protected virtual Task ReadAsync() => Task.CompletedTask;
}
