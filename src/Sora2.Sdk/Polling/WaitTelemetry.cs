using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Polling;

/// <summary>One wait for a task, as logs, traces and metrics see it. A part of the wait itself, since a hundred thousand of them may be kept.</summary>
internal struct WaitTelemetry
{
    private Activity? _span;
    private bool _isOpen;
    private bool _wasUnfinished;

    /// <summary>The wait is known by the task's id from now on; said again, nothing happens.</summary>
    public void Begin(ClientTelemetry telemetry, string taskId, bool wasCreated = false)
    {
        _wasUnfinished |= wasCreated;
        if (_isOpen)
        {
            return;
        }

        _isOpen = true;
        telemetry.Running.Began();
        _span = telemetry.StartSpan("wait_for_video", ActivityKind.Internal, taskId, new TagList { { TelemetryTags.Operation, "wait_for_video" } });
    }

    /// <summary>Makes the calls that follow in this method part of the wait.</summary>
    public readonly void Enter()
    {
        if (_span is not null)
        {
            Activity.Current = _span;
        }
    }

    /// <summary>The platform said something.</summary>
    public void Answered(ClientTelemetry telemetry, VideoTask? before, VideoTask answer)
    {
        if (Telemetry.Polls.Enabled)
        {
            var tags = telemetry.Tags;
            tags.Add(TelemetryTags.TaskStatus, answer.Status.ToString());
            Telemetry.Count(Telemetry.Polls, 1, tags);
        }

        _wasUnfinished |= !answer.IsCompleted;
        var isNews = answer.Status != before?.Status || !string.Equals(answer.RawStatus, before.RawStatus, StringComparison.Ordinal);
        if (isNews)
        {
            _span?.AddEvent(new ActivityEvent("sora2.task.status_changed", tags: new ActivityTagsCollection
            {
                { TelemetryTags.TaskStatus, answer.Status.ToString() },
                { TelemetryTags.RawStatus, telemetry.Said(answer.RawStatus, answer.Id) },
                { TelemetryTags.Progress, answer.Progress },
            }));
        }

        if (!answer.IsCompleted && telemetry.Log.IsEnabled(isNews ? LogLevel.Information : LogLevel.Debug))
        {
            var raw = telemetry.Said(answer.RawStatus, answer.Id);
            var taskId = telemetry.Shown(answer.Id);
            if (isNews)
            {
                telemetry.Log.StatusChanged(telemetry.Account, taskId, answer.Status, raw, answer.Progress);
            }
            else
            {
                telemetry.Log.StatusUnchanged(telemetry.Account, taskId, answer.Status, raw, answer.Progress);
            }
        }
    }

    /// <summary>A question failed.</summary>
    public static void PollFailed(ClientTelemetry telemetry, string taskId, Sora2ApiException e, bool goesOn)
    {
        if (Telemetry.Polls.Enabled)
        {
            Telemetry.Count(Telemetry.Polls, 1, telemetry.TagsOf(e));
        }

        if (goesOn && telemetry.Log.IsEnabled(LogLevel.Debug))
        {
            telemetry.Log.PollFailed(telemetry.Account, telemetry.Shown(taskId), telemetry.Reason(e, taskId));
        }
    }

    /// <summary>The task came to its end.</summary>
    /// <param name="telemetry">The client's.</param>
    /// <param name="task">The task at its end.</param>
    public void Completed(ClientTelemetry telemetry, VideoTask task)
    {
        if (!_isOpen)
        {
            return;
        }

        var isGood = task.Status != VideoTaskStatus.Failed;
        var kind = isGood ? default : PolledTask.KindOfFailure(task);
        if (isGood)
        {
            telemetry.Log.TaskSucceeded(telemetry.Account, telemetry.Shown(task.Id));
        }
        else
        {
            telemetry.Log.TaskFailed(telemetry.Account, telemetry.Shown(task.Id), kind, telemetry.FailureReason(task));
        }

        // Both of the platform's own times, whose clocks agree, before the one here, which only asks now and then, and does not know when a task ended that was finished already.
        if (Telemetry.TaskDuration.Enabled
            && (task.CompletedAt - task.CreatedAt ?? (_wasUnfinished ? telemetry.AgeOf(task.Id) : null)) is { } duration && duration >= TimeSpan.Zero
            && telemetry.IsFirstEnd(task.Id))
        {
            var tags = telemetry.Tags;
            tags.Add(TelemetryTags.TaskStatus, task.Status.ToString());
            tags.Add(TelemetryTags.ResponseModel, telemetry.Said(task.Model, task.Id));
            Telemetry.Record(Telemetry.TaskDuration, duration.TotalSeconds, tags);
        }

        if (_span is not null)
        {
            _span.SetTag(TelemetryTags.ResponseModel, telemetry.Said(task.Model, task.Id)).SetTag(TelemetryTags.TaskStatus, task.Status.ToString());
            if (!isGood)
            {
                _span.SetTag(TelemetryTags.ErrorType, kind.ToString()).SetStatus(ActivityStatusCode.Error, telemetry.FailureReason(task));
            }
        }

        End(telemetry, isGood ? "succeeded" : "failed", failure: null);
    }

    /// <summary>The wait came to its end before the task did.</summary>
    public void GivenUp(ClientTelemetry telemetry, string taskId, Exception e)
    {
        if (!_isOpen)
        {
            return;
        }

        switch (e)
        {
            case WaitTimeoutException:
                telemetry.Log.WaitTimedOut(telemetry.Account, telemetry.Shown(taskId), telemetry.Reason(e, taskId));
                End(telemetry, "timed_out", e, taskId);
                break;
            case OperationCanceledException:
                telemetry.Log.WaitCanceled(telemetry.Account, telemetry.Shown(taskId));
                End(telemetry, "canceled", failure: null); // the caller's own wish is no error
                break;
            default:
                telemetry.Log.WaitFailed(telemetry.Account, telemetry.Shown(taskId), telemetry.Reason(e, taskId));
                End(telemetry, "error", e, taskId);
                break;
        }
    }

    /// <summary>Whoever watched has stopped without a word.</summary>
    public void Abandoned(ClientTelemetry telemetry) => End(telemetry, "abandoned", failure: null);

    private void End(ClientTelemetry telemetry, string outcome, Exception? failure, string? taskId = null)
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        telemetry.Running.Ended();
        telemetry.EndSpan(_span, outcome, failure, taskId is null ? null : telemetry.WordsOf(taskId));
        _span = null;
    }
}
