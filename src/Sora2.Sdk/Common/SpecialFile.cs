using System.Runtime.InteropServices;
using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>Tells what is no file though it stands where one could: a pipe would be waited for, a device replaced, a link lead elsewhere.</summary>
internal static class SpecialFile
{
    private const int ModeAt = 4;
    private const int TypeMask = 0xF000;

    /// <summary>What stands at a path itself, in words; null for a file, a directory, or nothing.</summary>
    public static string? At(string path) => OperatingSystem.IsWindows() ? OfWindows(path, followsLinks: false) : Named(Mode(path, followsLinks: false));

    /// <summary>What a path leads to over all links, in words; null for a file, a directory, or nothing.</summary>
    public static string? Behind(string path) => OperatingSystem.IsWindows() ? OfWindows(path, followsLinks: true) : Named(Mode(path, followsLinks: true));

    /// <summary>Refuses a path at which something stands that is no file, so that nothing is written through it.</summary>
    /// <exception cref="IOException">Something does.</exception>
    public static void ThrowIfAt(string path)
    {
        if (At(path) is { } special)
        {
            throw new IOException($"\"{path}\" is {special}. It is left alone: remove it, or use another directory.");
        }
    }

    private static string? OfWindows(string path, bool followsLinks) =>
        Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal) ? "a device"
        : !followsLinks && new FileInfo(path).LinkTarget is not null ? "a link"
        : null;

    private static string? Named(int mode) => (mode & TypeMask) switch
    {
        0x1000 => "a pipe",
        0x2000 or 0x6000 => "a device",
        0xA000 => "a link",
        0xC000 => "a socket",
        _ => null,
    };

    private static int Mode(string path, bool followsLinks)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        var status = new byte[256];
        return (followsLinks ? Stat(name, status) : LStat(name, status)) == 0 ? BitConverter.ToInt32(status, ModeAt) : 0;
    }

    // .NET does not say what kind of file one is. Its own library does, in the same way on every Unix: flags, then the mode, four bytes each.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, byte[] status);

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_LStat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int LStat(byte[] path, byte[] status);
}
