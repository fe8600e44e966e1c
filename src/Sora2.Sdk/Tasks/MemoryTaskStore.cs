using System.Collections.Concurrent;

namespace Sora2.Sdk;

/// <summary>Remembers tasks for as long as the process lives: for the history of a session, and for tests. Not durable.</summary>
public sealed class MemoryTaskStore : ITaskStore
{
    private readonly ConcurrentDictionary<string, TaskRecord> _records = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        _records[record.Key] = record;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default) =>
        Task.FromResult(_records.Values.FirstOrDefault(record => record.Platform == platform && record.TaskId == taskId));

    /// <inheritdoc />
    public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<TaskRecord>>([.. _records.Values.OrderBy(record => record.Key, StringComparer.Ordinal)]);

    /// <inheritdoc />
    public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => Task.FromResult(_records.TryRemove(key, out _));

    /// <summary>How many tasks are in it.</summary>
    public override string ToString() => $"MemoryTaskStore ({OneLine.Count(_records.Count, "task")})";
}
