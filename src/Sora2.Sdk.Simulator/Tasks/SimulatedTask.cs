using Sora2.Sdk.Simulator.Faults;
using Sora2.Sdk.Simulator.Relays;

namespace Sora2.Sdk.Simulator.Tasks;

/// <summary>An accepted task. Its state is computed when it is queried; there are no timers.</summary>
internal sealed class SimulatedTask(
    string id,
    string platform,
    VideoParameters parameters,
    string? failureReason,
    DateTimeOffset createdAt)
{
    private readonly Queue<ScriptedStatus> _script = [];
    private string? _failureReason = failureReason;
    private int _videoVersion;
    private volatile bool _hasReportedVideo;

    public string Id { get; } = id;

    public string Platform { get; } = platform;

    public VideoParameters Parameters { get; } = parameters;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The name of the task's files on the media host.</summary>
    public string MediaName { get; } = OpaqueId.MediaName();

    /// <summary>The reason for which the task fails; null when it succeeds.</summary>
    public string? FailureReason
    {
        get
        {
            lock (_script)
            {
                return _failureReason;
            }
        }
    }

    /// <summary>The number of times that the task's video was replaced.</summary>
    public int VideoVersion => Volatile.Read(ref _videoVersion);

    /// <summary>Whether a response contained the video's address, which a script can cause before the task is finished.</summary>
    public bool HasReportedVideo => _hasReportedVideo;

    public void ReportVideo() => _hasReportedVideo = true;

    public void ReplaceVideo() => Interlocked.Increment(ref _videoVersion);

    public void Apply(TaskScript script)
    {
        lock (_script)
        {
            _failureReason = script.FailureReason ?? _failureReason;
            foreach (var status in script.Statuses)
            {
                _script.Enqueue(status);
            }
        }
    }

    /// <summary>Takes the next scripted status; null when the task continues as usual.</summary>
    public ScriptedStatus? NextScripted()
    {
        lock (_script)
        {
            return _script.TryDequeue(out var status) ? status : null;
        }
    }
}
