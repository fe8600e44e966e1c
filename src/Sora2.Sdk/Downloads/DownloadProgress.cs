using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>How far a download is. Told at its first bytes, then ten times a second at most, and at its end.</summary>
/// <param name="BytesReceived">Bytes that are there, those of an earlier call that is taken up again included. Falls if the download has to start over.</param>
/// <param name="TotalBytes">Bytes in all, or null if the media host did not say.</param>
/// <param name="BytesPerSecond">The pace of the last seconds, or null while it cannot be told, as in the first half second.</param>
public readonly record struct DownloadProgress(long BytesReceived, long? TotalBytes, double? BytesPerSecond = null)
{
    /// <summary>The share in percent, 0 to 100, or null if the total is not known.</summary>
    public double? Percent => TotalBytes is > 0 ? Math.Min(100, 100.0 * BytesReceived / TotalBytes.Value) : null;

    /// <summary>How long the rest takes at this pace, or null if total or pace are not known.</summary>
    public TimeSpan? TimeLeft => TotalBytes is { } total && BytesPerSecond is > 0 and { } pace
        ? TimeSpan.FromSeconds(Math.Clamp((total - BytesReceived) / pace, 0, TimeSpan.MaxValue.TotalSeconds / 2))
        : null;

    /// <summary>One readable line, such as <c>45.2 %, 1.2 MB of 2.7 MB, 1.3 MB/s, 00:00:02 left</c>.</summary>
    public override string ToString() => LogSanitizer.Joined(
        Percent is { } percent ? FormattableString.Invariant($"{percent:0.#} %") : null,
        TotalBytes is { } total ? $"{LogSanitizer.Size(BytesReceived)} of {LogSanitizer.Size(total)}" : LogSanitizer.Size(BytesReceived),
        BytesPerSecond is { } pace ? $"{LogSanitizer.Size(pace)}/s" : null,
        TimeLeft is { } left ? $"{TimeSpan.FromSeconds(Math.Round(left.TotalSeconds)):c} left" : null);
}
