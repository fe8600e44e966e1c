using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Downloads;

/// <summary>Logs, traces and metrics of one download over all its connections.</summary>
internal sealed class DownloadTelemetry
{
    private const string Operation = "download_video";

    private readonly ClientTelemetry _telemetry;
    private readonly string _taskId;
    private readonly long _began;
    private readonly Activity? _span;
    private int _connections;

    public DownloadTelemetry(ClientTelemetry telemetry, VideoTask task)
    {
        (_telemetry, _taskId) = (telemetry, telemetry.SanitizeName(task.Id));
        _began = telemetry.Clock.GetTimestamp();
        var tags = new TagList
        {
            { TelemetryTags.Operation, Operation },
            { TelemetryTags.ServerAddress, task.VideoUrl is { IsAbsoluteUri: true } link ? link.Host : null },
        };
        _span = telemetry.StartSpan(Operation, ActivityKind.Internal, task.Id, tags);
        Activity.Current = _span ?? Activity.Current; // The parent of the HTTP spans.
    }

    /// <summary>Records a request for the video.</summary>
    public void Connects(Uri link, long received)
    {
        _connections++;
        if (_telemetry.Log.IsEnabled(LogLevel.Debug))
        {
            _telemetry.Log.Downloading(_taskId, Redaction.WithoutQuery(link), received);
        }
    }

    /// <summary>Counts received bytes.</summary>
    public void Received(int bytes)
    {
        if (Telemetry.DownloadedBytes.Enabled)
        {
            Telemetry.Count(Telemetry.DownloadedBytes, bytes, _telemetry.Tags);
        }
    }

    public void Completed(DownloadedVideo video)
    {
        var destination = video.Path is null ? "to a stream" : LogSanitizer.Path(video.Path);
        _telemetry.Log.Downloaded(_taskId, video.Length, _telemetry.Clock.GetElapsedTime(_began).TotalSeconds, destination);
        _span?.SetTag(TelemetryTags.Bytes, video.Length);
        End("completed", failure: null);
    }

    public void Failed(Exception e)
    {
        if (e is OperationCanceledException)
        {
            _telemetry.Log.DownloadCanceled(_taskId);
            End("canceled", failure: null);
        }
        else
        {
            _telemetry.Log.DownloadFailed(_taskId, _telemetry.Reason(e, _taskId));
            End("failed", e);
        }
    }

    private void End(string outcome, Exception? failure)
    {
        if (Telemetry.Downloads.Enabled)
        {
            var tags = _telemetry.TagsFor(failure);
            tags.Add(TelemetryTags.Outcome, outcome);
            Telemetry.Count(Telemetry.Downloads, 1, tags);
        }

        _span?.SetTag(TelemetryTags.Attempts, _connections);
        _telemetry.EndSpan(_span, outcome, failure, _telemetry.PromptsOf(_taskId));
    }
}
