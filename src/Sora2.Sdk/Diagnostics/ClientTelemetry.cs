using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sora2.Sdk.Common;
using Sora2.Sdk.Tasks;

namespace Sora2.Sdk.Diagnostics;

/// <summary>The logs, traces and metrics of one client.</summary>
/// <remarks>Costs next to nothing without a listener.</remarks>
internal sealed class ClientTelemetry(string client, Sora2Platform platform, ApiKey key, Sora2ClientOptions options, KnownTasks tasks)
    : IDisposable
{
    private const int MaxName = 120;

    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.-");

    public ILogger Log { get; } = CreateLogger(options);

    /// <summary>The account's name in messages.</summary>
    public string Account { get; } = Sora2Platform.AccountOf(platform.Name, client);

    public RunningTasks Running { get; } = RunningTasks.AddClient(platform, client);

    public TimeProvider Clock => options.TimeProvider;

    public bool LogsPrompts => options.LogPrompts && Log.IsEnabled(LogLevel.Trace);

    /// <summary>The tags of every measurement.</summary>
    public TagList Tags => new() { { TelemetryTags.Provider, platform.Name }, { TelemetryTags.Client, client } };

    /// <summary>The tags of every measurement, and the type of the error if there was one.</summary>
    public TagList TagsFor(Exception? failure)
    {
        var tags = Tags;
        if (failure is not null)
        {
            tags.Add(TelemetryTags.ErrorType, ErrorType(failure));
        }

        return tags;
    }

    /// <summary>Creates the logger that the options name.</summary>
    public static ILogger CreateLogger(Sora2ClientOptions options)
    {
        try
        {
            return options.LoggerFactory is { } loggers
                ? new NonThrowingLogger(loggers.CreateLogger(Telemetry.Name))
                : NullLogger.Instance;
        }
        catch (ObjectDisposedException)
        {
            return NullLogger.Instance; // The application is ending.
        }
    }

    /// <summary>Makes text from outside fit for logs and traces: no secrets, and one line, so that it cannot forge others.</summary>
    public string Sanitize(string text, int longest = 2000) => LogSanitizer.SingleLine(key.Mask(text), longest);

    /// <summary>Makes a name fit for logs and traces, such as a task's id, which callers and platforms may have from anywhere.</summary>
    /// <remarks>A plain word is returned as it is, so that this costs nothing without a listener.</remarks>
    [return: NotNullIfNotNull(nameof(name))]
    public string? SanitizeName(string? name) =>
        name is null ? null
        : name.Length > MaxName || name.AsSpan().ContainsAnyExcept(PlainCharacters) ? Sanitize(name, MaxName)
        : key.Mask(name);

    /// <summary>Makes a name from a response about a task fit for logs and traces, without the task's prompt if it is known.</summary>
    [return: NotNullIfNotNull(nameof(name))]
    public string? SanitizeName(string? name, string taskId, PromptTexts? prompts = null) =>
        name is null ? null : SanitizeName(WithoutPrompts(name, prompts ?? PromptsOf(taskId)));

    /// <summary>The message of an error, without prompts that the platform quotes unless the options have prompts logged.</summary>
    public string Reason(Exception e, PromptTexts? prompts = null) => Sanitize(WithoutPrompts(e.Message, prompts));

    /// <summary>The message of an error about a task, without the task's prompt if it is known.</summary>
    public string Reason(Exception e, string taskId) => Reason(e, PromptsOf(taskId));

    /// <summary>The reason why a task failed, without the task's prompt if it is known.</summary>
    public string FailureReason(VideoTask task) =>
        Sanitize(WithoutPrompts(task.FailureReason ?? "no reason was given", PromptsOf(task.Id)));

    /// <summary>The prompts of a task that was created here, if it is remembered.</summary>
    public PromptTexts? PromptsOf(string taskId) => tasks.Find(taskId)?.Prompts;

    /// <summary>Starts a span, if there is a listener; it does not become the current one.</summary>
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
            tags.Add(TelemetryTags.TaskId, SanitizeName(taskId));
        }

        var creator = taskId is null ? null : tasks.Find(taskId)?.Span;
        ActivityLink[]? links = creator is { } context ? [new ActivityLink(context)] : null;
        var current = Activity.Current;
        var span = NonThrowing.Invoke(
            static start => Telemetry.Spans.StartActivity(start.name, start.kind, parentContext: default, start.tags, start.links),
            (name, kind, tags, links));
        Activity.Current = current;
        return span;
    }

    /// <summary>Ends a span; the current span stays the current one, on every thread.</summary>
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
        NonThrowing.Invoke(static ended => ended.Stop(), span);
        if (current != span)
        {
            Activity.Current = current;
        }
    }

    /// <summary>Remembers a task that was created here, while there is a listener, for a wait that starts later by the id alone.</summary>
    public void Created(string taskId, Activity? span, PromptTexts prompts)
    {
        if (span is not null || Telemetry.TaskDuration.Enabled || Log.IsEnabled(LogLevel.Error))
        {
            var task = tasks.FindOrAdd(taskId);
            task.Span ??= span?.Context;
            task.CreatedAt ??= Clock.GetTimestamp();
            task.Prompts ??= options.LogPrompts ? null : prompts;
        }
    }

    /// <summary>How long ago a task was created here, if that is remembered.</summary>
    public TimeSpan? AgeOf(string taskId) =>
        tasks.Find(taskId)?.CreatedAt is { } createdAt ? Clock.GetElapsedTime(createdAt) : null;

    /// <summary>Whether the end of a task is measured for the first time: it may be waited for more than once.</summary>
    public bool IsFirstEnd(string taskId) => tasks.FindOrAdd(taskId).IsFirstEnd();

    /// <summary>Ends the measurement of the client's running tasks.</summary>
    public void Dispose() => Running.RemoveClient();

    private string WithoutPrompts(string text, PromptTexts? prompts) =>
        options.LogPrompts || prompts is null ? text : prompts.RedactIn(text);

    /// <summary>The kind of an SDK error, or the type of another: a few fixed values.</summary>
    private static string ErrorType(Exception e) => e is Sora2Exception known ? known.Kind.ToString() : e.GetType().Name;
}
