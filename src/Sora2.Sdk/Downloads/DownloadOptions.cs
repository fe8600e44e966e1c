namespace Sora2.Sdk;

/// <summary>How to download a video.</summary>
public sealed record DownloadOptions
{
    /// <summary>Whether a file that is there already is replaced once the new one is complete. True by default.</summary>
    public bool Overwrite { get; init; } = true;

    /// <summary>How long the media host may stay silent before the download is given up; 60 s by default. The download as a whole may take as long as it needs.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
