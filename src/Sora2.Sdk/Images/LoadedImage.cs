namespace Sora2.Sdk.Images;

/// <summary>An image that is ready to be sent: either an address to pass on, or validated content that can be opened.</summary>
internal sealed class LoadedImage
{
    private readonly Func<Stream>? _open;

    private LoadedImage(Uri? url, ImageHeader? header, long length, Func<Stream>? open)
    {
        Url = url;
        Header = header;
        Length = length;
        _open = open;
    }

    /// <summary>The address to pass on, or null when there is content.</summary>
    public Uri? Url { get; }

    /// <summary>The content's header; null for an address.</summary>
    public ImageHeader? Header { get; }

    /// <summary>The content's length in bytes.</summary>
    public long Length { get; }

    public static LoadedImage FromUrl(Uri url) => new(url, null, 0, null);

    public static LoadedImage FromContent(ImageHeader header, long length, Func<Stream> open) => new(null, header, length, open);

    /// <summary>Opens the content at its start; the caller disposes the stream.</summary>
    public Stream Open() =>
        _open is null ? throw new InvalidOperationException("An image that is an address has no content to open.") : _open();
}
