namespace Sora2.Sdk;

/// <summary>Small files that are whole whatever happens: a crash at any byte leaves the old content or the new.</summary>
internal static class DurableFile
{
    /// <summary>What follows the name of new content that is not yet in its place; a crash may leave it.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>Gives a file new content, which is on the disk before it takes the old one's place. The caller sees to it that nobody else does so at the same time.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = path + Unfinished;
        using (var file = File.OpenHandle(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
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

    /// <summary>Whether an error says that somebody else has the file: a sharing violation, or on Unix a lock that would block.</summary>
    public static bool IsTaken(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;
}
