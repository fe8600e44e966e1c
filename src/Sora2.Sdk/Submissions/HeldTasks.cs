using System.Collections.Concurrent;

namespace Sora2.Sdk.Submissions;

/// <summary>
/// The tasks that this process is taking care of, and by how many calls: what one of them waits for or downloads, another one does not
/// resume.
/// </summary>
internal sealed class HeldTasks
{
    private readonly ConcurrentDictionary<string, int> _holders = new(StringComparer.Ordinal);

    /// <summary>Takes part in a task.</summary>
    public void Hold(string taskId) => _holders.AddOrUpdate(taskId, 1, static (_, holders) => holders + 1);

    /// <summary>Takes a task that nobody else takes care of.</summary>
    public bool TryTake(string taskId) => _holders.TryAdd(taskId, 1);

    /// <summary>Ends what <see cref="Hold"/> or <see cref="TryTake"/> began.</summary>
    public void Release(string taskId)
    {
        while (_holders.TryGetValue(taskId, out var holders)
            && !(holders == 1 ? _holders.TryRemove(KeyValuePair.Create(taskId, 1)) : _holders.TryUpdate(taskId, holders - 1, holders)))
        {
            // Another call came between.
        }
    }
}
