namespace Sora2.Sdk;

/// <summary>What kind of image some bytes are, judged by their first ones: a file's name often lies.</summary>
internal sealed record ImageType(string MediaType, string Extension)
{
    /// <summary>How many bytes the judgement needs.</summary>
    public const int HeaderLength = 16;

    private static readonly ImageType Png = new("image/png", "png");
    private static readonly ImageType Jpeg = new("image/jpeg", "jpg");
    private static readonly ImageType Gif = new("image/gif", "gif");
    private static readonly ImageType WebP = new("image/webp", "webp");

    public static ImageType? Of(ReadOnlySpan<byte> header) =>
        header.StartsWith(PngSignature) ? Png
        : header.StartsWith(JpegSignature) ? Jpeg
        : header.StartsWith("GIF87a"u8) || header.StartsWith("GIF89a"u8) ? Gif
        : header.Length >= 12 && header.StartsWith("RIFF"u8) && header[8..].StartsWith("WEBP"u8) ? WebP
        : null;

    /// <summary>What the bytes are instead, in words for a message.</summary>
    public static string Describe(ReadOnlySpan<byte> header)
    {
        if (header.Length >= 12 && header[4..].StartsWith("ftyp"u8))
        {
            var brand = header[8..12];
            return brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("mif1"u8) ? "a HEIC image"
                : brand.SequenceEqual("avif"u8) ? "an AVIF image"
                : "a video";
        }

        return header.StartsWith("%PDF"u8) ? "a PDF"
            : header.TrimStart(" \t\r\n"u8).StartsWith("<"u8) ? "HTML, XML or SVG"
            : header.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0 ? "text"
            : "something else";
    }

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];
}
