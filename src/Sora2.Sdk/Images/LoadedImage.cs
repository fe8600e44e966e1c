namespace Sora2.Sdk.Images;

/// <summary>An image that is ready to be sent: found, recognised and measured. Either an address to pass on, or content that can be opened.</summary>
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

    /// <summary>What the content says of itself; null for an address.</summary>
    public ImageHeader? Header { get; }

    /// <summary>The content's length in bytes.</summary>
    public long Length { get; }

    public static LoadedImage At(Uri url) => new(url, null, 0, null);

    public static LoadedImage With(ImageHeader header, long length, Func<Stream> open) => new(null, header, length, open);

    /// <summary>The content from its beginning; the caller disposes the stream.</summary>
    public Stream Open() => _open is null ? throw new InvalidOperationException("An image given by its address has no content here.") : _open();
}
