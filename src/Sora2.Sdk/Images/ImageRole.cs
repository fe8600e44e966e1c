using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>What an image is for, where the model has roles.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageRole>))]
public enum ImageRole
{
    /// <summary>The model decides, as a rule by the position.</summary>
    Unspecified = 0,

    /// <summary>The first frame of the video.</summary>
    FirstFrame = 1,

    /// <summary>The last frame of the video.</summary>
    LastFrame = 2,

    /// <summary>Something that the video shows.</summary>
    Reference = 3,
}
