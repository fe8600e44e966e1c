using System.Reflection;

namespace Sora2.Sdk.TestSupport;

/// <summary>Paths of the sources that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of this test project.</summary>
    public static readonly string Project = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "ProjectDirectory").Value!;

    /// <summary>Returns the full path of a file or folder, given its path from the root.</summary>
    public static string PathOf(string path) => Path.Combine(Project, "..", "..", path);

    /// <summary>Returns the C# files below a folder, relative to it with forward slashes, without those that builds generate.</summary>
    public static IEnumerable<string> SourcesOf(string folder) =>
        Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(PathOf(folder), path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"));
}
