namespace Sora2.Sdk.Tasks;

/// <summary>Maps tasks to the keys of their records; a copied file makes two records of one task. Not thread-safe.</summary>
internal sealed class TaskIndex
{
    private readonly Dictionary<string, (string Platform, string TaskId)?> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Platform, string TaskId), List<string>> _keys = [];

    public bool Has(string key) => _tasks.ContainsKey(key);

    public IReadOnlyList<string> KeysOf(string platform, string taskId) =>
        _keys.TryGetValue((platform, taskId), out var keys) ? [.. keys] : [];

    /// <summary>Adds a record, or replaces the one with the same key.</summary>
    public void Set(TaskRecord record, string key)
    {
        Remove(key);
        if (record.TaskId is null)
        {
            _tasks.Add(key, null);
            return;
        }

        var task = (record.Platform, record.TaskId);
        _tasks.Add(key, task);
        if (_keys.TryGetValue(task, out var keys))
        {
            keys.Add(key);
        }
        else
        {
            _keys.Add(task, [key]);
        }
    }

    public void Remove(string key)
    {
        if (_tasks.Remove(key, out var task) && task is { } of && _keys[of].Remove(key) && _keys[of].Count == 0)
        {
            _keys.Remove(of);
        }
    }

    public void Clear()
    {
        _tasks.Clear();
        _keys.Clear();
    }
}
