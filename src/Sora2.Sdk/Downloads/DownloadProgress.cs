using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The progress of a download: reported at its first bytes, then at most ten times a second, and at its end.</summary>
public readonly record struct DownloadProgress
{
    /// <summary>The bytes received, including those of an earlier call that is continued.</summary>
    /// <remarks>Falls if the download has to start over.</remarks>
    public long BytesReceived { get; init; }

    /// <summary>The bytes of the whole video; null if the media host did not say.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The rate of the last seconds; null while it is not known, as in the first half second.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>The share received, in percent from 0 to 100; null if the total is not known.</summary>
    public double? Percent => TotalBytes is > 0 ? Math.Min(100, 100.0 * BytesReceived / TotalBytes.Value) : null;

    /// <summary>How long the rest takes at this rate; null if the total or the rate is not known.</summary>
    public TimeSpan? TimeLeft => TotalBytes is { } total && BytesPerSecond is > 0 and { } rate
        ? TimeSpan.FromSeconds(Math.Clamp((total - BytesReceived) / rate, 0, TimeSpan.MaxValue.TotalSeconds / 2))
        : null;

    /// <summary>Returns one readable line, such as <c>45.2 %, 1.2 MB of 2.7 MB, 1.3 MB/s, 00:00:02 left</c>.</summary>
    public override string ToString() => DisplayFormat.Join(
        Percent is { } percent ? FormattableString.Invariant($"{percent:0.#} %") : null,
        TotalBytes is { } total ? $"{DisplayFormat.Size(BytesReceived)} of {DisplayFormat.Size(total)}" : DisplayFormat.Size(BytesReceived),
        BytesPerSecond is { } rate ? $"{DisplayFormat.Size(rate)}/s" : null,
        TimeLeft is { } left ? $"{TimeSpan.FromSeconds(Math.Round(left.TotalSeconds)):c} left" : null);
}
