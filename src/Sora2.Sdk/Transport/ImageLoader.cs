using System.Globalization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Loads the images of a request, and refuses those that cannot be sent, before anything is sent. All reading that may fail happens here.
/// </summary>
internal sealed class ImageLoader(MediaClient media, Sora2Platform platform)
{
    public async ValueTask<IReadOnlyList<LoadedImage>> LoadAsync(
        IReadOnlyList<ImageInput> images, bool asFiles, CancellationToken cancellationToken)
    {
        if (images.Count == 0)
        {
            return [];
        }

        var loaded = new LoadedImage[images.Count];
        for (var i = 0; i < images.Count; i++)
        {
            var position = images.Count == 1
                ? "The image"
                : string.Create(CultureInfo.InvariantCulture, $"Image {i + 1} of {images.Count}");
            loaded[i] = await LoadAsync(images[i], position, asFiles, cancellationToken).ConfigureAwait(false);
        }

        return loaded;
    }

    private ValueTask<LoadedImage> LoadAsync(ImageInput image, string position, bool asFiles, CancellationToken cancellationToken)
    {
        switch (image)
        {
            case UrlImage { Url: var url }:
                return asFiles ? FetchAsync(url, $"{position} ({url.Host})", cancellationToken) : new(LoadedImage.FromUrl(url));
            case BytesImage { Bytes: var bytes }:
                return FromMemoryAsync([bytes], position, cancellationToken);
            case DataUriImage data:
                return data.Length > platform.MaxImageBytes
                    ? throw TooLarge(position)
                    : FromMemoryAsync([data.Decode()], position, cancellationToken);
            case FileImage { Path: var path }:
                return LoadFileAsync(path, $"{position} (\"{path}\")", cancellationToken);
            case StreamImage { Stream: var stream, Start: var start }:
                return LoadStreamAsync(stream, start, position, cancellationToken);
            default:
                throw new ArgumentException($"{position} is of the unknown kind {image?.GetType().Name ?? "null"}.", nameof(image));
        }
    }

    private async ValueTask<LoadedImage> FetchAsync(Uri url, string what, CancellationToken cancellationToken)
    {
        try
        {
            var blocks = await media.FetchImageAsync(url, platform.MaxImageBytes, cancellationToken).ConfigureAwait(false);
            return await FromMemoryAsync(blocks, what, cancellationToken).ConfigureAwait(false);
        }
        catch (StreamTooLongException)
        {
            throw TooLarge(what);
        }
    }

    private ValueTask<LoadedImage> FromMemoryAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> blocks, string what, CancellationToken cancellationToken)
    {
        var stream = new BlockStream(blocks);
        return ReadHeaderAsync(stream, stream.Length, what, () => new BlockStream(blocks), cancellationToken);
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
            return await ReadHeaderAsync(file, file.Length, what, Open, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            var advice = path.Contains("://", StringComparison.Ordinal)
                ? "Use ImageInput.FromUrl for an address."
                : "Check the path and that this process may read it.";
            throw new Sora2ValidationException(
                $"{what} cannot be read: {MessageText.EnsurePeriod(e.Message)} {advice} Nothing was sent.", e);
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

            return await ReadHeaderAsync(
                Rewind(), stream.Length - start, what, () => new BorrowedStream(Rewind()), cancellationToken).ConfigureAwait(false);

            Stream Rewind()
            {
                stream.Position = start;
                return stream;
            }
        }
        catch (StreamTooLongException)
        {
            throw TooLarge(what);
        }
        catch (Exception e) when (e is not (Sora2Exception or OperationCanceledException))
        {
            // The caller's stream may throw anything.
            throw new Sora2ValidationException($"{what} cannot be read: {MessageText.EnsurePeriod(e.Message)} Nothing was sent.", e);
        }
    }

    private async ValueTask<LoadedImage> ReadHeaderAsync(
        Stream content, long length, string what, Func<Stream> open, CancellationToken cancellationToken)
    {
        if (length <= 0)
        {
            throw new Sora2ValidationException(
                $"{what} is empty (a stream is read from its position when it was handed over). Nothing was sent.");
        }

        return length > platform.MaxImageBytes
            ? throw TooLarge(what)
            : LoadedImage.FromContent(await ImageHeader.ReadAsync(content, length, what, cancellationToken).ConfigureAwait(false), length, open);
    }

    private Sora2ValidationException TooLarge(string what)
    {
        var limit = platform.MaxImageBytes is >= 1024 * 1024 and var bytes
            ? FormattableString.Invariant($"{bytes / 1048576.0:0.##} MiB")
            : FormattableString.Invariant($"{platform.MaxImageBytes} bytes");
        return new Sora2ValidationException(
            $"{what} is larger than {limit}, the limit for {platform.Title}. Scale it down. Nothing was sent.");
    }
}
