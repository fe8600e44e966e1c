using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sora2.Sdk;

/// <summary>Reads single values the way the relays write them: numbers as strings, strings as numbers, times in three units. Total: nothing here throws on a value.</summary>
internal static class LenientValues
{
    // Above this a count of seconds would be in the year 5138: it is milliseconds.
    private const double LargestSeconds = 1e11;
    private static readonly double LargestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The value's text if it is a string or a number that is not blank, else null; the reader is left at the value's end.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return String(ref reader);
            case JsonTokenType.Number:
                return Encoding.ASCII.GetString(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    private static string? String(ref Utf8JsonReader reader)
    {
        try
        {
            var text = reader.GetString()!.Trim();
            return text.Length == 0 ? null : text;
        }
        catch (InvalidOperationException)
        {
            return null; // Half an emoji, or bytes that are no text: this value says nothing, the ones beside it still do.
        }
    }

    /// <summary>An address, without the quotes or back-ticks that relays have put round it; null for anything that is not one.</summary>
    public static Uri? Url(string? text)
    {
        // A path alone would be taken for a file's address on Unix.
        var trimmed = text?.Trim().Trim('"', '\'', '`', ' ');
        return trimmed is not null && trimmed.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(trimmed, UriKind.Absolute, out var url) ? url : null;
    }

    /// <summary>Percent, 0 to 100, from <c>50</c>, <c>"50"</c>, <c>"50%"</c> or <c>37.5</c>.</summary>
    public static double? Percent(string? text) => Number(text.AsSpan().TrimEnd('%')) is { } percent ? Math.Clamp(percent, 0, 100) : null;

    /// <summary>Percent, 0 to 100, from a share of one such as <c>0.93</c>.</summary>
    public static double? Share(string? text) => Number(text) is { } share ? Math.Clamp(share * 100, 0, 100) : null;

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A moment from Unix seconds, milliseconds or ISO 8601; 0 means not set.</summary>
    public static DateTimeOffset? Time(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
        }

        var milliseconds = number > LargestSeconds ? number : number * 1000;
        return milliseconds > 0 && milliseconds <= LargestMilliseconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
    }
}
