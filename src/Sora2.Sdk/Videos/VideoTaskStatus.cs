using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>How far a task is, in one vocabulary for all platforms. The platform's own word is in <see cref="VideoTask.RawStatus"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VideoTaskStatus>))]
public enum VideoTaskStatus
{
    /// <summary>The platform gave no word, or one this SDK does not know. The task counts as still running.</summary>
    Unknown = 0,

    /// <summary>Accepted and waiting to be started.</summary>
    NotStarted = 1,

    /// <summary>Queued with the video engine or being made.</summary>
    InProgress = 2,

    /// <summary>Made. The link may still be missing for a moment: see <see cref="VideoTask.IsCompleted"/>.</summary>
    Succeeded = 3,

    /// <summary>Given up by the platform: see <see cref="VideoTask.FailureReason"/>.</summary>
    Failed = 4,
}
