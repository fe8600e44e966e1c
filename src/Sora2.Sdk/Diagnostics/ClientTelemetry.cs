using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sora2.Sdk;

/// <summary>What one client tells logs, traces and metrics. Costs next to nothing while nobody listens.</summary>
internal sealed class ClientTelemetry(string client, Sora2Platform platform, ApiKey key, Sora2ClientOptions options)
{
    /// <summary>So many tasks are remembered for those that wait for them later.</summary>
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, Creation> _creations = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public ILogger Log { get; } = LogOf(options);

    /// <summary>The account in messages.</summary>
    public string Account { get; } = Sora2Platform.AccountOf(platform.Name, client);

    public RunningTasks Running { get; } = RunningTasks.Of(platform, client);

    /// <summary>What every measurement carries.</summary>
    public TagList Tags => new() { { TelemetryTags.Provider, platform.Name }, { TelemetryTags.Client, client } };

    /// <summary>The same for something that failed, or did not.</summary>
    public TagList TagsOf(Exception? failure)
    {
        var tags = Tags;
        if (failure is not null)
        {
            tags.Add(TelemetryTags.ErrorType, ErrorType(failure));
        }

        return tags;
    }

    public TimeProvider Clock => options.TimeProvider;

    public bool LogsPrompts => options.LogPrompts && Log.IsEnabled(LogLevel.Trace);

    /// <summary>A text that may hold words from elsewhere, fit for logs and traces: without secrets, and on one line, so that it cannot pass for other lines.</summary>
    public string Redacted(string text, int longest = 2000) => OneLine.Of(key.Mask(text), longest);

    /// <summary>The log that the options name.</summary>
    public static ILogger LogOf(Sora2ClientOptions options)
    {
        try
        {
            return options.LoggerFactory is { } loggers ? new QuietLogger(loggers.CreateLogger(Telemetry.Name)) : NullLogger.Instance;
        }
        catch (ObjectDisposedException)
        {
            return NullLogger.Instance; // The application is ending.
        }
    }

    /// <summary>Starts a span, if somebody listens. It does not become the current one: that is for whoever works under it to set.</summary>
    public Activity? StartSpan(string name, ActivityKind kind, string? taskId, TagList tags)
    {
        if (!Telemetry.Spans.HasListeners())
        {
            return null;
        }

        tags.Add(TelemetryTags.Provider, platform.Name);
        tags.Add(TelemetryTags.Client, client);
        if (taskId is not null)
        {
            tags.Add(TelemetryTags.TaskId, taskId);
        }

        ActivityLink[]? links = taskId is not null && CreationOf(taskId) is { Span: { } creator } ? [new ActivityLink(creator)] : null;
        var current = Activity.Current;
        try
        {
            return Telemetry.Spans.StartActivity(name, kind, parentContext: default, tags, links);
        }
        catch (Exception)
        {
            return null; // What a listener throws; see QuietLogger.
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Ends a span. Whatever was current stays current, on whichever thread this is.</summary>
    public void EndSpan(Activity? span, string outcome, Exception? failure)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag(TelemetryTags.Outcome, outcome);
        if (failure is not null)
        {
            span.SetTag(TelemetryTags.ErrorType, ErrorType(failure));
            span.SetStatus(ActivityStatusCode.Error, Redacted(failure.Message));
        }

        var current = Activity.Current;
        try
        {
            span.Stop();
        }
        catch (Exception)
        {
            // What a listener throws; see QuietLogger.
        }
        finally
        {
            if (current != span)
            {
                Activity.Current = current;
            }
        }
    }

    /// <summary>The kind of an error in a few fixed words.</summary>
    private static string ErrorType(Exception e) => e is Sora2Exception known ? known.Kind.ToString() : e.GetType().Name;

    /// <summary>A task was created here. Remembered, while somebody listens, for the wait that may come later by the id alone.</summary>
    public void Created(string taskId, Activity? span)
    {
        if ((span is null && !Telemetry.TaskDuration.Enabled) || !_creations.TryAdd(taskId, new Creation(span?.Context, Clock.GetTimestamp())))
        {
            return;
        }

        _order.Enqueue(taskId);
        if (_creations.Count > MaxRemembered && _order.TryDequeue(out var oldest))
        {
            _creations.TryRemove(oldest, out _);
        }
    }

    /// <summary>How long ago a task was created here, if that is remembered.</summary>
    public TimeSpan? AgeOf(string taskId) => CreationOf(taskId) is { } creation ? Clock.GetElapsedTime(creation.Timestamp) : null;

    private Creation? CreationOf(string taskId) => _creations.GetValueOrDefault(taskId);

    private sealed record Creation(ActivityContext? Span, long Timestamp);
}
