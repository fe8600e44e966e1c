using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sora2.Sdk;

/// <summary>What one client tells logs, traces and metrics. Costs next to nothing while nobody listens.</summary>
internal sealed class ClientTelemetry(string client, Sora2Platform platform, ApiKey key, Sora2ClientOptions options)
{
    /// <summary>
    /// The span that created a task, for the span that waits for it to link to. By the very string of the id, which lives as long as somebody may wait for it: nothing has to be cleared up.
    /// </summary>
    private static readonly ConditionalWeakTable<string, StrongBox<ActivityContext>> Creators = [];

    public ILogger Log { get; } = LogOf(options);

    /// <summary>The account in messages: the platform, and the client's name if it has one.</summary>
    public string Account { get; } = AccountOf(platform.Name, client);

    public RunningTasks Running { get; } = RunningTasks.Of(platform, client);

    /// <summary>What every measurement carries.</summary>
    public TagList Tags => new() { { TelemetryTags.Provider, platform.Name }, { TelemetryTags.Client, client } };

    public TimeProvider Clock => options.TimeProvider;

    public bool LogsPrompts => options.LogPrompts && Log.IsEnabled(LogLevel.Trace);

    /// <summary>A text from elsewhere, fit for logs and traces.</summary>
    public string Redacted(string text) => key.Redact(text);

    /// <summary>The log that the options name.</summary>
    public static ILogger LogOf(Sora2ClientOptions options) => options.LoggerFactory is { } loggers ? new QuietLogger(loggers.CreateLogger(Telemetry.Name)) : NullLogger.Instance;

    /// <summary>An account as messages name it.</summary>
    public static string AccountOf(string platform, string client) => client.Length == 0 ? Sora2Platform.TitleOf(platform) : $"{Sora2Platform.TitleOf(platform)} \"{client}\"";

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

        ActivityLink[]? links = taskId is not null && Creators.TryGetValue(taskId, out var creator) ? [new ActivityLink(creator.Value)] : null;
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
    public static void EndSpan(Activity? span, string outcome, Exception? failure)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag(TelemetryTags.Outcome, outcome);
        if (failure is not null)
        {
            span.SetTag(TelemetryTags.ErrorType, ErrorType(failure));
            span.SetStatus(ActivityStatusCode.Error, failure.Message);
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
            Activity.Current = current;
        }
    }

    /// <summary>The kind of an error in a few fixed words.</summary>
    public static string ErrorType(Exception e) => e is Sora2Exception known ? known.Kind.ToString() : e.GetType().Name;

    /// <summary>A span that was sampled created a task.</summary>
    public static void Created(string taskId, Activity? span)
    {
        if (span is not null)
        {
            Creators.AddOrUpdate(taskId, new StrongBox<ActivityContext>(span.Context));
        }
    }
}
