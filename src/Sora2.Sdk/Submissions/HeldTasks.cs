using System.Collections.Concurrent;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// The tasks that this process works on, with the number of calls: a task that one waits for or downloads is not resumed by another.
/// </summary>
internal sealed class HeldTasks
{
    private readonly ConcurrentDictionary<string, int> _holders = new(StringComparer.Ordinal);

    /// <summary>Adds a call to a task.</summary>
    public void Hold(string taskId) => _holders.AddOrUpdate(taskId, 1, static (_, holders) => holders + 1);

    /// <summary>Adds a call to a task that no other call holds.</summary>
    public bool TryHold(string taskId) => _holders.TryAdd(taskId, 1);

    /// <summary>Ends what <see cref="Hold"/> or <see cref="TryHold"/> began.</summary>
    public void Release(string taskId)
    {
        while (_holders.TryGetValue(taskId, out var holders)
            && !(holders == 1 ? _holders.TryRemove(KeyValuePair.Create(taskId, 1)) : _holders.TryUpdate(taskId, holders - 1, holders)))
        {
            // Another call changed the count; try again.
        }
    }
}
