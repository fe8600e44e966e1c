using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk;

/// <summary>
/// The prompts and scenes of a paid request. Relays and their upstreams quote them in errors, so a phrase that also stands in them proves
/// nothing about the request.
/// </summary>
/// <remarks>
/// A quote may be escaped, cut short, in another case, or have other quotes and line breaks. So both sides are compared by their letters
/// and digits only, and what matters is whether the caller's words contain the phrase, not where in the error the quote begins and ends.
/// </remarks>
internal sealed partial class CallerWords(IReadOnlyList<string> words)
{
    /// <summary>Of a call that has none.</summary>
    public static CallerWords None { get; } = new([]);

    private string? _compact;

    /// <summary>Whether a part of an error may be a quote of these words.</summary>
    public bool Contain(ReadOnlySpan<char> part)
    {
        if (words.Count == 0)
        {
            return false;
        }

        _compact ??= string.Join('\n', words.SelectMany(Forms).Distinct(StringComparer.Ordinal).Select(Compact));
        foreach (var form in Forms(part.ToString()))
        {
            if (Compact(form) is { Length: > 0 } compact && _compact.Contains(compact, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A text as it is, and without the escapes of JSON, HTML and addresses, one after the other.</summary>
    private static IEnumerable<string> Forms(string text)
    {
        yield return text;
        var plain = text;
        foreach (var decode in Decoders)
        {
            if (decode(text) is var decoded && decoded != text)
            {
                yield return decoded;
            }

            plain = decode(plain);
        }

        if (plain != text)
        {
            yield return plain;
        }
    }

    private static readonly Func<string, string>[] Decoders =
        [Unescape, static text => WebUtility.HtmlDecode(text), static text => WebUtility.UrlDecode(text)];

    /// <summary>Without the escapes of JSON, however often they were escaped again.</summary>
    private static string Unescape(string text) => JsonEscape().Replace(text, static escape => escape.Groups[1].Success
        ? ((char)int.Parse(escape.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
        : " ");

    /// <summary>Letters and digits in lower case, full-width ones as plain ones.</summary>
    private static string Compact(string text)
    {
        var compact = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            var plain = letter is >= '\uFF01' and <= '\uFF5E' ? (char)(letter - 0xFEE0) : letter;
            if (char.IsLetterOrDigit(plain))
            {
                compact.Append(char.ToLowerInvariant(plain));
            }
        }

        return compact.ToString();
    }

    [GeneratedRegex(@"\\{1,8}(?:u([0-9A-Fa-f]{4})|[nrtbf""/])", RegexOptions.CultureInvariant)]
    private static partial Regex JsonEscape();
}
