using System.Globalization;

namespace Sora2.Sdk.Common;

/// <summary>Validates options. Every message begins with the setting's name, or its path where it was read from configuration.</summary>
internal static class Sora2ClientOptionsValidation
{
    /// <summary>Returns everything that is wrong with the options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="platforms">The platforms that the options may name.</param>
    /// <param name="pathOf">Returns where in the configuration a setting's value was read; null where code set it.</param>
    /// <param name="missingKey">The message where there is no key; null for the usual one.</param>
    public static IReadOnlyList<string> Problems(
        Sora2ClientOptions options,
        IEnumerable<Sora2Platform> platforms,
        Func<string, string?>? pathOf = null,
        string? missingKey = null)
    {
        var platform = FindPlatform(options, platforms);
        string?[] problems =
        [
            platform is null
                ? $"{NameOf(nameof(options.Platform))} is \"{LogSanitizer.SingleLine(options.Platform, 20)}\"; known are "
                    + $"{string.Join(" and ", platforms.Select(known => $"\"{known.Name}\""))}."
                : null,
            KeyProblem(options, platform, pathOf?.Invoke(nameof(options.ApiKey)), missingKey),
            .. AddressProblems(options, platform, NameOf),
            .. RangeProblems(options, NameOf),
            options.Resilience is { Media: not null, Queries: not null }
                ? null
                : $"{nameof(options.Resilience)}, its {nameof(Sora2ResilienceOptions.Media)} and its "
                    + $"{nameof(Sora2ResilienceOptions.Queries)} must not be null; keep the objects that are there for the defaults.",
            options.TimeProvider is null
                ? $"{nameof(options.TimeProvider)} is null; keep TimeProvider.System unless a test replaces the clock."
                : null,
        ];
        return [.. problems.OfType<string>()];

        string NameOf(string setting) => pathOf?.Invoke(setting) ?? setting;
    }

    public static Sora2Platform? FindPlatform(Sora2ClientOptions options, IEnumerable<Sora2Platform> platforms) =>
        options.CustomPlatform?.Name == options.Platform
            ? options.CustomPlatform
            : platforms.FirstOrDefault(platform => string.Equals(platform.Name, options.Platform, StringComparison.OrdinalIgnoreCase));

    private static string? KeyProblem(Sora2ClientOptions options, Sora2Platform? platform, string? path, string? missingKey)
    {
        var name = path ?? nameof(options.ApiKey);
        var key = options.ApiKey?.Trim();
        return string.IsNullOrEmpty(key) ? missingKey ?? MissingKey(platform, path)
            : key.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                ? $"{name} begins with \"Bearer\". Set the key alone; the SDK adds the word."
            : key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? $"{name} contains a space, a line break or a letter that is not ASCII, as when more than the key was copied. "
                    + "Set the key alone."
            : null;
    }

    private static string MissingKey(Sora2Platform? platform, string? path)
    {
        const string Name = nameof(Sora2ClientOptions.ApiKey);
        var yours = platform is null ? "your key" : $"your key for {platform.Title} ({platform.DisplayName})";
        return path == Name
            ? $"{Name} is missing at the root of the configuration. Pass a section, as in "
                + $"AddSora2(configuration.GetSection(\"Sora2\")), or set {Name} at the root to {yours}."
            : path is not null
                ? $"{path} is missing. Set it to {yours}, for example in the environment variable "
                    + $"{path.Replace(":", "__", StringComparison.Ordinal)}."
            : platform is null ? $"{Name} is missing. Set Sora2ClientOptions.ApiKey to {yours}."
            : $"{Name} is missing. Set Sora2ClientOptions.ApiKey, or the environment variable {platform.ApiKeyVariable} for "
                + $"Sora2Client.FromEnvironment, to {yours}.";
    }

    private static IEnumerable<string> AddressProblems(Sora2ClientOptions options, Sora2Platform? platform, Func<string, string> nameOf)
    {
        if ((options.BaseAddress ?? platform?.DefaultBaseAddress) is { } address
            && ApiAddress.Problem(address, options.AllowInsecureBaseAddress, nameOf(nameof(options.BaseAddress))) is { } problem)
        {
            yield return problem;
        }

        var fallbacks = nameOf(nameof(options.FallbackBaseAddresses));
        foreach (var fallback in options.FallbackBaseAddresses ?? [])
        {
            if (fallback is null)
            {
                yield return $"{fallbacks} contains null; remove it.";
            }
            else if (ApiAddress.Problem(fallback, options.AllowInsecureBaseAddress, fallbacks) is { } wrong)
            {
                yield return wrong;
            }
        }

        if (options.FallbackBaseAddresses is null)
        {
            yield return $"{fallbacks} is null; use an empty list for none.";
        }
    }

    private static IEnumerable<string> RangeProblems(Sora2ClientOptions options, Func<string, string> nameOf) =>
        from setting in ClientSettings.Configurable
        let range = setting.Range
        where range is not null
        let value = setting.Get(options)
        where value is not null && !range.Contains(value)
        select string.Create(CultureInfo.InvariantCulture, $"{nameOf(setting.Name)} is {value}; it has to be {range.Text}.");
}
