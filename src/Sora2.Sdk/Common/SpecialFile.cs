using System.Runtime.InteropServices;
using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>Recognizes paths that are not files: a pipe would block, a device be replaced, a link lead elsewhere.</summary>
internal static class SpecialFile
{
    private const int ModeAt = 4;
    private const int TypeMask = 0xF000;

    /// <summary>Names what a path is, such as "a pipe"; null for a file, a directory, or a path that does not exist.</summary>
    public static string? Describe(string path) => Describe(path, followLinks: false);

    /// <summary>Names what a path leads to through all links; null for a file, a directory, or a path that does not exist.</summary>
    public static string? DescribeTarget(string path) => Describe(path, followLinks: true);

    /// <summary>Refuses a path that is not a file, so that nothing is written through it.</summary>
    /// <exception cref="IOException">The path is a pipe, a device, a link or a socket.</exception>
    public static void ThrowIfSpecial(string path)
    {
        if (Describe(path) is { } special)
        {
            throw new IOException($"\"{path}\" is {special} and is not written through. Remove it, or use another directory.");
        }
    }

    private static string? Describe(string path, bool followLinks)
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal) ? "a device"
                : !followLinks && new FileInfo(path).LinkTarget is not null ? "a link"
                : null;
        }

        return (Mode(path, followLinks) & TypeMask) switch
        {
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0xA000 => "a link",
            0xC000 => "a socket",
            _ => null,
        };
    }

    private static int Mode(string path, bool followLinks)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        var status = new byte[256];
        return (followLinks ? Stat(name, status) : LStat(name, status)) == 0 ? BitConverter.ToInt32(status, ModeAt) : 0;
    }

    // .NET has no public API for the type of a file. Its native library returns the same struct on every Unix: flags, then the mode, four
    // bytes each.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, byte[] status);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_LStat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LStat(byte[] path, byte[] status);
}
