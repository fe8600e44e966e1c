using System.Runtime.InteropServices;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>Creates files that .NET has no API for; Unix only.</summary>
internal static class UnixFiles
{
    public static void MakePipe(string path) => Require(mkfifo(Name(path), Convert.ToUInt32("600", 8)));

    public static void MakeHardLink(string existing, string path) => Require(link(Name(existing), Name(path)));

    private static byte[] Name(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static void Require(int result) => Assert.Equal(0, result);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int mkfifo(byte[] path, uint mode);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int link(byte[] existing, byte[] path);
}
