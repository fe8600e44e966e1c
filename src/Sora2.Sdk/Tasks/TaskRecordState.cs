using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>The state of a recorded task, as far as this side knows it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskRecordState>))]
public enum TaskRecordState
{
    /// <summary>The request is about to be sent. If the process ends now, it is not known whether it was accepted and charged.</summary>
    Submitting = 0,

    /// <summary>It is not known whether the task was accepted and charged. Check the platform's own log.</summary>
    /// <remarks>Then end it with <see cref="ITaskStore.ResolveAsync"/>.</remarks>
    Unknown = 1,

    /// <summary>The request was not accepted; nothing was charged.</summary>
    Refused = 2,

    /// <summary>The task was accepted and has an id; its outcome is not known yet.</summary>
    Running = 3,

    /// <summary>The task failed at the platform.</summary>
    Failed = 4,

    /// <summary>The video is available and has not been downloaded; or the character was created.</summary>
    Completed = 5,

    /// <summary>The complete video was downloaded.</summary>
    Downloaded = 6,
}
