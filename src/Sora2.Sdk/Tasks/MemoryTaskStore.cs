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
    public Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_gate)
        {
            _records[record.Key] = record;
            _index.Set(record, record.Key);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult(_index.KeysOf(platform, taskId) is [.., var key] ? _records[key] : null);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<TaskRecord>>([.. _records.Values.OrderBy(record => record.Key, StringComparer.Ordinal)]);
        }
    }

    /// <inheritdoc />
    public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _index.Remove(key);
            return Task.FromResult(_records.Remove(key));
        }
    }

    /// <summary>Returns the number of tasks.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            return $"MemoryTaskStore ({DisplayFormat.Count(_records.Count, "task")})";
        }
    }
}
