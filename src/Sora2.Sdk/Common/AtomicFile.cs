using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>Small files that are whole whatever happens: a crash at any byte leaves the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>What follows the name of new content that is not yet in its place; a crash may leave it.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>The code of an error where nothing can be written (EROFS).</summary>
    public const int ReadOnlyFileSystem = 30;

    /// <summary>Gives a file new content, which is on the disk before it takes the old one's place. The caller sees to it that nobody else does so at the same time.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = path + Unfinished;
        File.Delete(unfinished); // What a crash left; or a link or pipe of somebody else's, which is not to be written through.
        using (var file = File.OpenHandle(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(unfinished, path, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            // Once more under its name: journals write the renaming along with the file that was renamed.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>
    /// Reads the beginning of a file, through a link as well. What has no length is not opened: it is empty, or a pipe that would keep its
    /// reader for ever.
    /// </summary>
    /// <exception cref="IOException">It cannot be read, or is no file; a <see cref="FileNotFoundException"/> if it is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, int mostBytes)
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
                throw new IOException($"It is a link to \"{target}\", which is not there.", e);
            }
        }

        if (Directory.Exists(file.FullName))
        {
            throw new IOException("It is a folder.");
        }

        if (!file.Exists)
        {
            throw file.FullName == Path.GetFullPath(path) ? new FileNotFoundException("It is not there.", path) : new IOException($"It is a link to \"{file.FullName}\", which is not there.");
        }

        var length = ((FileInfo)file).Length;
        if (length == 0)
        {
            return [];
        }

        using var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(length, mostBytes)];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is var count and > 0)
        {
            read += count;
        }

        return bytes[..read];
    }

    /// <summary>The content of a text file as UTF-8 without a byte order mark: editors save as UTF-16, too.</summary>
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

    /// <summary>Whether an error says that somebody else has the file: a sharing violation, or on Unix a lock that would block.</summary>
    public static bool IsTaken(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;

    /// <summary>Refuses a path that no file or folder can have.</summary>
    /// <exception cref="Sora2ValidationException">It holds a NUL.</exception>
    public static string FullPath(string path) => path.Contains('\0', StringComparison.Ordinal)
        ? throw new Sora2ValidationException($"The path \"{LogSanitizer.Path(path)}\" holds a NUL character, which no file system takes. Give the path without it.")
        : Path.GetFullPath(path);
}
