using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Polling;

/// <summary>The logs, span and measurements of one wait for a task.</summary>
/// <remarks>A struct inside <see cref="TaskWait"/> without a reference to the client's telemetry, to keep a wait small.</remarks>
internal struct WaitTelemetry
{
    private Activity? _span;
    private bool _isOpen;
    private bool _wasUnfinished;

    /// <summary>Begins the span and counts the wait.</summary>
    public void Begin(ClientTelemetry telemetry, string taskId, bool wasCreated)
    {
        (_isOpen, _wasUnfinished) = (true, wasCreated);
        telemetry.Running.Increment();
        var tags = new TagList { { TelemetryTags.Operation, "wait_for_video" } };
        _span = telemetry.StartSpan("wait_for_video", ActivityKind.Internal, taskId, tags);
    }

    /// <summary>Makes the calls that follow in this method children of the wait.</summary>
    public readonly void Enter()
    {
        if (_span is not null)
        {
            Activity.Current = _span;
        }
    }

    /// <summary>Records a response to a poll.</summary>
    public void Polled(ClientTelemetry telemetry, VideoTask? previous, VideoTask task)
    {
        if (Telemetry.Polls.Enabled)
        {
            var tags = telemetry.Tags;
            tags.Add(TelemetryTags.TaskStatus, task.Status.ToString());
            Telemetry.Count(Telemetry.Polls, 1, tags);
        }

        _wasUnfinished |= !task.IsFinal;
        var isChange = task.Status != previous?.Status || !string.Equals(task.RawStatus, previous.RawStatus, StringComparison.Ordinal);
        if (isChange)
        {
            _span?.AddEvent(new ActivityEvent("sora2.task.status_changed", tags: new ActivityTagsCollection
            {
                { TelemetryTags.TaskStatus, task.Status.ToString() },
                { TelemetryTags.RawStatus, telemetry.SanitizeName(task.RawStatus, task.Id) },
                { TelemetryTags.Progress, task.Progress },
            }));
        }

        if (!task.IsFinal && telemetry.Log.IsEnabled(isChange ? LogLevel.Information : LogLevel.Debug))
        {
            var (rawStatus, taskId) = (telemetry.SanitizeName(task.RawStatus, task.Id), telemetry.SanitizeName(task.Id));
            if (isChange)
            {
                telemetry.Log.StatusChanged(telemetry.Account, taskId, task.Status, rawStatus, task.Progress);
            }
            else
            {
                telemetry.Log.StatusUnchanged(telemetry.Account, taskId, task.Status, rawStatus, task.Progress);
            }
        }
    }

    /// <summary>Records a poll that failed.</summary>
    public static void PollFailed(ClientTelemetry telemetry, string taskId, Sora2ApiException e, bool continues)
    {
        if (Telemetry.Polls.Enabled)
        {
            Telemetry.Count(Telemetry.Polls, 1, telemetry.TagsFor(e));
        }

        if (continues && telemetry.Log.IsEnabled(LogLevel.Debug))
        {
            telemetry.Log.PollFailed(telemetry.Account, telemetry.SanitizeName(taskId), telemetry.Reason(e, taskId));
        }
    }

    /// <summary>Records that the task succeeded or failed, which ends the wait.</summary>
    public void Completed(ClientTelemetry telemetry, VideoTask task)
    {
        if (!_isOpen)
        {
            return;
        }

        RecordDuration(telemetry, task);
        _span?.SetTag(TelemetryTags.ResponseModel, telemetry.SanitizeName(task.Model, task.Id))
            .SetTag(TelemetryTags.TaskStatus, task.Status.ToString());
        if (task.Status != VideoTaskStatus.Failed)
        {
            telemetry.Log.TaskSucceeded(telemetry.Account, telemetry.SanitizeName(task.Id));
            End(telemetry, "succeeded", failure: null);
            return;
        }

        var (kind, reason) = (WaitErrors.FailureKind(task), telemetry.FailureReason(task));
        telemetry.Log.TaskFailed(telemetry.Account, telemetry.SanitizeName(task.Id), kind, reason);
        _span?.SetTag(TelemetryTags.ErrorType, kind.ToString()).SetStatus(ActivityStatusCode.Error, reason);
        End(telemetry, "failed", failure: null);
    }

    /// <summary>Records what ended the wait before the task was completed.</summary>
    public void EndedBy(ClientTelemetry telemetry, string taskId, Exception e)
    {
        if (!_isOpen)
        {
            return;
        }

        switch (e)
        {
            case WaitTimeoutException:
                telemetry.Log.WaitTimedOut(telemetry.Account, telemetry.SanitizeName(taskId), telemetry.Reason(e, taskId));
                End(telemetry, "timed_out", e, taskId);
                break;
            case OperationCanceledException:
                telemetry.Log.WaitCanceled(telemetry.Account, telemetry.SanitizeName(taskId));
                End(telemetry, "canceled", failure: null); // The caller's own cancellation is no error.
                break;
            default:
                telemetry.Log.WaitFailed(telemetry.Account, telemetry.SanitizeName(taskId), telemetry.Reason(e, taskId));
                End(telemetry, "error", e, taskId);
                break;
        }
    }

    /// <summary>Records that the caller stopped watching; does nothing when the wait has ended.</summary>
    public void Abandoned(ClientTelemetry telemetry) => End(telemetry, "abandoned", failure: null);

    private readonly void RecordDuration(ClientTelemetry telemetry, VideoTask task)
    {
        if (!Telemetry.TaskDuration.Enabled)
        {
            return;
        }

        // The platform's own two times come from clocks that agree. This process only polls now and then, and does not know when a task
        // ended that was completed before the first poll.
        var duration = task.CompletedAt - task.CreatedAt ?? (_wasUnfinished ? telemetry.AgeOf(task.Id) : null);
        if (duration >= TimeSpan.Zero && telemetry.IsFirstEnd(task.Id))
        {
            var tags = telemetry.Tags;
            tags.Add(TelemetryTags.TaskStatus, task.Status.ToString());
            tags.Add(TelemetryTags.ResponseModel, telemetry.SanitizeName(task.Model, task.Id));
            Telemetry.Record(Telemetry.TaskDuration, duration.Value.TotalSeconds, tags);
        }
    }

    private void End(ClientTelemetry telemetry, string outcome, Exception? failure, string? taskId = null)
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        telemetry.Running.Decrement();
        telemetry.EndSpan(_span, outcome, failure, taskId is null ? null : telemetry.PromptsOf(taskId));
        _span = null;
    }
}
