using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Sora2.Sdk.Diagnostics;

/// <summary>The activity source and the meter, both named <c>Sora2.Sdk</c>, and their instruments.</summary>
/// <remarks>docs/telemetry.md lists every name.</remarks>
internal static class Telemetry
{
    public const string Name = "Sora2.Sdk";

    public static readonly string Version =
        typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static readonly ActivitySource Spans = new(Name, Version);

    private static readonly Meter Meter = new(Name, Version);

    public static readonly Counter<long> Creates = Meter.CreateCounter<long>(
        "sora2.creates", "{create}", "Paid requests, by outcome.");

    public static readonly Counter<long> UnknownSubmissions = Meter.CreateCounter<long>(
        "sora2.submissions.unknown", "{create}", "Paid requests of which it is not known whether they were accepted.");

    public static readonly Histogram<double> OperationDuration = CreateSeconds(
        "gen_ai.client.operation.duration",
        "The duration of a paid request, all its attempts together.",
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]); // those of the GenAI conventions

    public static readonly Counter<long> Polls = Meter.CreateCounter<long>(
        "sora2.polls", "{poll}", "Polls of tasks that are waited for.");

    public static readonly ObservableUpDownCounter<long> RunningTasks = Meter.CreateObservableUpDownCounter(
        "sora2.tasks.running", Diagnostics.RunningTasks.Measure, "{task}", "Tasks that are being waited for.");

    public static readonly Histogram<double> TaskDuration = CreateSeconds(
        "sora2.task.duration",
        "The duration of a task, from its acceptance to its end.",
        [15, 30, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600]);

    public static readonly Counter<long> DownloadedBytes = Meter.CreateCounter<long>(
        "sora2.download.bytes", "By", "Bytes of videos that were received, repeated ones included.");

    public static readonly Counter<long> Downloads = Meter.CreateCounter<long>(
        "sora2.downloads", "{download}", "Downloads, by outcome.");

    /// <summary>Adds to a counter; what a listener throws is swallowed.</summary>
    public static void Count(Counter<long> counter, long by, in TagList tags) =>
        NonThrowing.Invoke(static call => call.counter.Add(call.by, call.tags), (counter, by, tags));

    /// <summary>Records a duration in seconds; what a listener throws is swallowed.</summary>
    public static void Record(Histogram<double> duration, double seconds, in TagList tags) =>
        NonThrowing.Invoke(static call => call.duration.Record(call.seconds, call.tags), (duration, seconds, tags));

    private static Histogram<double> CreateSeconds(string name, string description, double[] buckets) => Meter.CreateHistogram(
        name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
}
