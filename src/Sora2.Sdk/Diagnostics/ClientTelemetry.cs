using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Diagnostics;

/// <summary>What one client tells logs, traces and metrics. Costs next to nothing while nobody listens.</summary>
internal sealed class ClientTelemetry(string client, Sora2Platform platform, ApiKey key, Sora2ClientOptions options)
{
    /// <summary>So many tasks are remembered for those that wait for them later.</summary>
    private const int MaxRemembered = 10_000;

    private const int LongestName = 120;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.-");

    private readonly ConcurrentDictionary<string, KnownTask> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public ILogger Log { get; } = LogOf(options);

    /// <summary>The account in messages.</summary>
    public string Account { get; } = Sora2Platform.AccountOf(platform.Name, client);

    public RunningTasks Running { get; } = RunningTasks.For(platform, client);

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
    public string Redacted(string text, int longest = 2000) => LogSanitizer.SingleLine(key.Mask(text), longest);

    /// <summary>The same for a name, such as a task's id, which callers and platforms may have from anywhere. A plain word is itself, so that this costs nothing where nobody listens.</summary>
    [return: NotNullIfNotNull(nameof(name))]
    public string? Shown(string? name) =>
        name is null ? null : name.Length > LongestName || name.AsSpan().ContainsAnyExcept(Plain) ? Redacted(name, LongestName) : key.Mask(name);

    /// <summary>What went wrong. A prompt that the platform quotes is left out, unless prompts are asked for.</summary>
    public string Reason(Exception e, PromptTexts? prompts = null) => Redacted(WithoutPrompts(e.Message, prompts));

    /// <summary>The same of an error about a task, or of what the platform says of one.</summary>
    public string Reason(Exception e, string taskId) => Reason(e, WordsOf(taskId));

    /// <summary>What the platform says of a task, fit for logs and traces: its prompt is not, where it was created here.</summary>
    [return: NotNullIfNotNull(nameof(said))]
    public string? Said(string? said, string taskId, PromptTexts? prompts = null) => said is null ? null : Shown(WithoutPrompts(said, prompts ?? WordsOf(taskId)));

    /// <summary>The reason of a failure, which is longer.</summary>
    public string FailureReason(VideoTask task) => Redacted(WithoutPrompts(task.FailureReason ?? "no reason was given", WordsOf(task.Id)));

    /// <summary>The prompt of a task that was created here, if that is remembered.</summary>
    public PromptTexts? WordsOf(string taskId) => _known.GetValueOrDefault(taskId)?.Words;

    private string WithoutPrompts(string text, PromptTexts? prompts) => options.LogPrompts || prompts is null ? text : prompts.RedactIn(text);

    /// <summary>The log that the options name.</summary>
    public static ILogger LogOf(Sora2ClientOptions options)
    {
        try
        {
            return options.LoggerFactory is { } loggers ? new NonThrowingLogger(loggers.CreateLogger(Telemetry.Name)) : NullLogger.Instance;
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
            tags.Add(TelemetryTags.TaskId, Shown(taskId));
        }

        ActivityLink[]? links = taskId is not null && _known.GetValueOrDefault(taskId) is { Span: { } creator } ? [new ActivityLink(creator)] : null;
        var current = Activity.Current;
        try
        {
            return Telemetry.Spans.StartActivity(name, kind, parentContext: default, tags, links);
        }
        catch (Exception)
        {
            return null; // What a listener throws; see NonThrowingLogger.
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Ends a span. Whatever was current stays current, on whichever thread this is.</summary>
    public void EndSpan(Activity? span, string outcome, Exception? failure, PromptTexts? prompts = null)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag(TelemetryTags.Outcome, outcome);
        if (failure is not null)
        {
            span.SetTag(TelemetryTags.ErrorType, ErrorType(failure));
            span.SetStatus(ActivityStatusCode.Error, Reason(failure, prompts));
        }

        var current = Activity.Current;
        try
        {
            span.Stop();
        }
        catch (Exception)
        {
            // What a listener throws; see NonThrowingLogger.
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
    public void Created(string taskId, Activity? span, PromptTexts words)
    {
        if (span is not null || Telemetry.TaskDuration.Enabled || Log.IsEnabled(LogLevel.Error))
        {
            Known(taskId, new KnownTask(span?.Context, Clock.GetTimestamp(), options.LogPrompts ? null : words));
        }
    }

    /// <summary>How long ago a task was created here, if that is remembered.</summary>
    public TimeSpan? AgeOf(string taskId) => _known.GetValueOrDefault(taskId)?.CreatedAt is { } createdAt ? Clock.GetElapsedTime(createdAt) : null;

    /// <summary>Whether this is the first time that the end of a task is measured: it may be waited for again.</summary>
    public bool IsFirstEnd(string taskId) => Known(taskId, new KnownTask(span: null, createdAt: null, words: null)).IsFirstEnd();

    private KnownTask Known(string taskId, KnownTask task)
    {
        var known = _known.GetOrAdd(taskId, task);
        if (known == task)
        {
            _order.Enqueue(taskId);
            if (_known.Count > MaxRemembered && _order.TryDequeue(out var oldest))
            {
                _known.TryRemove(oldest, out _);
            }
        }

        return known;
    }

    private sealed class KnownTask(ActivityContext? span, long? createdAt, PromptTexts? words)
    {
        private int _ends;

        public ActivityContext? Span => span;

        public long? CreatedAt => createdAt;

        public PromptTexts? Words => words;

        public bool IsFirstEnd() => Interlocked.Increment(ref _ends) == 1;
    }
}
