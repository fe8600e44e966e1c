using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sora2.Sdk;

/// <summary>A safe file name for a task: ids are opaque and may hold colons, slashes or dots that lead out of a directory.</summary>
internal static class VideoFileName
{
    private const int MaxLength = 100;
    private const string Extension = ".mp4";

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\:*?\"<>|");
    private static readonly string[] Placeholders = ["{id}", "{platform}", "{model}", "{date}"];

    /// <summary>Names that Windows keeps for devices, whatever comes behind a dot.</summary>
    private static readonly string[] Devices = ["con", "prn", "aux", "nul", "com", "lpt"];

    /// <summary>What is wrong with a template, or null.</summary>
    public static string? Problem(string? template)
    {
        if (template?.Contains("{id}", StringComparison.Ordinal) != true)
        {
            return "it has to hold {id}: without it two tasks would get one name.";
        }

        var text = Placeholders.Aggregate(template, (rest, placeholder) => rest.Replace(placeholder, "", StringComparison.Ordinal));
        return text.AsSpan().IndexOfAny("{}") >= 0 ? $"it may hold {string.Join(", ", Placeholders)} and no other braces."
            : text.AsSpan().ContainsAny(Forbidden) || text.Any(char.IsControl) ? "it is a file's name, without a directory and without : * ? \" < > |. Directories go into the path."
            : null;
    }

    /// <summary>The full path to write: the path itself, or a name made from the task inside it if it is a directory.</summary>
    public static string PathFor(string path, VideoTask task, string template) => Path.GetFullPath(
        Path.EndsInDirectorySeparator(path) || Directory.Exists(path) ? Path.Combine(path, Of(task, template)) : path);

    public static string Of(VideoTask task, string template)
    {
        var name = template
            .Replace("{id}", Unique(task.Id), StringComparison.Ordinal)
            .Replace("{platform}", Safe(task.Platform), StringComparison.Ordinal)
            .Replace("{model}", Safe(task.Model ?? "unknown"), StringComparison.Ordinal)
            .Replace("{date}", task.CreatedAt?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "undated", StringComparison.Ordinal);
        return name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? name : name + Extension;
    }

    /// <summary>
    /// A name that had to be changed ends in a digest of the id, and so does one that another id may meet where letters are not told apart by case, so that two tasks never
    /// share a file.
    /// </summary>
    private static string Unique(string id) => Safe(id) is var name && name == id && !id.Any(char.IsAsciiLetterUpper) && !Devices.Contains(id.Split('.')[0].TrimEnd("0123456789".ToCharArray()), StringComparer.Ordinal)
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
