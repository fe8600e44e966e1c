using System.Globalization;
using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>A part of a video, in seconds from its start. A character is made from a part of 1 to 3 seconds; that is checked when it is sent.</summary>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public readonly record struct TimeRange
{
    /// <summary>A part of a video.</summary>
    /// <param name="startSeconds">Where it begins, in seconds.</param>
    /// <param name="endSeconds">Where it ends, in seconds.</param>
    [JsonConstructor]
    public TimeRange(double startSeconds, double endSeconds) => (StartSeconds, EndSeconds) = (startSeconds, endSeconds);

    /// <summary>Where it begins, in seconds.</summary>
    public double StartSeconds { get; }

    /// <summary>Where it ends, in seconds.</summary>
    public double EndSeconds { get; }

    /// <summary>How long the part is, in seconds.</summary>
    [JsonIgnore]
    public double LengthSeconds => EndSeconds - StartSeconds;

    /// <summary>The form the platforms take: <c>1,3</c> or <c>0.5,2.25</c>, with a point for decimals in every culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{StartSeconds:0.######},{EndSeconds:0.######}");
}
