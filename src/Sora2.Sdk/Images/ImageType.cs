using System.Text;

namespace Sora2.Sdk.Images;

/// <summary>The format of an image, detected from its first bytes: a file's name is often wrong.</summary>
internal sealed record ImageType(string Name, string MediaType, string Extension)
{
    public static readonly ImageType Png = new("PNG", "image/png", "png");
    public static readonly ImageType Jpeg = new("JPEG", "image/jpeg", "jpg");
    public static readonly ImageType Gif = new("GIF", "image/gif", "gif");
    public static readonly ImageType WebP = new("WebP", "image/webp", "webp");

    public static ImageType? Detect(ReadOnlySpan<byte> header) =>
        header.StartsWith(PngSignature) ? Png
        : header.StartsWith(JpegSignature) ? Jpeg
        : header.StartsWith("GIF87a"u8) || header.StartsWith("GIF89a"u8) ? Gif
        : IsRiff(header, "WEBP"u8) ? WebP
        : null;

    /// <summary>Returns what bytes that are not a supported image are, for a message.</summary>
    public static string Describe(ReadOnlySpan<byte> header)
    {
        if (header.Length >= 12 && header[4..].StartsWith("ftyp"u8))
        {
            // The first brand is often "mif1", which HEIC and AVIF share; the compatible brands follow it.
            var brands = header[8..Math.Clamp((header[2] << 8) | header[3], 12, header.Length)];
            return brands.IndexOf("avif"u8) >= 0 || brands.IndexOf("avis"u8) >= 0 ? "an AVIF image"
                : brands.IndexOf("hei"u8) >= 0 || brands.IndexOf("hev"u8) >= 0 || brands.StartsWith("mif1"u8) ? "a HEIC image"
                : "a video";
        }

        var text = header.StartsWith("\uFEFF"u8) ? header[3..] : header;
        return header.StartsWith("%PDF"u8) ? "a PDF"
            : header.StartsWith("II*\0"u8) || header.StartsWith("MM\0*"u8) || header.StartsWith("II+\0"u8)
                || header.StartsWith("MM\0+"u8) ? "a TIFF image"
            : header.StartsWith(MatroskaSignature) || IsRiff(header, "AVI "u8) ? "a video"
            : text.TrimStart(" \t\r\n"u8).StartsWith("<"u8) ? text.IndexOf("<svg"u8) >= 0 ? "an SVG image" : "HTML or XML"
            : IsText(text) ? "text"
            : header.StartsWith("BM"u8) ? "a BMP image"
            : "something else";
    }

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> MatroskaSignature => [0x1A, 0x45, 0xDF, 0xA3];

    private static bool IsRiff(ReadOnlySpan<byte> header, ReadOnlySpan<byte> form) =>
        header.Length >= 12 && header.StartsWith("RIFF"u8) && header[8..].StartsWith(form);

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return bytes.Length < 4; // truncated within a character
            }

            if (Rune.IsControl(rune) && rune.Value is not ('\t' or '\r' or '\n' or '\f'))
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return true;
    }
}
