using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Downloads;

/// <summary>A safe file name for a task: ids are opaque and may hold colons, slashes or dots that lead out of a directory.</summary>
internal static class VideoFileName
{
    private const int MaxLength = 100;

    /// <summary>Of a file whose name is made here.</summary>
    public const string Extension = ".mp4";

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\:*?\"<>|");
    private static readonly string[] Placeholders = ["{id}", "{platform}", "{model}", "{date}"];

    /// <summary>Names that Windows keeps for devices, whatever comes behind a dot; those of ports with a digit behind.</summary>
    private static readonly string[] Devices = ["con", "prn", "aux", "nul", "com", "lpt", "conin$", "conout$", "clock$"];

    private static readonly char[] PortDigits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '\u00B9', '\u00B2', '\u00B3'];

    /// <summary>What is wrong with a template, or null.</summary>
    public static string? Problem(string? template)
    {
        if (template?.Contains("{id}", StringComparison.Ordinal) != true)
        {
            return "it has to hold {id}: without it two tasks would get one name.";
        }

        var text = Placeholders.Aggregate(template, (rest, placeholder) => rest.Replace(placeholder, "", StringComparison.Ordinal));
        return text.AsSpan().IndexOfAny("{}") >= 0 ? $"it may hold {string.Join(", ", Placeholders)} and no other braces."
            : text.AsSpan().ContainsAny(Forbidden) ? "it is a file's name, without a directory and without : * ? \" < > |. Directories go into the path."
            : text.EnumerateRunes().Any(IsHidden)
            ? "it holds a character that cannot be seen, such as a control character or one that turns the direction of writing. Leave it out."
            : null;
    }

    /// <summary>
    /// What makes a name look like another one. Joiners and tags belong to emoji and to scripts that need them; half a surrogate pair reads
    /// as U+FFFD.
    /// </summary>
    private static bool IsHidden(Rune rune) => rune == Rune.ReplacementChar
        || (Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            && rune.Value is not (0x200C or 0x200D or (>= 0xE0020 and <= 0xE007F)));

    /// <summary>Whether Windows would take a name for a device.</summary>
    private static bool IsDevice(string name) =>
        Devices.Contains(name.Split('.')[0].TrimEnd(' ').TrimEnd(PortDigits), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The full path to write: the path itself, or a name made from the task inside it if it is a directory, or looks like one and is not
    /// there.
    /// </summary>
    public static string PathFor(string path, VideoTask task, string template) =>
        Path.GetFullPath(IsDirectory(path) ? Path.Combine(path, Format(task, template)) : path);

    private static bool IsDirectory(string path) => Path.EndsInDirectorySeparator(path) || Directory.Exists(path)
        || (!Path.HasExtension(path) && !File.Exists(path) && SpecialFile.At(path) is null);

    public static string Format(VideoTask task, string template)
    {
        var name = template
            .Replace("{id}", Unique(task.Id), StringComparison.Ordinal)
            .Replace("{platform}", Safe(task.Platform), StringComparison.Ordinal)
            .Replace("{model}", Safe(task.Model ?? "unknown"), StringComparison.Ordinal)
            .Replace("{date}", task.CreatedAt?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "undated", StringComparison.Ordinal);
        name = IsDevice(name) ? "_" + name : name;
        return name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? name : name + Extension;
    }

    /// <summary>
    /// A name that had to be changed ends in a digest of the id, and so does one that another id may meet where letters are not told apart by case, so that two tasks never
    /// share a file.
    /// </summary>
    private static string Unique(string id) => Safe(id) is var name && name == id && !id.Any(char.IsAsciiLetterUpper) && !IsDevice(id)
        ? name
        : $"{name}-X{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 8))}"; // the X: no id without a digest looks like this

    /// <summary>Letters, digits, <c>-</c>, <c>_</c> and inner dots.</summary>
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
