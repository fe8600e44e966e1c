using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.Benchmarks;

/// <summary>Creates a task and waits for it, with and without listeners for logs, spans and metrics.</summary>
/// <remarks>The wait ends at its first poll; there is no network.</remarks>
public class TelemetryBenchmarks
{
    private readonly FixedResponses _handler = new();
    private Sora2Client? _client;
    private IDisposable? _listener;

    [GlobalSetup(Target = nameof(NoListener))]
    public void Setup() => Start(null);

    [GlobalSetup(Target = nameof(LogOfLifecycles))]
    public void SetupLog() => Start(new NullFactory(LogLevel.Information));

    [GlobalSetup(Target = nameof(LogOfCalls))]
    public void SetupDebug() => Start(new NullFactory(LogLevel.Debug));

    [GlobalSetup(Target = nameof(Spans))]
    public void SetupSpans()
    {
        Start(null);
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Sora2.Sdk",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        _listener = listener;
    }

    [GlobalSetup(Target = nameof(Metrics))]
    public void SetupMetrics()
    {
        Start(null);
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Sora2.Sdk")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        listener.Start();
        _listener = listener;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _listener?.Dispose();
        _client!.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task<VideoTask> NoListener() => MakeAsync();

    [Benchmark]
    public Task<VideoTask> LogOfLifecycles() => MakeAsync();

    [Benchmark]
    public Task<VideoTask> LogOfCalls() => MakeAsync();

    [Benchmark]
    public Task<VideoTask> Spans() => MakeAsync();

    [Benchmark]
    public Task<VideoTask> Metrics() => MakeAsync();

    private void Start(ILoggerFactory? log) =>
        _client = new Sora2Client(new Sora2ClientOptions { ApiKey = "test-key-juxin", LoggerFactory = log }, _handler);

    private async Task<VideoTask> MakeAsync()
    {
        var created = await _client!.Videos.CreateAsync(new VideoRequest("A corgi surfs at sunset")).ConfigureAwait(false);
        return await _client.Videos.WaitAsync(created.Id).ConfigureAwait(false);
    }

    private sealed class FixedResponses : HttpMessageHandler
    {
        private static readonly byte[] Accepted = """{"id":"video_5c6a605a","status":"queued","progress":0}"""u8.ToArray();
        private static readonly byte[] Done = Encoding.UTF8.GetBytes("""
            {"id":"video_5c6a605a","status":"completed","progress":100,"video_url":"https://media.example.com/a.mp4",
            "created_at":1761622232,"completed_at":1761622385}
            """.ReplaceLineEndings(""));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new ByteArrayContent(request.Method == HttpMethod.Post ? Accepted : Done),
            });
    }

    /// <summary>A logger that formats every message of a level and above, and discards it.</summary>
    private sealed class NullFactory(LogLevel level) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            formatter(state, exception);

        public void Dispose()
        {
        }
    }
}
