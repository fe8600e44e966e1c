using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>Decodes response bodies: as UTF-8 where they are that, else by the charset of the header; other bytes become U+FFFD.</summary>
internal static class BodyText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Converts a body to UTF-8, without a copy if it is UTF-8 already.</summary>
    public static ReadOnlyMemory<byte> Utf8(ReadOnlyMemory<byte> body, string? charset)
    {
        var bytes = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        return System.Text.Unicode.Utf8.IsValid(bytes.Span)
            ? bytes
            : Encoding.UTF8.GetBytes((FindEncoding(charset) ?? Encoding.UTF8).GetString(bytes.Span));
    }

    /// <summary>Decodes the beginning of a body.</summary>
    public static string Beginning(ReadOnlyMemory<byte> body, string? charset, int maxBytes)
    {
        var bytes = body.Length > maxBytes ? body[..maxBytes] : body;
        try
        {
            return Strict.GetString(bytes.Span);
        }
        catch (ArgumentException)
        {
            // Usually truncated within a character; the header names any other charset.
            return (FindEncoding(charset) ?? Encoding.UTF8).GetString(bytes.Span);
        }
    }

    private static Encoding? FindEncoding(string? charset)
    {
        if (string.IsNullOrWhiteSpace(charset))
        {
            return null;
        }

        var name = charset.Trim().Trim('"', '\'');
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            try
            {
                return CodePagesEncodingProvider.Instance.GetEncoding(name);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }
    }
}
