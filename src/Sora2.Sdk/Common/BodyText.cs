using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>
/// The bytes of an answer as text. What is not UTF-8 is read by the charset of the header; what that does not explain becomes U+FFFD.
/// </summary>
internal static class BodyText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A body as UTF-8. One that is UTF-8 is not copied.</summary>
    public static ReadOnlyMemory<byte> Utf8(ReadOnlyMemory<byte> body, string? charset)
    {
        var bytes = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        return System.Text.Unicode.Utf8.IsValid(bytes.Span)
            ? bytes
            : Encoding.UTF8.GetBytes((EncodingOf(charset) ?? Encoding.UTF8).GetString(bytes.Span));
    }

    /// <summary>The beginning of a body.</summary>
    public static string Beginning(ReadOnlyMemory<byte> body, string? charset, int maxBytes)
    {
        var bytes = body.Length > maxBytes ? body[..maxBytes] : body;
        try
        {
            return Strict.GetString(bytes.Span);
        }
        catch (ArgumentException)
        {
            // Cut within a letter, as a rule; a wrong charset would be told by the header.
            return (EncodingOf(charset) ?? Encoding.UTF8).GetString(bytes.Span);
        }
    }

    private static Encoding? EncodingOf(string? charset)
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
