using System.Globalization;
using System.Text.Json;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Reads single values in the relays' formats: numbers as strings, strings as numbers, three units of time.</summary>
/// <remarks>Never throws.</remarks>
internal static class LenientValues
{
    // More seconds than this would be the year 5138: the value is in milliseconds.
    private const double LargestSeconds = 1e11;
    private static readonly double LargestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Returns an address without the quotes or back-ticks that relays put around it, or null for any other text.</summary>
    public static Uri? Url(string? text)
    {
        // A path alone would parse as a file's address on Unix.
        var trimmed = Unquote(text);
        return trimmed is not null && trimmed.Contains("://", StringComparison.Ordinal)
            && Uri.TryCreate(trimmed, UriKind.Absolute, out var url) ? url : null;
    }

    /// <summary>Returns an address, or a path (<c>/v1/videos/…</c>, <c>//host/…</c>) resolved against the API's address.</summary>
    public static Uri? Url(string? text, Uri api)
    {
        if (Unquote(text) is not { Length: > 1 } path || path[0] != '/')
        {
            return Url(text);
        }

        var absolute = path[1] == '/' ? $"{api.Scheme}:{path}" : api.GetLeftPart(UriPartial.Authority) + path;
        return Uri.TryCreate(absolute, UriKind.Absolute, out var url) ? url : null;
    }

    /// <summary>Returns whether a text may be an address: it has no blanks and begins like one.</summary>
    public static bool MayBeUrl(string text) =>
        Unquote(text) is { Length: > 1 } url && (url[0] == '/' || url.Contains("://", StringComparison.Ordinal));

    private static string? Unquote(string? text) =>
        text?.Trim().Trim('"', '\'', '`', ' ') is { } bare && !bare.AsSpan().ContainsAny(" \t\r\n") ? bare : null;

    /// <summary>Returns the percentage, 0 to 100, of <c>50</c>, <c>"50"</c>, <c>"50%"</c> or <c>37.5</c>.</summary>
    public static double? Percent(string? text) =>
        Number(text.AsSpan().TrimEnd('%')) is { } percent ? Math.Clamp(percent, 0, 100) : null;

    /// <summary>Returns the percentage, 0 to 100, of a fraction of one such as <c>0.93</c>.</summary>
    public static double? Share(string? text) => Number(text) is { } share ? Math.Clamp(share * 100, 0, 100) : null;

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    /// <summary>Returns the time of Unix seconds, milliseconds or ISO 8601; null for 0, which means not set.</summary>
    public static DateTimeOffset? Time(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
        }

        var milliseconds = number > LargestSeconds ? number : number * 1000;
        return milliseconds > 0 && milliseconds <= LargestMilliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds)
            : null;
    }

    /// <summary>Returns a JSON string's text, raw if it contains half a surrogate pair.</summary>
    public static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText().Trim('"');
        }
    }
}
