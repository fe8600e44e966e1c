using System.Globalization;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Reads single values the way the relays write them: numbers as strings, strings as numbers, times in three units. Total: nothing here throws on a value.</summary>
internal static class LenientValues
{
    // Above this a count of seconds would be in the year 5138: it is milliseconds.
    private const double LargestSeconds = 1e11;
    private static readonly double LargestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>An address, without the quotes or back-ticks that relays have put round it; null for anything that is not one.</summary>
    public static Uri? Url(string? text)
    {
        // A path alone would be taken for a file's address on Unix.
        var trimmed = Bare(text);
        return trimmed is not null && trimmed.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(trimmed, UriKind.Absolute, out var url) ? url : null;
    }

    /// <summary>An address, or a path that is resolved against the API's: <c>/v1/videos/…</c> and <c>//host/…</c>.</summary>
    public static Uri? Url(string? text, Uri api) =>
        Bare(text) is not { Length: > 1 } path || path[0] != '/' ? Url(text)
        : Uri.TryCreate(path[1] == '/' ? $"{api.Scheme}:{path}" : api.GetLeftPart(UriPartial.Authority) + path, UriKind.Absolute, out var url) ? url
        : null;

    /// <summary>Whether a text can be an address: nothing with a blank in it is.</summary>
    public static bool MayBeUrl(string text) => Bare(text) is { Length: > 1 } bare && (bare[0] == '/' || bare.Contains("://", StringComparison.Ordinal));

    private static string? Bare(string? text) => text?.Trim().Trim('"', '\'', '`', ' ') is { } bare && !bare.AsSpan().ContainsAny(" \t\r\n") ? bare : null;

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
