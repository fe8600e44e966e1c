using System.Globalization;
using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>A part of a video, in seconds from its start.</summary>
/// <remarks>A character needs a part of 1 to 3 seconds, which is checked when the request is sent.</remarks>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public readonly record struct TimeRange
{
    /// <summary>Creates a range.</summary>
    /// <param name="startSeconds">The start, in seconds.</param>
    /// <param name="endSeconds">The end, in seconds.</param>
    [JsonConstructor]
    public TimeRange(double startSeconds, double endSeconds) => (StartSeconds, EndSeconds) = (startSeconds, endSeconds);

    /// <summary>The start, in seconds.</summary>
    public double StartSeconds { get; }

    /// <summary>The end, in seconds.</summary>
    public double EndSeconds { get; }

    /// <summary>The length, in seconds.</summary>
    [JsonIgnore]
    public double LengthSeconds => EndSeconds - StartSeconds;

    /// <summary>Returns the form that the platforms expect: <c>1,3</c> or <c>0.5,2.25</c>, with a decimal point in every culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{StartSeconds:0.######},{EndSeconds:0.######}");
}
