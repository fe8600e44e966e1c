using System.Buffers.Binary;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Images;

/// <summary>The format and size of an image, read from its header.</summary>
/// <remarks>A platform would refuse or spoil an image without a valid size, after the video was paid for.</remarks>
/// <param name="Type">The format.</param>
/// <param name="Width">The width in pixels, as stored: a camera's orientation mark is ignored.</param>
/// <param name="Height">The height in pixels, as stored.</param>
internal sealed record ImageHeader(ImageType Type, int Width, int Height)
{
    private const int PngChunkOverhead = 12;
    private const int GifHeaderLength = 13;
    private const int FrameHeaderLength = 9;

    /// <summary>How much of a JPEG's end is searched before all of it: phones append other data, seldom more than this.</summary>
    private const int JpegEndLength = 64 * 1024;

    /// <summary>Contains the size in every format except JPEG.</summary>
    private const int FixedLength = 32;

    private static ReadOnlySpan<byte> LossyStart => [0x9D, 0x01, 0x2A];

    /// <summary>Reads the header at the stream's position.</summary>
    /// <param name="stream">The image, in a stream that can seek; its position afterwards is undefined.</param>
    /// <param name="length">The number of bytes from the position on.</param>
    /// <param name="what">The image as the subject of a message.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="Sora2ValidationException">The content is not an image that the platforms accept, or is damaged.</exception>
    public static async ValueTask<ImageHeader> ReadAsync(Stream stream, long length, string what, CancellationToken cancellationToken)
    {
        var window = new StreamWindow(stream);
        var header = await window.AtAsync(0, FixedLength, cancellationToken).ConfigureAwait(false);
        var type = ImageType.Detect(header.Span) ?? throw new Sora2ValidationException(
            $"{what} is {ImageType.Describe(header.Span)}. The platforms accept PNG, JPEG, WebP and GIF: convert it first. "
            + "Nothing was sent.");
        var frame = type == ImageType.Jpeg ? await FindJpegAsync(window, 2, IsFrame, cancellationToken).ConfigureAwait(false) : null;
        var frameHeader = frame is { } at ? await window.AtAsync(at, FrameHeaderLength, cancellationToken).ConfigureAwait(false) : default;
        var size = type == ImageType.Jpeg ? JpegSize(frameHeader.Span)
            : type == ImageType.Png ? PngSize(header.Span)
            : type == ImageType.WebP ? WebPSize(header.Span)
            : GifSize(header.Span);
        return size switch
        {
            null => throw Damaged("its header has no size"),
            (0 or > int.MaxValue, _) or (_, 0 or > int.MaxValue) =>
                throw Damaged(FormattableString.Invariant($"its header says {size.Value.Width} × {size.Value.Height} pixels")),
            _ when !await IsCompleteAsync(type, window, frame, length, cancellationToken).ConfigureAwait(false) =>
                throw new Sora2ValidationException(
                    $"{what} is a truncated {type.Name}: its end is missing. Save or download it again. Nothing was sent."),
            var (width, height) => new ImageHeader(type, (int)width, (int)height),
        };

        Sora2ValidationException Damaged(string reason) =>
            new($"{what} is a damaged {type.Name}: {reason}. Save it again with an image program. Nothing was sent.");
    }

    /// <summary>Returns whether an image has its end. Data behind it is ignored.</summary>
    private static ValueTask<bool> IsCompleteAsync(
        ImageType type, StreamWindow window, long? frame, long length, CancellationToken cancellationToken) =>
        type == ImageType.Jpeg ? IsCompleteJpegAsync(window, frame!.Value, length, cancellationToken)
        : type == ImageType.Png ? IsCompletePngAsync(window, length, cancellationToken)
        : type == ImageType.WebP ? IsCompleteWebPAsync(window, length, cancellationToken)
        : IsCompleteGifAsync(window, cancellationToken);

    private static async ValueTask<bool> IsCompletePngAsync(StreamWindow window, long length, CancellationToken cancellationToken)
    {
        for (long at = 8; at + PngChunkOverhead <= length;)
        {
            var chunk = (await window.AtAsync(at, 8, cancellationToken).ConfigureAwait(false)).Span;
            if (chunk.Length < 8)
            {
                return false; // The stream is shorter than its length said.
            }

            at += PngChunkOverhead + (long)BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("IEND"u8))
            {
                return at <= length;
            }
        }

        return false;
    }

    private static async ValueTask<bool> IsCompleteWebPAsync(
        StreamWindow window, long length, CancellationToken cancellationToken) =>
        await window.AtAsync(0, 8, cancellationToken).ConfigureAwait(false) is var header
        && length >= BinaryPrimitives.ReadUInt32LittleEndian(header.Span[4..]) + 8L;

    private static async ValueTask<bool> IsCompleteGifAsync(StreamWindow window, CancellationToken cancellationToken)
    {
        var header = await window.AtAsync(0, GifHeaderLength, cancellationToken).ConfigureAwait(false);
        var at = GifHeaderLength + ColorTableLength(header.Span, flagsAt: 10);
        while (true)
        {
            var block = (await window.AtAsync(at, 11, cancellationToken).ConfigureAwait(false)).Span;
            switch (block)
            {
                case [0x3B, ..]:
                    return true;
                case [0, ..]: // an extra terminator at the end of a block, which decoders skip
                    at++;
                    continue;
                case [0x21, _, ..]:
                    at += 2;
                    break;
                case [0x2C, _, _, _, _, _, _, _, _, _, _, ..]:
                    at += 11 + ColorTableLength(block, flagsAt: 9); // with the byte for the code length
                    break;
                default:
                    return false;
            }

            for (var length = -1; length != 0; at += 1 + length)
            {
                var part = (await window.AtAsync(at, 1, cancellationToken).ConfigureAwait(false)).Span;
                if (part.IsEmpty)
                {
                    return false;
                }

                length = part[0];
            }
        }
    }

    private static long ColorTableLength(ReadOnlySpan<byte> block, int flagsAt) =>
        block.Length > flagsAt && (block[flagsAt] & 0x80) != 0 ? 3L << ((block[flagsAt] & 7) + 1) : 0;

    /// <summary>Searches for the end marker behind the first scan.</summary>
    /// <remarks>A preview in the header has an end marker of its own; inside a scan no byte pair equals one.</remarks>
    private static async ValueTask<bool> IsCompleteJpegAsync(
        StreamWindow window, long frame, long length, CancellationToken cancellationToken)
    {
        if (await FindJpegAsync(window, frame, static marker => marker == 0xDA, cancellationToken).ConfigureAwait(false) is not { } scan)
        {
            return false;
        }

        return await HasEndAsync(window, Math.Max(scan, length - JpegEndLength), cancellationToken).ConfigureAwait(false)
            || (length - JpegEndLength > scan && await HasEndAsync(window, scan, cancellationToken).ConfigureAwait(false));
    }

    private static async ValueTask<bool> HasEndAsync(StreamWindow window, long from, CancellationToken cancellationToken)
    {
        while (true)
        {
            var bytes = (await window.AtAsync(from, 2, cancellationToken).ConfigureAwait(false)).Span;
            if (bytes.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) >= 0)
            {
                return true;
            }

            if (bytes.Length < 2)
            {
                return false;
            }

            from += bytes.Length - 1;
        }
    }

    private static (long Width, long Height)? PngSize(ReadOnlySpan<byte> header) =>
        header.Length >= 24 && header[12..].StartsWith("IHDR"u8)
            ? (BinaryPrimitives.ReadUInt32BigEndian(header[16..]), BinaryPrimitives.ReadUInt32BigEndian(header[20..]))
            : null;

    private static (long Width, long Height)? GifSize(ReadOnlySpan<byte> header) =>
        header.Length >= 10
            ? (BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), BinaryPrimitives.ReadUInt16LittleEndian(header[8..]))
            : null;

    private static (long Width, long Height)? WebPSize(ReadOnlySpan<byte> header)
    {
        var kind = header[12..];
        if (kind.StartsWith("VP8L"u8) && header.Length >= 25 && header[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(header[21..]);
            return ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
        }

        if (header.Length < 30)
        {
            return null;
        }

        if (kind.StartsWith("VP8X"u8))
        {
            return (
                (BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) & 0xFFFFFF) + 1,
                (BinaryPrimitives.ReadUInt32LittleEndian(header[26..]) >> 8) + 1);
        }

        return kind.StartsWith("VP8 "u8) && header[23..].StartsWith(LossyStart)
            ? (BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(header[28..]) & 0x3FFF)
            : null;
    }

    private static (long Width, long Height)? JpegSize(ReadOnlySpan<byte> frame) =>
        frame.Length < FrameHeaderLength
            ? null
            : (BinaryPrimitives.ReadUInt16BigEndian(frame[7..]), BinaryPrimitives.ReadUInt16BigEndian(frame[5..]));

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>Finds the first wanted segment before the pixels.</summary>
    /// <remarks>
    /// Cameras put previews, colour profiles and notes of any size before it. Bytes between segments are skipped, as decoders do.
    /// </remarks>
    /// <returns>The segment's offset, or null if there is none.</returns>
    private static async ValueTask<long?> FindJpegAsync(
        StreamWindow window, long from, Func<byte, bool> isWanted, CancellationToken cancellationToken)
    {
        for (var at = from; ;)
        {
            var bytes = (await window.AtAsync(at, 4, cancellationToken).ConfigureAwait(false)).Span;
            if (bytes.Length < 4)
            {
                return null;
            }

            if (bytes[0] != 0xFF)
            {
                at += bytes.IndexOf((byte)0xFF) is > 0 and var stray ? stray : bytes.Length;
                continue;
            }

            switch (bytes[1])
            {
                case 0xFF: // fill bytes
                    at += bytes.IndexOfAnyExcept((byte)0xFF) is > 0 and var end ? end - 1 : bytes.Length - 1;
                    break;
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD8): // a marker without content
                    at += 2;
                    break;
                case var marker when isWanted(marker):
                    return at;
                case 0xD9 or 0xDA: // the end, or pixels
                    return null;
                default:
                    var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
                    if (length < 2)
                    {
                        return null;
                    }

                    at += 2 + length;
                    break;
            }
        }
    }
}
