using System.Globalization;

namespace Sora2.Sdk;

/// <summary>
/// Turns the images of a request into what can be sent, and refuses those that cannot, before anything is sent. All reading that may fail happens here.
/// </summary>
internal sealed class ImageLoader(MediaHttp media)
{
    /// <summary>The largest image accepted, in bytes: far over what the platforms document, low enough to keep a slip from filling the memory.</summary>
    public const long MaxLength = 64L * 1024 * 1024;

    public async ValueTask<IReadOnlyList<LoadedImage>> LoadAsync(IReadOnlyList<ImageInput> images, bool asFiles, CancellationToken cancellationToken)
    {
        if (images.Count == 0)
        {
            return [];
        }

        var loaded = new LoadedImage[images.Count];
        for (var i = 0; i < images.Count; i++)
        {
            var position = images.Count == 1 ? "The image" : string.Create(CultureInfo.InvariantCulture, $"Image {i + 1} of {images.Count}");
            loaded[i] = images[i] switch
            {
                UrlImage { Url: var url } when !asFiles => LoadedImage.At(url),
                UrlImage { Url: var url } => Recognise(await media.FetchImageAsync(url, MaxLength, cancellationToken).ConfigureAwait(false), $"{position} ({url.Host})"),
                BytesImage { Bytes: var bytes } => Recognise(bytes, position),
                FileImage { Path: var path } => LoadFile(path, $"{position} (\"{path}\")"),
                StreamImage stream => await LoadStreamAsync(stream.Stream, stream.Start, position, cancellationToken).ConfigureAwait(false),
                var other => throw new ArgumentException($"{position} is of the unknown kind {other?.GetType().Name ?? "null"}.", nameof(images)),
            };
        }

        return loaded;
    }

    private static LoadedImage Recognise(ReadOnlyMemory<byte> content, string what) =>
        LoadedImage.With(TypeOf(content.Span, content.Length, what), content);

    private static LoadedImage LoadFile(string path, string what)
    {
        if (Directory.Exists(path))
        {
            throw new Sora2ValidationException($"{what} is a directory. Name the image file in it. Nothing was sent.");
        }

        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            Span<byte> header = stackalloc byte[ImageType.HeaderLength];
            var read = RandomAccess.Read(file, header, 0);
            return LoadedImage.With(TypeOf(header[..read], length, what), length, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new Sora2ValidationException($"{what} cannot be read: {Sentence.Ended(e.Message)} {(path.Contains("://", StringComparison.Ordinal) ? "Use ImageInput.FromUrl for an address." : "Check the path and that this process may read it.")} Nothing was sent.", e);
        }
    }

    private static async ValueTask<LoadedImage> LoadStreamAsync(Stream stream, long? from, string what, CancellationToken cancellationToken)
    {
        try
        {
            if (from is not { } start)
            {
                return Recognise(await new BoundedRead(MaxLength, expected: null).ToEndAsync(stream, cancellationToken).ConfigureAwait(false), what);
            }

            stream.Position = start;
            var header = new byte[ImageType.HeaderLength];
            var read = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            stream.Position = start;
            var length = stream.Length - start;
            return LoadedImage.With(TypeOf(header.AsSpan(0, read), length, what), length, () =>
            {
                stream.Position = start;
                return new BorrowedStream(stream);
            });
        }
        catch (Exception e) when (e is not (Sora2Exception or OperationCanceledException)) // whatever the caller's stream throws
        {
            throw new Sora2ValidationException($"{what} cannot be read: {Sentence.Ended(e.Message)} Nothing was sent.", e);
        }
    }

    private static ImageType TypeOf(ReadOnlySpan<byte> header, long length, string what)
    {
        if (length == 0)
        {
            throw new Sora2ValidationException($"{what} is empty (a stream is read from where it stood when it was handed over). Nothing was sent.");
        }

        if (length > MaxLength)
        {
            throw new Sora2ValidationException(string.Create(CultureInfo.InvariantCulture, $"{what} has {length / 1048576.0:0.#} MB; at most {MaxLength / 1048576} MB are sent. Scale it down. Nothing was sent."));
        }

        return ImageType.Of(header) ?? throw new Sora2ValidationException($"{what} is {ImageType.Describe(header)}. The platforms take PNG, JPEG, WebP and GIF: convert it first. Nothing was sent.");
    }
}
