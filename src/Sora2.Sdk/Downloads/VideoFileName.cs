using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sora2.Sdk.Downloads;

/// <summary>Makes a safe file name for a task: an id may contain colons, slashes or dots that lead out of a directory.</summary>
internal static class VideoFileName
{
    private const int MaxLength = 100;

    /// <summary>The extension of the names made here.</summary>
    public const string Extension = ".mp4";

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\:*?\"<>|");
    private static readonly string[] Placeholders = ["{id}", "{key}", "{platform}", "{model}", "{date}"];

    /// <summary>Names that Windows reserves for devices, with any extension; those of ports with a digit appended.</summary>
    private static readonly string[] Devices = ["con", "prn", "aux", "nul", "com", "lpt", "conin$", "conout$", "clock$"];

    private static readonly char[] PortDigits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '\u00B9', '\u00B2', '\u00B3'];

    /// <summary>Describes what is wrong with a template; null if it is valid.</summary>
    public static string? Problem(string? template)
    {
        if (template is null
            || !(template.Contains("{id}", StringComparison.Ordinal) || template.Contains("{key}", StringComparison.Ordinal)))
        {
            return "it has to contain {id} or {key}: without either two tasks would get one name.";
        }

        var text = Placeholders.Aggregate(template, (rest, placeholder) => rest.Replace(placeholder, "", StringComparison.Ordinal));
        return text.AsSpan().IndexOfAny("{}") >= 0 ? $"it may contain {string.Join(", ", Placeholders)} and no other braces."
            : text.AsSpan().ContainsAny(Forbidden)
            ? "it has to be a file name without a directory and without : * ? \" < > |. Directories belong in the path."
            : text.EnumerateRunes().Any(IsHidden)
            ? "it contains an invisible character, such as a control character or one that turns the text direction. Remove it."
            : null;
    }

    /// <summary>Returns the message that refuses a template; null if it is valid.</summary>
    public static string? Refusal(string? template) => Problem(template) is { } problem
        ? $"{nameof(DownloadOptions)}.{nameof(DownloadOptions.FileNameTemplate)} is \"{template}\"; {problem}"
        : null;

    /// <summary>Whether a character can make a name look like another one.</summary>
    /// <remarks>Joiners and tags are allowed: emoji and some scripts need them. Half a surrogate pair is read as U+FFFD.</remarks>
    private static bool IsHidden(Rune rune) => rune == Rune.ReplacementChar
        || (Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            && rune.Value is not (0x200C or 0x200D or (>= 0xE0020 and <= 0xE007F)));

    /// <summary>Whether Windows would open a device of that name.</summary>
    private static bool IsDevice(string name) =>
        Devices.Contains(name.Split('.')[0].TrimEnd(' ').TrimEnd(PortDigits), StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the path of a task's file in a directory.</summary>
    /// <exception cref="Sora2ValidationException">The template is not valid.</exception>
    public static string In(string directory, VideoTask task, DownloadOptions options) => Refusal(options.FileNameTemplate) is { } refusal
        ? throw new Sora2ValidationException(refusal)
        {
            PlatformName = task.PlatformName,
            TaskId = task.Id,
            MayHaveBeenCharged = true,
        }
        : Path.Combine(directory, Format(task, options.FileNameTemplate));

    private static string Format(VideoTask task, string template)
    {
        var date = task.CreatedAt?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "undated";
        var name = template
            .Replace("{id}", Unique(task.Id), StringComparison.Ordinal)
            .Replace("{key}", Unique(string.IsNullOrEmpty(task.Key) ? task.Id : task.Key), StringComparison.Ordinal)
            .Replace("{platform}", Safe(task.PlatformName), StringComparison.Ordinal)
            .Replace("{model}", Safe(task.Model ?? "unknown"), StringComparison.Ordinal)
            .Replace("{date}", date, StringComparison.Ordinal);
        name = IsDevice(name) ? "_" + name : name;
        return name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? name : name + Extension;
    }

    /// <summary>The id or key, with a digest where it had to be changed or has upper-case letters: two tasks never share a file.</summary>
    private static string Unique(string id)
    {
        var name = Safe(id);
        if (name == id && !id.Any(char.IsAsciiLetterUpper) && !IsDevice(id))
        {
            return name;
        }

        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 8));
        return $"{name}-X{digest}"; // A name without a digest has no upper-case X.
    }

    /// <summary>Keeps letters, digits, <c>-</c>, <c>_</c> and inner dots, and replaces other characters by <c>_</c>.</summary>
    private static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (c == '.' && safe.Length > 0) ? c : '_');
        }

        return safe.ToString();
    }
}
