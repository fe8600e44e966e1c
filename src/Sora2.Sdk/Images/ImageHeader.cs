using System.Buffers.Binary;

namespace Sora2.Sdk;

/// <summary>What an image says of itself before its pixels begin. An image that cannot say its size would be refused or spoilt by the platform, after it was paid for.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Width">In pixels, as stored: a camera's note to turn the picture is not followed.</param>
/// <param name="Height">In pixels, as stored.</param>
internal sealed record ImageHeader(ImageType Type, int Width, int Height)
{
    /// <summary>Enough for any size but a JPEG's.</summary>
    private const int FixedLength = 32;

    private static ReadOnlySpan<byte> LossyStart => [0x9D, 0x01, 0x2A];

    /// <summary>Reads it from where the stream stands, which has to be able to seek; it is left anywhere.</summary>
    /// <param name="stream">The image.</param>
    /// <param name="what">The image as the subject of a message.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="Sora2ValidationException">It is no image that the platforms take, or a damaged one.</exception>
    public static async ValueTask<ImageHeader> ReadAsync(Stream stream, string what, CancellationToken cancellationToken)
    {
        var window = new StreamWindow(stream);
        var header = await window.AtAsync(0, FixedLength, cancellationToken).ConfigureAwait(false);
        var type = ImageType.Of(header.Span) ?? throw new Sora2ValidationException($"{what} is {ImageType.Describe(header.Span)}. The platforms take PNG, JPEG, WebP and GIF: convert it first. Nothing was sent.");
        var size = type == ImageType.Jpeg ? await JpegSizeAsync(window, cancellationToken).ConfigureAwait(false)
            : type == ImageType.Png ? PngSize(header.Span)
            : type == ImageType.WebP ? WebPSize(header.Span)
            : GifSize(header.Span);
        return size switch
        {
            null => throw new Sora2ValidationException($"{what} is a damaged {type.Name}: it does not say its size. Save it once more from an image program. Nothing was sent."),
            (0 or > int.MaxValue, _) or (_, 0 or > int.MaxValue) => throw new Sora2ValidationException(FormattableString.Invariant($"{what} is a damaged {type.Name}: it says that it has {size.Value.Width} × {size.Value.Height} pixels. Save it once more from an image program. Nothing was sent.")),
            var (width, height) => new ImageHeader(type, (int)width, (int)height),
        };
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

    /// <summary>
    /// Walks the segments to the frame header. Cameras put previews, colour profiles and notes of any size before it; what stands between segments is skipped,
    /// as readers do.
    /// </summary>
    private static async ValueTask<(long Width, long Height)?> JpegSizeAsync(StreamWindow window, CancellationToken cancellationToken)
    {
        const int FrameHeaderLength = 9;
        for (long at = 2; ;)
        {
            var bytes = (await window.AtAsync(at, FrameHeaderLength, cancellationToken).ConfigureAwait(false)).Span;
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
                case 0xD9 or 0xDA: // the end, or pixels before their size
                    return null;
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    return bytes.Length < FrameHeaderLength ? null : (BinaryPrimitives.ReadUInt16BigEndian(bytes[7..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[5..]));
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
