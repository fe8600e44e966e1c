using System.Buffers.Binary;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Images;

/// <summary>What an image says of itself before its pixels begin. An image that cannot say its size would be refused or spoilt by the platform, after it was paid for.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Width">In pixels, as stored: a camera's note to turn the picture is not followed.</param>
/// <param name="Height">In pixels, as stored.</param>
internal sealed record ImageHeader(ImageType Type, int Width, int Height)
{
    private const int PngChunkOverhead = 12;
    private const int GifHeaderLength = 13;
    private const int FrameHeaderLength = 9;

    /// <summary>So much of a JPEG's end is looked at before all of it is: phones put other things behind the picture, seldom more.</summary>
    private const int JpegEndLength = 64 * 1024;

    /// <summary>Enough for any size but a JPEG's.</summary>
    private const int FixedLength = 32;

    private static ReadOnlySpan<byte> LossyStart => [0x9D, 0x01, 0x2A];

    /// <summary>Reads it from where the stream stands, which has to be able to seek; it is left anywhere.</summary>
    /// <param name="stream">The image.</param>
    /// <param name="length">How many bytes there are from there on.</param>
    /// <param name="what">The image as the subject of a message.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="Sora2ValidationException">It is no image that the platforms take, or a damaged one.</exception>
    public static async ValueTask<ImageHeader> ReadAsync(Stream stream, long length, string what, CancellationToken cancellationToken)
    {
        var window = new StreamWindow(stream);
        var header = await window.AtAsync(0, FixedLength, cancellationToken).ConfigureAwait(false);
        var type = ImageType.Detect(header.Span) ?? throw new Sora2ValidationException($"{what} is {ImageType.Describe(header.Span)}. The platforms take PNG, JPEG, WebP and GIF: convert it first. Nothing was sent.");
        var frame = type == ImageType.Jpeg ? await FindJpegAsync(window, 2, IsFrame, cancellationToken).ConfigureAwait(false) : null;
        var frameHeader = frame is { } at ? await window.AtAsync(at, FrameHeaderLength, cancellationToken).ConfigureAwait(false) : default;
        var size = type == ImageType.Jpeg ? JpegSize(frameHeader.Span)
            : type == ImageType.Png ? PngSize(header.Span)
            : type == ImageType.WebP ? WebPSize(header.Span)
            : GifSize(header.Span);
        return size switch
        {
            null => throw new Sora2ValidationException($"{what} is a damaged {type.Name}: it does not say its size. Save it once more from an image program. Nothing was sent."),
            (0 or > int.MaxValue, _) or (_, 0 or > int.MaxValue) => throw new Sora2ValidationException(FormattableString.Invariant($"{what} is a damaged {type.Name}: it says that it has {size.Value.Width} × {size.Value.Height} pixels. Save it once more from an image program. Nothing was sent.")),
            _ when !await IsWholeAsync(type, window, frame, length, cancellationToken).ConfigureAwait(false) =>
                throw new Sora2ValidationException(
                    $"{what} is a {type.Name} that was cut off: its end is missing. Save or download it once more. Nothing was sent."),
            var (width, height) => new ImageHeader(type, (int)width, (int)height),
        };
    }

    /// <summary>Whether an image comes to its end. What stands behind that is not looked at.</summary>
    private static ValueTask<bool> IsWholeAsync(
        ImageType type, StreamWindow window, long? frame, long length, CancellationToken cancellationToken) =>
        type == ImageType.Jpeg ? IsWholeJpegAsync(window, frame!.Value, length, cancellationToken)
        : type == ImageType.Png ? IsWholePngAsync(window, length, cancellationToken)
        : type == ImageType.WebP ? IsWholeWebPAsync(window, length, cancellationToken)
        : IsWholeGifAsync(window, cancellationToken);

    private static async ValueTask<bool> IsWholePngAsync(StreamWindow window, long length, CancellationToken cancellationToken)
    {
        for (long at = 8; at + PngChunkOverhead <= length;)
        {
            var chunk = (await window.AtAsync(at, 8, cancellationToken).ConfigureAwait(false)).Span;
            if (chunk.Length < 8)
            {
                return false; // The stream is shorter than it said.
            }

            at += PngChunkOverhead + (long)BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (chunk[4..].StartsWith("IEND"u8))
            {
                return at <= length;
            }
        }

        return false;
    }

    private static async ValueTask<bool> IsWholeWebPAsync(StreamWindow window, long length, CancellationToken cancellationToken) =>
        await window.AtAsync(0, 8, cancellationToken).ConfigureAwait(false) is var header
        && length >= BinaryPrimitives.ReadUInt32LittleEndian(header.Span[4..]) + 8L;

    private static async ValueTask<bool> IsWholeGifAsync(StreamWindow window, CancellationToken cancellationToken)
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
                case [0, ..]: // one too many at the end of a block, which decoders pass over
                    at++;
                    continue;
                case [0x21, _, ..]:
                    at += 2;
                    break;
                case [0x2C, _, _, _, _, _, _, _, _, _, _, ..]:
                    at += 11 + ColorTableLength(block, flagsAt: 9); // with the byte that says how long its codes are
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

    /// <summary>Looks for the end behind the first scan: a preview in the header has an end of its own, and within a scan no byte pair looks like one.</summary>
    private static async ValueTask<bool> IsWholeJpegAsync(StreamWindow window, long frame, long length, CancellationToken cancellationToken)
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

        return kind.StartsWith("VP8X"u8) ? ((BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) & 0xFFFFFF) + 1, (BinaryPrimitives.ReadUInt32LittleEndian(header[26..]) >> 8) + 1)
            : kind.StartsWith("VP8 "u8) && header[23..].StartsWith(LossyStart) ? (BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(header[28..]) & 0x3FFF)
            : null;
    }

    private static (long Width, long Height)? JpegSize(ReadOnlySpan<byte> frame) =>
        frame.Length < FrameHeaderLength
            ? null
            : (BinaryPrimitives.ReadUInt16BigEndian(frame[7..]), BinaryPrimitives.ReadUInt16BigEndian(frame[5..]));

    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>
    /// Walks the segments before the pixels to the first one of a kind. Cameras put previews, colour profiles and notes of any size before it; what stands between segments is skipped,
    /// as readers do.
    /// </summary>
    /// <returns>Where it begins, or null if it is not there.</returns>
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
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD8): // a segment of nothing
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
