using System.Collections.Concurrent;

namespace Sora2.Sdk.Tasks;

/// <summary>Who is sending the request of an intent, and whether that one still lives.</summary>
internal static class IntentOwner
{
    /// <summary>How often the owner of an intent shows that it lives.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>How long an owner may be silent before its intent counts as lost.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(1);

    /// <summary>The requests that this process is sending, by the id of their record.</summary>
    private static readonly ConcurrentDictionary<string, bool> Sending = new(StringComparer.Ordinal);

    /// <summary>This process: machine, process and start.</summary>
    public static string This { get; } =
        FormattableString.Invariant($"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");

    /// <summary>Reports that this process is sending the request of an intent.</summary>
    public static void Begin(string id) => Sending[id] = true;

    /// <summary>Reports that the request's outcome is written.</summary>
    public static void End(string id) => Sending.TryRemove(id, out _);

    /// <summary>Whether the request of an intent is being sent.</summary>
    public static bool IsAlive(TaskRecord record, DateTimeOffset now) => record is { State: TaskRecordState.Submitting, TaskId: null }
        && (record.Owner == This
            ? Sending.ContainsKey(record.Id)
            : record.IsOwnerAlive ?? (record.HeartbeatAt is { } heartbeat && now - heartbeat < MaxSilence));
}
