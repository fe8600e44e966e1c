using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>How far a recorded task is, as this side knows it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskRecordState>))]
public enum TaskRecordState
{
    /// <summary>About to be sent. If the process ends now, it is not known whether it was accepted and charged.</summary>
    Submitting = 0,

    /// <summary>It is not known whether it was accepted and charged: look in the platform's own log, then remove the record.</summary>
    Unknown = 1,

    /// <summary>It was surely not taken; nothing was charged.</summary>
    Refused = 2,

    /// <summary>Accepted, with an id; its end has not been seen.</summary>
    Running = 3,

    /// <summary>The platform gave it up.</summary>
    Failed = 4,

    /// <summary>The video is there and has not been downloaded.</summary>
    Completed = 5,

    /// <summary>The video was downloaded whole.</summary>
    Downloaded = 6,
}
