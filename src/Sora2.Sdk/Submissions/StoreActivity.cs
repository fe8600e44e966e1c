using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Submissions;

/// <summary>The activity of this process on one task store, which clients may share: what is being sent, and the held tasks.</summary>
internal sealed class StoreActivity
{
    private static readonly ConditionalWeakTable<ITaskStore, StoreActivity> Known = [];

    private readonly ConcurrentDictionary<string, bool> _sending = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Platform, string Client), HeldTasks> _held = [];

    public static StoreActivity For(ITaskStore store) => Known.GetValue(store, static _ => new StoreActivity());

    public HeldTasks HeldBy(string platform, string client) => _held.GetOrAdd((platform, client), static _ => new HeldTasks());

    /// <summary>Reports that the request of an intent is being sent.</summary>
    public void Sending(string key) => _sending[key] = true;

    public bool IsSending(string key) => _sending.ContainsKey(key);

    /// <summary>Reports that the request's outcome is written.</summary>
    public void Sent(string key) => _sending.TryRemove(key, out _);
}
