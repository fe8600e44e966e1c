using System.Diagnostics.Metrics;

namespace Sora2.Sdk.Diagnostics;

/// <summary>The number of tasks that the clients of one platform and name wait for.</summary>
/// <remarks>
/// Counted whether there is a listener or not, so that one that starts later sees the whole number. An entry is removed when its clients
/// are disposed and its waits have ended, but with a listener only after a measurement of zero: its series would keep the last number.
/// </remarks>
internal sealed class RunningTasks
{
    private static readonly Dictionary<(string Platform, string Client), RunningTasks> All = [];

    private readonly (string Platform, string Client) _key;
    private readonly KeyValuePair<string, object?>[] _tags;
    private int _clients;
    private long _count;

    private RunningTasks((string Platform, string Client) key) =>
        (_key, _tags) = (key, [new(TelemetryTags.Provider, key.Platform), new(TelemetryTags.Client, key.Client)]);

    /// <summary>Adds a client; <see cref="RemoveClient"/> has to follow when it is disposed.</summary>
    public static RunningTasks AddClient(Sora2Platform platform, string client)
    {
        lock (All)
        {
            var key = (platform.Name, client);
            if (!All.TryGetValue(key, out var tasks))
            {
                All.Add(key, tasks = new RunningTasks(key));
            }

            tasks._clients++;
            return tasks;
        }
    }

    public static IReadOnlyList<Measurement<long>> Measure()
    {
        lock (All)
        {
            var measured = All.Values.Select(tasks => (Tasks: tasks, Count: Interlocked.Read(ref tasks._count))).ToList();
            foreach (var (tasks, _) in measured.Where(entry => entry is { Count: 0, Tasks._clients: 0 }))
            {
                All.Remove(tasks._key);
            }

            return [.. measured.Select(entry => new Measurement<long>(entry.Count, entry.Tasks._tags))];
        }
    }

    public void RemoveClient()
    {
        lock (All)
        {
            _clients--;
        }

        RemoveUnused();
    }

    public void Increment() => Interlocked.Increment(ref _count);

    public void Decrement()
    {
        if (Interlocked.Decrement(ref _count) == 0 && Volatile.Read(ref _clients) == 0)
        {
            RemoveUnused();
        }
    }

    private void RemoveUnused()
    {
        if (Telemetry.RunningTasks.Enabled)
        {
            return; // Removed by the next measurement.
        }

        lock (All)
        {
            if (_clients == 0 && Interlocked.Read(ref _count) == 0 && All.GetValueOrDefault(_key) == this)
            {
                All.Remove(_key);
            }
        }
    }
}
