using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>
/// The status of a video task, the same for all platforms. The platform's own word is in <see cref="VideoTask.RawStatus"/>.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<VideoTaskStatus>))]
public enum VideoTaskStatus
{
    /// <summary>The platform gave no status, or one that this SDK does not know. The task counts as running.</summary>
    Unknown = 0,

    /// <summary>Accepted and not started yet.</summary>
    NotStarted = 1,

    /// <summary>Queued at the video engine, or being made.</summary>
    InProgress = 2,

    /// <summary>The video was made. Its link may still be missing for a while: see <see cref="VideoTask.VideoUrl"/>.</summary>
    Succeeded = 3,

    /// <summary>The task failed on the platform: see <see cref="VideoTask.FailureReason"/>.</summary>
    Failed = 4,
}
