using System.Diagnostics;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Submissions;

/// <summary>Writes the logs, the span and the metrics of one paid request over all its attempts.</summary>
internal sealed class SubmissionTelemetry
{
    private readonly ClientTelemetry _telemetry;
    private readonly PaidRequest _submission;
    private readonly string? _model;
    private readonly string _kind;
    private readonly string _operation;
    private readonly long _began;
    private readonly Activity? _span;

    public SubmissionTelemetry(ClientTelemetry telemetry, PaidRequest submission, string address)
    {
        (_telemetry, _submission) = (telemetry, submission);
        _model = submission.Model is null ? null : telemetry.SanitizeName(submission.Model);
        _began = telemetry.Clock.GetTimestamp();
        (_kind, _operation) = submission.Request.Kind switch
        {
            CallKind.CreateCharacter => ("character", "create_character"),
            CallKind.CreateStoryboard => ("storyboard", "generate_content"), // the semantic conventions' name for multimodal input
            CallKind.CreateRemix => ("remix", "generate_content"),
            _ => ("video", "generate_content"),
        };
        if (Telemetry.Spans.HasListeners())
        {
            _span = StartSpan(new Uri(address));
            Activity.Current = _span ?? Activity.Current; // the parent of the HTTP spans
        }

        if (telemetry.LogsPrompts)
        {
            telemetry.Log.Subject(_kind, telemetry.Sanitize(submission.Subject, longest: 10_000));
        }
    }

    private string Model => _model ?? "no model";

    private double Elapsed => _telemetry.Clock.GetElapsedTime(_began).TotalSeconds;

    public void Accepted(object result, int attempts)
    {
        if (result is VideoTask task)
        {
            var taskId = _telemetry.SanitizeName(task.Id);
            _telemetry.Log.TaskAccepted(_telemetry.Account, taskId, _kind, Model, Elapsed);
            _span?.SetTag(TelemetryTags.ResponseId, taskId)
                .SetTag(TelemetryTags.TaskId, taskId)
                .SetTag(TelemetryTags.ResponseModel, _telemetry.SanitizeName(task.Model, task.Id, _submission.Texts));
            _telemetry.Created(task.Id, _span, _submission.Texts);
        }
        else if (result is Character character)
        {
            _telemetry.Log.CharacterCreated(_telemetry.Account, _telemetry.SanitizeName(character.Username), Elapsed);
            _span?.SetTag(TelemetryTags.ResponseId, _telemetry.SanitizeName(character.Id));
        }

        Ended("accepted", attempts, failure: null);
    }

    public void Failed(Exception e, int attempts)
    {
        var outcome = OutcomeOf(e);
        switch (outcome)
        {
            case "unknown":
                _telemetry.Log.SubmissionUnknown(_telemetry.Account, _kind, Model, _telemetry.Reason(e, _submission.Texts));
                break;
            case "canceled":
                _telemetry.Log.CreateCanceled(_telemetry.Account, _kind, Model);
                break;
            default:
                _telemetry.Log.CreateRefused(_telemetry.Account, _kind, Model, _telemetry.Reason(e, _submission.Texts));
                break;
        }

        _span?.SetTag(TelemetryTags.RequestId, (e as Sora2Exception)?.RequestId);
        Ended(outcome, attempts, outcome == "canceled" ? null : e); // not an error
    }

    private Activity? StartSpan(Uri address)
    {
        var name = _model is null ? _operation : $"{_operation} {_model}";
        return _telemetry.StartSpan(name, ActivityKind.Client, taskId: null, new TagList
        {
            { TelemetryTags.Operation, _operation },
            { TelemetryTags.CallKind, _kind },
            { TelemetryTags.RequestModel, _model },
            { TelemetryTags.OutputType, _model is null ? null : "video" },
            { TelemetryTags.VideoSeconds, _submission.Duration?.TotalSeconds },
            { TelemetryTags.ServerAddress, address.Host },
            { TelemetryTags.ServerPort, address.Port },
        });
    }

    private static string OutcomeOf(Exception e) => e switch
    {
        SubmissionUnknownException or SubmissionCanceledException => "unknown",
        OperationCanceledException => "canceled",
        Sora2ApiException { NothingSent: false } => "refused",
        _ => "not_sent",
    };

    private void Ended(string outcome, int attempts, Exception? failure)
    {
        if (Telemetry.Creates.Enabled || Telemetry.OperationDuration.Enabled || Telemetry.UnknownSubmissions.Enabled)
        {
            var tags = _telemetry.TagsFor(failure);
            tags.Add(TelemetryTags.Operation, _operation);
            tags.Add(TelemetryTags.CallKind, _kind);
            tags.Add(TelemetryTags.RequestModel, _model);
            Telemetry.Record(Telemetry.OperationDuration, Elapsed, tags);
            if (outcome == "unknown")
            {
                Telemetry.Count(Telemetry.UnknownSubmissions, 1, tags);
            }

            tags.Add(TelemetryTags.Outcome, outcome);
            Telemetry.Count(Telemetry.Creates, 1, tags);
        }

        _span?.SetTag(TelemetryTags.Attempts, attempts);
        _telemetry.EndSpan(_span, outcome, failure, _submission.Texts);
    }
}
