using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>The aspect ratio of a video.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AspectRatio>))]
public enum AspectRatio
{
    /// <summary>16:9, wider than high. The default.</summary>
    Landscape16x9 = 0,

    /// <summary>9:16, higher than wide.</summary>
    Portrait9x16 = 1,
}
