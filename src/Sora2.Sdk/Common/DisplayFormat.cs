using System.Globalization;

namespace Sora2.Sdk.Common;

/// <summary>Formats values for people, in <c>ToString()</c> and messages.</summary>
internal static class DisplayFormat
{
    /// <summary>Joins those parts that are not empty with commas.</summary>
    public static string Join(params IEnumerable<string?> parts) => string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>Formats a count: <c>1 image</c>, <c>3 images</c>.</summary>
    public static string Count(int count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

    /// <summary>Formats a count; null for 0.</summary>
    public static string? CountOrNull(int count, string thing) => count == 0 ? null : Count(count, thing);

    /// <summary>Formats a duration in seconds: <c>2.5 s</c>.</summary>
    public static string Duration(TimeSpan duration) => DurationFormat.Seconds(duration) + " s";

    /// <summary>Formats a size in decimal units, as disks and networks count: <c>2.7 MB</c>.</summary>
    public static string Size(double bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };
}
