namespace Sora2.Sdk.Common;

/// <summary>Finds the API key in the environment variables of the built-in platforms; the first platform that has one wins.</summary>
internal static class EnvironmentKey
{
    private static string Variables =>
        string.Join(" or ", Sora2Platform.BuiltIn.Select(platform => $"{platform.ApiKeyVariable} for {platform.Title}"));

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

    /// <summary>Returns the message for a missing key.</summary>
    /// <param name="alternative">Another way to pass a key.</param>
    public static string Missing(string alternative) =>
        $"No API key is in the environment. Set {Variables}, or give one with {alternative}.";
}
