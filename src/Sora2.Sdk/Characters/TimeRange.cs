using System.Globalization;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

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

    /// <summary>Reads the form that <see cref="ToString"/> returns: <c>1,3</c> or <c>0.5,2.25</c>.</summary>
    /// <param name="text">Start and end in seconds, with a decimal point in every culture; white space around them is ignored.</param>
    /// <returns>The range.</returns>
    /// <exception cref="FormatException">The text is not two numbers with a comma between them.</exception>
    public static TimeRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(',') is [var start, var end] && Seconds(start) is { } from && Seconds(end) is { } to
            ? new TimeRange(from, to)
            : throw new FormatException(
                $"\"{LogSanitizer.SingleLine(text, 40)}\" is not a range. Use the seconds of its start and end, such as \"1,3\".");

        static double? Seconds(string number)
        {
            const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
                | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
            return double.TryParse(number, Plain, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
                ? seconds
                : null;
        }
    }

    /// <summary>Returns the form that the platforms expect: <c>1,3</c> or <c>0.5,2.25</c>, with a decimal point in every culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{StartSeconds:0.######},{EndSeconds:0.######}");
}
