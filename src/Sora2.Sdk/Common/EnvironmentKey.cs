namespace Sora2.Sdk.Common;

/// <summary>The key in the process's environment: the first of the built-in platforms that has one.</summary>
internal static class EnvironmentKey
{
    private static string Variables => string.Join(" or ", Sora2Platform.BuiltIn.Select(platform => $"{platform.ApiKeyVariable} for {platform.Title}"));

    public static (Sora2Platform Platform, string Key)? Find()
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            if (Environment.GetEnvironmentVariable(platform.ApiKeyVariable) is { } key && !string.IsNullOrWhiteSpace(key))
            {
                return (platform, key);
            }
        }

        return null;
    }

    /// <summary>What to say when there is none.</summary>
    /// <param name="otherwise">The other way to give one.</param>
    public static string Missing(string otherwise) => $"No API key is in the environment. Set {Variables}, or give one with {otherwise}.";
}
