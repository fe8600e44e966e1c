using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Submissions;

/// <summary>The activity of this process on one task store, which clients may share: the held tasks, and whose turn a key is.</summary>
internal sealed class StoreActivity
{
    private static readonly ConditionalWeakTable<ITaskStore, StoreActivity> Known = [];

    private readonly ConcurrentDictionary<(string Platform, string Client), HeldTasks> _held = [];

    /// <summary>The creates with keys.</summary>
    public KeyTurns Keys { get; } = new();

    public static StoreActivity For(ITaskStore store) => Known.GetValue(store, static _ => new StoreActivity());

    public HeldTasks HeldBy(string platform, string client) => _held.GetOrAdd((platform, client), static _ => new HeldTasks());
}
