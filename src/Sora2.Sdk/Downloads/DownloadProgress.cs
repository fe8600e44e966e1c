namespace Sora2.Sdk;

/// <summary>How far a download is.</summary>
/// <param name="BytesReceived">Bytes written so far.</param>
/// <param name="TotalBytes">Bytes in all, or null if the media host did not say.</param>
public readonly record struct DownloadProgress(long BytesReceived, long? TotalBytes)
{
    /// <summary>The share in percent, 0 to 100, or null if the total is not known.</summary>
    public double? Percent => TotalBytes is > 0 ? Math.Min(100, 100.0 * BytesReceived / TotalBytes.Value) : null;
}
