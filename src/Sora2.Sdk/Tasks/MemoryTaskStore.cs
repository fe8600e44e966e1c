using System.Runtime.CompilerServices;
using Sora2.Sdk.Common;
using Sora2.Sdk.Tasks;

namespace Sora2.Sdk;

/// <summary>Stores tasks in memory, for the history of a session and for tests; the records are lost when the process ends.</summary>
public sealed class MemoryTaskStore : ITaskStore
{
    private readonly object _gate = new();
    private readonly Dictionary<string, TaskRecord> _records = new(StringComparer.Ordinal);
    private readonly TaskIndex _index = new();

    /// <inheritdoc />
    public bool KeepsImages { get; init; }

    /// <inheritdoc />
    public Task<TaskRecord> TryAddAsync(TaskRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_gate)
        {
            if (record.Key is { } key && Newest(key) is { } existing && existing.Attempt >= record.Attempt && existing.Id != record.Id)
            {
                return Task.FromResult(existing);
            }

            Set(record);
            return Task.FromResult(record);
        }
    }

    /// <inheritdoc />
    public Task UpdateAsync(TaskRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_gate)
        {
            Set(record);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<bool> TryUpdateAsync(TaskRecord record, TaskRecord read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(read);
        lock (_gate)
        {
            if (!read.IsUnchanged(_records.GetValueOrDefault(record.Id)))
            {
                return Task.FromResult(false);
            }

            Set(record);
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc />
    public Task<TaskRecord?> FindAsync(TaskHandle task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        lock (_gate)
        {
            return Task.FromResult(_index.IdsOf(task) is [.., var id] ? _records[id] : null);
        }
    }

    /// <inheritdoc />
    public Task<TaskRecord?> FindByKeyAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_gate)
        {
            return Task.FromResult(Newest(key));
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<TaskRecord> ListAsync(
        TaskRecordFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        TaskRecord[] records;
        lock (_gate)
        {
            records =
            [
                .. _records.Values.Where(record => filter?.Matches(record) != false)
                    .OrderBy(record => record.Id, StringComparer.Ordinal).Take(filter?.Limit ?? int.MaxValue),
            ];
        }

        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var record in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }
    }

    /// <inheritdoc />
    public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_gate)
        {
            _index.Remove(id);
            return Task.FromResult(_records.Remove(id));
        }
    }

    /// <inheritdoc />
    public Task<int> PruneAsync(TimeSpan age, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) =>
        TaskStoreActions.PruneAsync(this, age, timeProvider, cancellationToken);

    /// <inheritdoc />
    public Task<TaskRecord> ResolveAsync(
        TaskRecord record, TaskHandle? accepted, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) =>
        TaskStoreActions.ResolveAsync(this, record, accepted, timeProvider, cancellationToken);

    /// <summary>Returns the number of tasks.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            return $"MemoryTaskStore ({DisplayFormat.Count(_records.Count, "task")})";
        }
    }

    private TaskRecord? Newest(string key) => TaskIndex.Newest(_index.IdsOf(key).Select(id => _records[id]));

    private void Set(TaskRecord record)
    {
        _records[record.Id] = record;
        _index.Set(record, record.Id);
    }
}
