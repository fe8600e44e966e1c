using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>The kind of a recorded request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskRecordKind>))]
public enum TaskRecordKind
{
    /// <summary>A <see cref="VideoRequest"/>.</summary>
    Video = 0,

    /// <summary>A <see cref="Sora2.Sdk.Storyboard"/>.</summary>
    Storyboard = 1,

    /// <summary>A <see cref="RemixRequest"/>.</summary>
    Remix = 2,

    /// <summary>A <see cref="CharacterRequest"/>. Its record is complete once the character was created.</summary>
    Character = 3,
}
