using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The parts of a response's body that exceptions and messages show.</summary>
internal static partial class BodyExcerpt
{
    private const int MaxRawLength = 4096;
    private const int MaxSummaryLength = 500;
    private const int MaxTitleLength = 200;
    private const int MaxXmlLength = 300;

    /// <summary>Returns the beginning of a body without the key or anything that looks like one.</summary>
    public static string Raw(ReadOnlyMemory<byte> body, string? key, string? charset = null)
    {
        var text = Redaction.Mask(BodyText.Beginning(body, charset, MaxRawLength * 4), key);
        return text.Length > MaxRawLength ? text[..MaxRawLength] : text;
    }

    /// <summary>Returns an unexpected body in a few words: a page's title, an error's message, or its beginning.</summary>
    public static string Summarize(ReadOnlyMemory<byte> body, string? charset = null)
    {
        if (Title(body.Span) is { } title)
        {
            return $"a web page titled \"{title}\"";
        }

        var text = ErrorText.Parse(body, charset).Message ?? Raw(body, key: null, charset).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        return Shorten(text, MaxSummaryLength);
    }

    /// <summary>Returns whether a body is a web page, and not a notice of PHP before the expected JSON.</summary>
    public static bool IsHtml(ReadOnlySpan<byte> body)
    {
        var start = body.TrimStart("\uFEFF \t\r\n"u8);
        return start.StartsWith("<"u8) && (start.IndexOf("{\""u8) < 0 || Begins(start, "<html"u8) || Begins(start, "<!doctype"u8));

        static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> beginning) =>
            text.Length >= beginning.Length && Ascii.EqualsIgnoreCase(text[..beginning.Length], beginning);
    }

    /// <summary>Returns the title of a web page, or null.</summary>
    public static string? Title(ReadOnlySpan<byte> body)
    {
        var match = TitleElement().Match(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 64 * 1024)]));
        var title = match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value).Trim() : "";
        return title.Length switch
        {
            0 => null,
            > MaxTitleLength => title[..MaxTitleLength],
            _ => title,
        };
    }

    /// <summary>Returns the text of an XML document, the format of errors of storage and some gateways; null for other bodies.</summary>
    public static string? XmlText(ReadOnlyMemory<byte> body, string? charset)
    {
        var xml = BodyText.Beginning(body, charset, MaxRawLength).AsSpan().TrimStart();
        if (!xml.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) && !xml.StartsWith("<Error", StringComparison.Ordinal))
        {
            return null;
        }

        var text = new StringBuilder();
        while (xml.IndexOf('<') is >= 0 and var tag)
        {
            var content = xml[..tag].Trim();
            text.Append(content).Append(content.IsEmpty || text.Length == 0 ? "" : " ");
            var end = xml[tag..].IndexOf('>');
            xml = end < 0 ? [] : xml[(tag + end + 1)..];
        }

        var decoded = WebUtility.HtmlDecode(text.ToString()).Trim();
        return decoded.Length == 0 ? null : Shorten(decoded, MaxXmlLength);
    }

    private static string Shorten(string text, int length) => text.Length > length ? text[..length] + "…" : text;

    [GeneratedRegex(@"<title[^>]*>([^<]*)</title>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TitleElement();
}
