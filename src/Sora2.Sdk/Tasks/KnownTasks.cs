using System.Collections.Concurrent;

namespace Sora2.Sdk.Tasks;

/// <summary>What one client remembers of the tasks that it created: one entry a task.</summary>
/// <remarks>
/// Of too many, the oldest that takes no slot is removed, whether it ended or not, and nothing else is: a task that is never polled must
/// not stay forever, and one that ended may be waited for once more.
/// </remarks>
/// <param name="maxRunning">The number of slots.</param>
internal sealed class KnownTasks(int maxRunning) : IDisposable
{
    /// <summary>The number of tasks that are remembered, unless more may run.</summary>
    internal const int MaxTasks = 10_000;

    private readonly int _max = Math.Max(MaxTasks, maxRunning);

    private readonly ConcurrentDictionary<string, KnownTask> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    internal int Count => _tasks.Count;

    public KnownTask? Find(string taskId) => _tasks.GetValueOrDefault(taskId);

    public KnownTask FindOrAdd(string taskId)
    {
        if (_tasks.TryGetValue(taskId, out var known))
        {
            return known;
        }

        var added = new KnownTask();
        known = _tasks.GetOrAdd(taskId, added);
        if (known == added)
        {
            _order.Enqueue(taskId);
            if (_tasks.Count > _max)
            {
                RemoveOldest();
            }
        }

        return known;
    }

    /// <summary>Reports that a task ended: its slot is released, and its address forgotten.</summary>
    public void Ended(string taskId)
    {
        if (Find(taskId) is { } task)
        {
            task.ReleaseSlot();
            task.Address = null;
        }
    }

    /// <summary>Releases every slot.</summary>
    public void Dispose()
    {
        foreach (var task in _tasks.Values)
        {
            task.ReleaseSlot();
        }
    }

    private void RemoveOldest()
    {
        while (_order.TryDequeue(out var oldest))
        {
            if (_tasks.GetValueOrDefault(oldest)?.Slot is null)
            {
                _tasks.TryRemove(oldest, out _);
                return;
            }

            _order.Enqueue(oldest); // It still runs; there are more entries than slots.
        }
    }
}
