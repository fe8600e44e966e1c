using System.Globalization;
using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>Words for <c>ToString()</c> and the like: one line that a person can read, without secrets, whoever wrote them.</summary>
internal static class LogSanitizer
{
    private const int Longest = 120;

    /// <summary>A text on one line, cut where it gets long. Characters that steer a terminal or turn the direction of writing become spaces; a platform's words may hold any.</summary>
    public static string SingleLine(string? text, int longest = Longest)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        // Masked before it is cut, so that no half of a secret is left that looks like none; nobody sees what comes after the first part.
        var masked = Redaction.Text(text.Length > 16 * longest ? text[..(16 * longest)] : text);
        var line = new StringBuilder(Math.Min(masked.Length, longest) + 1);
        foreach (var rune in masked.EnumerateRunes())
        {
            if (line.Length >= longest)
            {
                return line.Append('…').ToString();
            }

            if (!Steers(rune))
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

    /// <summary>What went wrong: longer than other words, as the end of it says what to do.</summary>
    public static string Reason(string? words) => SingleLine(words, 400);

    /// <summary>A prompt or another text that may be long, in quotation marks.</summary>
    public static string Quoted(string? text) => $"\"{SingleLine(text, 80)}\"";

    /// <summary>A file or folder, which people copy: longer than other words.</summary>
    public static string Path(string? path) => SingleLine(path, 260);

    /// <summary>An address without user, query and fragment.</summary>
    public static string SingleLine(Uri url) => SingleLine(Redaction.WithoutQuery(url));

    /// <summary>What is there of these, with commas between.</summary>
    public static string Joined(params IEnumerable<string?> parts) => string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));

    /// <summary><c>1 image</c>, <c>3 images</c>.</summary>
    public static string Count(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

    /// <summary>The same, or nothing where there are none.</summary>
    public static string? CountOrNothing(int count, string thing) => count == 0 ? null : Count(count, thing);

    /// <summary>A length in seconds.</summary>
    public static string Length(TimeSpan duration) => DurationFormat.Seconds(duration) + " s";

    /// <summary>A size in the unit that suits it, of 1000 as disks and networks count.</summary>
    public static string Size(double bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    private static bool Steers(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0x200E and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFE or 0xFFFF;
}
