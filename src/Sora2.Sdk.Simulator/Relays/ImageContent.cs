namespace Sora2.Sdk.Simulator;

/// <summary>Tells by content what is an image that the platforms take.</summary>
internal static class ImageContent
{
    public static bool IsImage(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
        || bytes.StartsWith("GIF8"u8)
        || (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8));

    /// <summary>What is wrong with an image given as text; null when it is an address or a data URI with an image in it.</summary>
    public static string? ProblemWith(string image)
    {
        if (!image.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(image, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? null
                : "must hold http(s) addresses or data URIs";
        }

        var comma = image.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !image.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) || !image[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return "a data URI must start with data:image/…;base64,";
        }

        var bytes = new byte[(image.Length - comma) / 4 * 3 + 3];
        if (!Convert.TryFromBase64Chars(image.AsSpan(comma + 1), bytes, out var length))
        {
            return "the base64 of a data URI is not valid";
        }

        return IsImage(bytes.AsSpan(0, length)) ? null : "a data URI does not hold a PNG, JPEG, WebP or GIF image";
    }
}
