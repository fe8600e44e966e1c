namespace Sora2.Sdk.Simulator.Relays;

/// <summary>Recognises images that the platforms accept by their content.</summary>
internal static class ImageContent
{
    /// <summary>Returns the media type; null when the bytes are not an accepted image.</summary>
    public static string? MediaTypeOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) => "image/png",
        _ when bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => "image/jpeg",
        _ when bytes.StartsWith("GIF8"u8) => "image/gif",
        _ when bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8) => "image/webp",
        _ => null,
    };

    /// <summary>Returns the problem with an image given as text; null when it is an address or contains an image.</summary>
    public static string? ProblemWith(string image, bool acceptsBareBase64)
    {
        if (!image.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            if (Uri.TryCreate(image, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            {
                return null;
            }

            if (!acceptsBareBase64)
            {
                return "must hold http(s) addresses or data URIs";
            }

            return ProblemWithBase64(image) is null
                ? null
                : "must hold http(s) addresses, data URIs, or the base64 of a PNG, JPEG, WebP or GIF image";
        }

        var comma = image.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0
            || !image.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
            || !image[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return "a data URI must start with data:image/…;base64,";
        }

        return ProblemWithBase64(image.AsSpan(comma + 1));
    }

    private static string? ProblemWithBase64(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64Chars(text, bytes, out var length))
        {
            return "the base64 of a data URI is not valid";
        }

        return MediaTypeOf(bytes.AsSpan(0, length)) is null ? "a data URI does not hold a PNG, JPEG, WebP or GIF image" : null;
    }
}
