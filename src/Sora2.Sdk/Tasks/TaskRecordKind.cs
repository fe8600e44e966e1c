using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>The kind of a recorded request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskRecordKind>))]
public enum TaskRecordKind
{
    /// <summary>A video, from <see cref="IVideoClient"/>.</summary>
    Video = 0,

    /// <summary>A video of several shots, from <see cref="IStoryboardClient"/>.</summary>
    Storyboard = 1,
}
