using System.Globalization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Turns the images of a request into what can be sent, and refuses those that cannot, before anything is sent. All reading that may fail happens here.
/// </summary>
internal sealed class ImageLoader(MediaClient media, Sora2Platform platform)
{
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
            loaded[i] = await LoadAsync(images[i], position, asFiles, cancellationToken).ConfigureAwait(false);
        }

        return loaded;
    }

    private ValueTask<LoadedImage> LoadAsync(ImageInput image, string position, bool asFiles, CancellationToken cancellationToken) => image switch
    {
        UrlImage { Url: var url } when !asFiles => new(LoadedImage.At(url)),
        UrlImage { Url: var url } => FetchAsync(url, $"{position} ({url.Host})", cancellationToken),
        BytesImage { Bytes: var bytes } => FromMemoryAsync([bytes], position, cancellationToken),
        DataUriImage data => FromMemoryAsync([data.Length > platform.MaxImageBytes ? throw TooLarge(position) : data.Decode()], position, cancellationToken),
        FileImage { Path: var path } => LoadFileAsync(path, $"{position} (\"{path}\")", cancellationToken),
        StreamImage { Stream: var stream, Start: var start } => LoadStreamAsync(stream, start, position, cancellationToken),
        _ => throw new ArgumentException($"{position} is of the unknown kind {image?.GetType().Name ?? "null"}.", nameof(image)),
    };

    private async ValueTask<LoadedImage> FetchAsync(Uri url, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await FromMemoryAsync(await media.FetchImageAsync(url, platform.MaxImageBytes, cancellationToken).ConfigureAwait(false), what, cancellationToken).ConfigureAwait(false);
        }
        catch (StreamTooLongException)
        {
            throw TooLarge(what);
        }
    }

    private ValueTask<LoadedImage> FromMemoryAsync(IReadOnlyList<ReadOnlyMemory<byte>> blocks, string what, CancellationToken cancellationToken)
    {
        var stream = new BlockStream(blocks);
        return RecogniseAsync(stream, stream.Length, what, () => new BlockStream(blocks), cancellationToken);
    }

    private async ValueTask<LoadedImage> LoadFileAsync(string path, string what, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw new Sora2ValidationException($"{what} is a directory. Name the image file in it. Nothing was sent.");
        }

        try
        {
            if (SpecialFile.DescribeTarget(path) is { } special)
            {
                throw new Sora2ValidationException(
                    $"{what} is {special}, which may never come to an end. Read it into memory, and use "
                    + $"{nameof(ImageInput)}.{nameof(ImageInput.FromBytes)}. Nothing was sent.");
            }

            var file = Open();
            await using var _ = file.ConfigureAwait(false);
            return await RecogniseAsync(file, file.Length, what, Open, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new Sora2ValidationException($"{what} cannot be read: {MessageText.EnsurePeriod(e.Message)} {(path.Contains("://", StringComparison.Ordinal) ? "Use ImageInput.FromUrl for an address." : "Check the path and that this process may read it.")} Nothing was sent.", e);
        }

        FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
    }

    private async ValueTask<LoadedImage> LoadStreamAsync(Stream stream, long? from, string what, CancellationToken cancellationToken)
    {
        try
        {
            if (from is not { } start)
            {
                var whole = new BoundedStreamReader(platform.MaxImageBytes, expected: null);
                await whole.ReadToEndAsync(stream, cancellationToken).ConfigureAwait(false);
                return await FromMemoryAsync(whole.Blocks, what, cancellationToken).ConfigureAwait(false);
            }

            return await RecogniseAsync(Rewound(), stream.Length - start, what, () => new BorrowedStream(Rewound()), cancellationToken).ConfigureAwait(false);

            Stream Rewound()
            {
                stream.Position = start;
                return stream;
            }
        }
        catch (StreamTooLongException)
        {
            throw TooLarge(what);
        }
        catch (Exception e) when (e is not (Sora2Exception or OperationCanceledException)) // whatever the caller's stream throws
        {
            throw new Sora2ValidationException($"{what} cannot be read: {MessageText.EnsurePeriod(e.Message)} Nothing was sent.", e);
        }
    }

    private async ValueTask<LoadedImage> RecogniseAsync(Stream content, long length, string what, Func<Stream> open, CancellationToken cancellationToken)
    {
        if (length <= 0)
        {
            throw new Sora2ValidationException($"{what} is empty (a stream is read from where it stood when it was handed over). Nothing was sent.");
        }

        return length > platform.MaxImageBytes
            ? throw TooLarge(what)
            : LoadedImage.With(await ImageHeader.ReadAsync(content, length, what, cancellationToken).ConfigureAwait(false), length, open);
    }

    private Sora2ValidationException TooLarge(string what)
    {
        var most = platform.MaxImageBytes is >= 1024 * 1024 and var bytes ? FormattableString.Invariant($"{bytes / 1048576.0:0.##} MiB") : FormattableString.Invariant($"{platform.MaxImageBytes} bytes");
        return new Sora2ValidationException($"{what} is larger than {most}, the most that is sent to {platform.Title}. Scale it down. Nothing was sent.");
    }
}
