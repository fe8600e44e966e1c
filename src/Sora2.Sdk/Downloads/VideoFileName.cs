using System.Security.Cryptography;
using System.Text;

namespace Sora2.Sdk;

/// <summary>A safe file name for a task: ids are opaque and may hold colons, slashes or dots that lead out of a directory.</summary>
internal static class VideoFileName
{
    private const int MaxLength = 100;

    /// <summary>The full path to write: the path itself, or a name made from the id inside it if it is a directory.</summary>
    public static string PathFor(string path, string taskId) => Path.GetFullPath(
        Path.EndsInDirectorySeparator(path) || Directory.Exists(path) ? Path.Combine(path, Of(taskId)) : path);

    /// <summary>Letters, digits, <c>-</c>, <c>_</c> and inner dots. A name that had to be changed ends in a digest of the id, so that two tasks never share a file.</summary>
    public static string Of(string taskId)
    {
        var safe = new StringBuilder(taskId.Length);
        foreach (var c in taskId.AsSpan(0, Math.Min(taskId.Length, MaxLength)))
        {
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (c == '.' && safe.Length > 0) ? c : '_');
        }

        if (safe.ToString() is var name && name != taskId)
        {
            name = $"{name}-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(taskId)).AsSpan(0, 4))}";
        }

        return name + ".mp4";
    }
}
