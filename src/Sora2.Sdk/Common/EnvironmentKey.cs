namespace Sora2.Sdk.Common;

/// <summary>Finds the API key in the environment of the process.</summary>
/// <remarks>
/// <c>SORA2_API_KEY</c> is of the platform that <c>SORA2_PLATFORM</c> names, juxin without it; then comes each platform's own variable.
/// </remarks>
internal static class EnvironmentKey
{
    private const string KeyVariable = "SORA2_API_KEY";
    private const string PlatformVariable = "SORA2_PLATFORM";

    /// <summary>Returns the platform and its key, or null.</summary>
    /// <exception cref="Sora2ValidationException">The environment names a platform that is not built in.</exception>
    public static (Sora2Platform Platform, string Key)? Find()
    {
        if (Read(KeyVariable) is { } key)
        {
            return (Read(PlatformVariable) is { } name ? FindPlatform(name.Trim()) : Sora2Platform.Juxin, key);
        }

        foreach (var platform in Sora2Platform.BuiltIn)
        {
            if (Read(platform.ApiKeyVariable) is { } own)
            {
                return (platform, own);
            }
        }

        return null;
    }

    /// <summary>Returns the message where there is none.</summary>
    /// <param name="otherwise">The call that takes a key in code.</param>
    public static string Missing(string otherwise) =>
        $"No API key is in the environment. Set {KeyVariable} for Juxin or, with {PlatformVariable}, for another platform; or "
        + $"{string.Join(" or ", Sora2Platform.BuiltIn.Select(platform => platform.ApiKeyVariable))}; or pass one to {otherwise}.";

    private static Sora2Platform FindPlatform(string name) =>
        Sora2Platform.BuiltIn.FirstOrDefault(platform => string.Equals(platform.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new Sora2ValidationException(
            $"{PlatformVariable} is \"{LogSanitizer.SingleLine(name, 40)}\"; it has to be "
            + $"{string.Join(" or ", Sora2Platform.BuiltIn.Select(platform => platform.Name))}.");

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
