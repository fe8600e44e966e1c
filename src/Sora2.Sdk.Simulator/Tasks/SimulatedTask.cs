namespace Sora2.Sdk.Simulator;

/// <summary>A task that was accepted. Its state is worked out when it is asked for: there are no timers.</summary>
internal sealed class SimulatedTask(string id, string platform, VideoOrder order, string? failureReason, DateTimeOffset createdAt)
{
    private readonly Queue<ScriptedStatus> _script = [];
    private string? _failureReason = failureReason;
    private int _videoVersion;
    private volatile bool _hasShownVideo;

    public string Id { get; } = id;

    public string Platform { get; } = platform;

    public VideoOrder Order { get; } = order;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>The name of its files on the media host.</summary>
    public string MediaName { get; } = OpaqueId.MediaName();

    /// <summary>Why it fails; null when it succeeds.</summary>
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

    /// <summary>How often its video has changed.</summary>
    public int VideoVersion => Volatile.Read(ref _videoVersion);

    /// <summary>Whether an answer gave its video out, which a script may do before its time.</summary>
    public bool HasShownVideo => _hasShownVideo;

    public void ShowVideo() => _hasShownVideo = true;

    public void ChangeVideo() => Interlocked.Increment(ref _videoVersion);

    public void Follow(TaskCourse course)
    {
        lock (_script)
        {
            _failureReason = course.FailureReason ?? _failureReason;
            foreach (var status in course.Script)
            {
                _script.Enqueue(status);
            }
        }
    }

    /// <summary>The next scripted answer; null when the task runs on as usual.</summary>
    public ScriptedStatus? NextScripted()
    {
        lock (_script)
        {
            return _script.TryDequeue(out var status) ? status : null;
        }
    }
}
