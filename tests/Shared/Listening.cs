using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.TestSupport;

/// <summary>Collects the log, spans and measurements of a client, by its name. Tests run in parallel, so each uses its own name.</summary>
public sealed class Listening : ILoggerFactory
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _meters;
    private readonly Func<string, bool> _listensTo;

    /// <param name="clientName">The client; null collects those of all clients and of the framework.</param>
    public Listening(string? clientName)
    {
        ClientName = clientName ?? "";
        _listensTo = source => clientName is null || source == "Sora2.Sdk";
        _spans = new ActivityListener
        {
            ShouldListenTo = source => _listensTo(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (clientName is null || Equals(span.GetTagItem("sora2.client.name"), clientName))
                {
                    Spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_spans);
        _meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (_listensTo(instrument.Meter.Name))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _meters.Start();

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
            var measurement = new Measured(instrument.Name, value, named);
            if (clientName is null || Equals(measurement.Tags.GetValueOrDefault("sora2.client.name"), clientName))
            {
                Measurements.Enqueue(measurement);
            }
        }
    }

    public string ClientName { get; }

    public LogLevel Level { get; init; } = LogLevel.Trace;

    public ConcurrentQueue<Activity> Spans { get; } = new();

    public ConcurrentQueue<Measured> Measurements { get; } = new();

    public ConcurrentQueue<LogLine> Lines { get; } = new();

    /// <summary>Returns all measurements of an instrument.</summary>
    public IReadOnlyList<Measured> Of(string instrument) => [.. Measurements.Where(measurement => measurement.Instrument == instrument)];

    /// <summary>Reads an observable instrument.</summary>
    public double Ask(string instrument)
    {
        Measurements.Clear();
        _meters.RecordObservableInstruments();
        return Of(instrument).Single().Value;
    }

    public ILogger CreateLogger(string categoryName) => new Named(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        _spans.Dispose();
        _meters.Dispose();
    }

    private sealed class Named(Listening all, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= all.Level;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var values = string.Join(' ', state as IEnumerable<KeyValuePair<string, object?>> ?? []);
                var text = formatter(state, exception);
                all.Lines.Enqueue(new LogLine(category, logLevel, eventId.Id, text, values, exception?.ToString()));
            }
        }
    }
}
