using System.Reflection;

namespace Sora2.Sdk.TestSupport;

/// <summary>Where the sources are that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of this test project.</summary>
    public static readonly string Project = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ProjectDirectory").Value!;

    /// <summary>A file or folder by its path from the top.</summary>
    public static string PathOf(string path) => Path.Combine(Project, "..", "..", path);
}
