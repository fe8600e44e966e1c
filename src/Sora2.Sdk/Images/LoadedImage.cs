namespace Sora2.Sdk;

/// <summary>An image that is ready to be sent: found, recognised and measured. Either an address to pass on, or content that can be opened.</summary>
internal sealed class LoadedImage
{
    private readonly Func<Stream>? _open;

    private LoadedImage(Uri? url, ImageType? type, long length, Func<Stream>? open)
    {
        Url = url;
        Type = type;
        Length = length;
        _open = open;
    }

    /// <summary>The address to pass on, or null when there is content.</summary>
    public Uri? Url { get; }

    /// <summary>The kind of content; null for an address.</summary>
    public ImageType? Type { get; }

    /// <summary>The content's length in bytes.</summary>
    public long Length { get; }

    public static LoadedImage At(Uri url) => new(url, null, 0, null);

    public static LoadedImage With(ImageType type, ReadOnlyMemory<byte> content) =>
        new(null, type, content.Length, () => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false));

    public static LoadedImage With(ImageType type, long length, Func<Stream> open) => new(null, type, length, open);

    /// <summary>The content from its beginning; the caller disposes the stream.</summary>
    public Stream Open() => _open is null ? throw new InvalidOperationException("An image given by its address has no content here.") : _open();
}
