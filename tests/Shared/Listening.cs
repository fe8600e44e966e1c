using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.TestSupport;

/// <summary>Hears everything that a client of one name tells: log, spans and measurements. Tests run side by side, so each has a name of its own.</summary>
public sealed class Listening : ILoggerFactory
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _meters;
    private readonly Func<string, bool> _listensTo;

    /// <param name="clientName">The client; null hears all of them, and what the framework tells about their calls.</param>
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
            var measurement = new Measured(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal));
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

    /// <summary>All measurements of an instrument.</summary>
    public IReadOnlyList<Measured> Of(string instrument) => [.. Measurements.Where(measurement => measurement.Instrument == instrument)];

    /// <summary>What an instrument says that is asked.</summary>
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

    private void Write<TState>(string category, LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(new LogLine(
        category, level, id.Id, formatter(state, exception), string.Join(' ', state as IEnumerable<KeyValuePair<string, object?>> ?? []), exception?.ToString()));

    private sealed class Named(Listening all, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= all.Level;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                all.Write(category, logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
