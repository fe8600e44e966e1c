using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sora2.Sdk.Diagnostics;

/// <summary>
/// How many tasks the clients of one platform and name wait for. Counted whether somebody listens or not, so that whoever begins to in the middle sees the whole number.
/// </summary>
internal sealed class RunningTasks
{
    private static readonly ConcurrentDictionary<(string Platform, string Client), RunningTasks> All = [];

    private readonly KeyValuePair<string, object?>[] _tags;
    private long _count;

    private RunningTasks((string Platform, string Client) of) => _tags = [new(TelemetryTags.Provider, of.Platform), new(TelemetryTags.Client, of.Client)];

    public static RunningTasks For(Sora2Platform platform, string client) => All.GetOrAdd((platform.Name, client), static of => new RunningTasks(of));

    public static IEnumerable<Measurement<long>> Measure() => All.Values.Select(running => new Measurement<long>(Interlocked.Read(ref running._count), running._tags));

    public void Began() => Interlocked.Increment(ref _count);

    public void Ended() => Interlocked.Decrement(ref _count);
}
