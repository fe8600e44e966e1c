using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Sora2.Sdk.Diagnostics;

/// <summary>The one activity source and the one meter, both named <c>Sora2.Sdk</c>, and their instruments. Every name is listed in docs/telemetry.md.</summary>
internal static class Telemetry
{
    public const string Name = "Sora2.Sdk";

    public static readonly string Version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static readonly ActivitySource Spans = new(Name, Version);

    private static readonly Meter Meter = new(Name, Version);

    public static readonly Counter<long> Creates = Meter.CreateCounter<long>("sora2.creates", "{create}", "Paid requests, by what became of them.");

    public static readonly Counter<long> UnknownSubmissions = Meter.CreateCounter<long>("sora2.submissions.unknown", "{create}", "Paid requests of which nobody knows whether they were accepted.");

    public static readonly Histogram<double> OperationDuration = Seconds(
        "gen_ai.client.operation.duration", "How long a paid request took, all its attempts together.", [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]); // those of the GenAI conventions

    public static readonly Counter<long> Polls = Meter.CreateCounter<long>("sora2.polls", "{poll}", "Questions about tasks that are waited for.");

    public static readonly Histogram<double> TaskDuration = Seconds(
        "sora2.task.duration", "How long a task took, from its acceptance to its end.", [15, 30, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600]);

    public static readonly Counter<long> DownloadedBytes = Meter.CreateCounter<long>("sora2.download.bytes", "By", "Bytes of videos that came in, those that came again included.");

    public static readonly Counter<long> Downloads = Meter.CreateCounter<long>("sora2.downloads", "{download}", "Downloads, by what became of them.");

    /// <summary>Adds to a counter, whatever a listener throws; see <see cref="NonThrowingLogger"/>.</summary>
    public static void Count(Counter<long> counter, long by, in TagList tags)
    {
        try
        {
            counter.Add(by, tags);
        }
        catch (Exception)
        {
            // See above.
        }
    }

    /// <summary>Records seconds, whatever a listener throws; see <see cref="NonThrowingLogger"/>.</summary>
    public static void Record(Histogram<double> duration, double seconds, in TagList tags)
    {
        try
        {
            duration.Record(seconds, tags);
        }
        catch (Exception)
        {
            // See above.
        }
    }

    static Telemetry() => Meter.CreateObservableUpDownCounter("sora2.tasks.running", RunningTasks.Measure, "{task}", "Tasks that are being waited for.");

    private static Histogram<double> Seconds(string name, string description, double[] buckets) =>
        Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
}
