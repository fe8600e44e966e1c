namespace Sora2.Sdk.Common;

/// <summary>Finds the API key in the environment of the process: the first of the built-in platforms that has one.</summary>
internal static class EnvironmentKey
{
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

    /// <summary>Returns the message where there is none.</summary>
    /// <param name="otherwise">The call that takes a key in code.</param>
    public static string Missing(string otherwise)
    {
        var variables = Sora2Platform.BuiltIn.Select(platform => $"{platform.ApiKeyVariable} for {platform.Title}");
        return $"No API key is in the environment. Set {string.Join(" or ", variables)}, or pass one to {otherwise}.";
    }
}
