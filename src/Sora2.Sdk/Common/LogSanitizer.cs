using System.Globalization;
using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>Makes foreign text safe for one line of a log, a message or <c>ToString()</c>: no secrets, no control characters.</summary>
internal static class LogSanitizer
{
    private const int DefaultMaxLength = 120;

    /// <summary>Returns a text on one line, truncated if it is long.</summary>
    /// <remarks>Characters that control a terminal or the text direction become spaces.</remarks>
    public static string SingleLine(string? text, int maxLength = DefaultMaxLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        // Redacted before it is truncated, so that no part of a secret is left; what is after the first part is never shown.
        var redacted = Redaction.Redact(text.Length > 16 * maxLength ? text[..(16 * maxLength)] : text);
        var line = new StringBuilder(Math.Min(redacted.Length, maxLength) + 1);
        foreach (var rune in redacted.EnumerateRunes())
        {
            if (line.Length >= maxLength)
            {
                return line.Append('…').ToString();
            }

            if (!IsControl(rune))
            {
                line.Append(rune.ToString());
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString();
    }

    /// <summary>Returns the reason of a failure; longer than other texts, as its end says what to do.</summary>
    public static string Reason(string? words) => SingleLine(words, 400);

    /// <summary>Returns a prompt or another long text in quotation marks.</summary>
    public static string Quoted(string? text) => $"\"{SingleLine(text, 80)}\"";

    /// <summary>Returns a file or directory; longer than other texts, as people copy it.</summary>
    public static string Path(string? path) => SingleLine(path, 260);

    /// <summary>Returns an address without user, query and fragment.</summary>
    public static string SingleLine(Uri url) => SingleLine(Redaction.WithoutQuery(url));

    private static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0x200E and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFE or 0xFFFF;
}
