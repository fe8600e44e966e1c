using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>Small files that are replaced as a whole: a crash at any byte leaves the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>The suffix of new content that has not replaced the old yet; a crash may leave such a file.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>The error code of a read-only file system (EROFS).</summary>
    public const int ReadOnlyFileSystem = 30;

    /// <summary>Replaces a file by new content, which is flushed to the disk first. The caller keeps other writers away.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = path + Unfinished;
        File.Delete(unfinished); // Left by a crash; or a link or pipe, through which nothing may be written.
        using (var file = File.OpenHandle(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(unfinished, path, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            // Flushed again under its name, as journals write the rename with the renamed file.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Reads the beginning of a file, through a link as well.</summary>
    /// <remarks>A file without a length is not opened: it is empty, or a pipe that would block its reader forever.</remarks>
    /// <exception cref="IOException">
    /// It cannot be read, or is no file; a <see cref="FileNotFoundException"/> if it does not exist.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        FileSystemInfo file = new FileInfo(path);
        if (file.LinkTarget is { } target)
        {
            try
            {
                file = file.ResolveLinkTarget(returnFinalTarget: true)!;
            }
            catch (FileNotFoundException e)
            {
                throw new IOException($"It is a link to \"{target}\", which does not exist.", e);
            }
        }

        if (Directory.Exists(file.FullName))
        {
            throw new IOException("It is a directory.");
        }

        if (!file.Exists)
        {
            throw file.FullName == Path.GetFullPath(path)
                ? new FileNotFoundException("It does not exist.", path)
                : new IOException($"It is a link to \"{file.FullName}\", which does not exist.");
        }

        var length = ((FileInfo)file).Length;
        if (length == 0)
        {
            return [];
        }

        using var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(length, maxBytes)];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is var count and > 0)
        {
            read += count;
        }

        return bytes[..read];
    }

    /// <summary>Converts the content of a text file to UTF-8 without a byte order mark; some editors save UTF-16.</summary>
    public static ReadOnlyMemory<byte> Utf8(byte[] content)
    {
        return content switch
        {
            [0xEF, 0xBB, 0xBF, ..] => content.AsMemory(3),
            [0xFF, 0xFE, ..] => From(Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => From(Encoding.BigEndianUnicode, 2),
            [not 0, 0, ..] => From(Encoding.Unicode, 0),
            [0, not 0, ..] => From(Encoding.BigEndianUnicode, 0),
            _ => content,
        };

        ReadOnlyMemory<byte> From(Encoding encoding, int at) => Encoding.UTF8.GetBytes(encoding.GetString(content.AsSpan(at)));
    }

    /// <summary>Returns the full path.</summary>
    /// <exception cref="Sora2ValidationException">It contains a NUL character.</exception>
    public static string FullPath(string path) => path.Contains('\0', StringComparison.Ordinal)
        ? throw new Sora2ValidationException(
            $"The path \"{LogSanitizer.Path(path)}\" contains a NUL character, which no file system accepts. Pass the path without it.")
        : Path.GetFullPath(path);
}
