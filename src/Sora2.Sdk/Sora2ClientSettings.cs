using System.Globalization;

namespace Sora2.Sdk;

/// <summary>Checks options, and resolves what they leave to the platform. Every message begins with the setting's name; one from configuration with its full path there.</summary>
internal static class Sora2ClientSettings
{
    /// <summary>All that is wrong with the options.</summary>
    public static IReadOnlyList<string> Problems(Sora2ClientOptions options, IEnumerable<Sora2Platform> platforms)
    {
        var path = options.ConfigurationPath is { Length: > 0 } given ? given + ":" : "";
        var platform = FindPlatform(options, platforms);
        string?[] problems =
        [
            platform is null ? $"{path}{nameof(options.Platform)} is \"{OneLine.Of(options.Platform, 20)}\"; known are {string.Join(" and ", platforms.Select(known => $"\"{known.Name}\""))}." : null,
            KeyProblem(options, platform, path),
            .. AddressProblems(options, platform).Select(problem => path + problem),
            .. TimeProblems(options).Select(problem => path + problem),
            .. NumberProblems(options).Select(problem => path + problem),
            options.TimeProvider is null ? $"{nameof(options.TimeProvider)} is null; leave it at TimeProvider.System unless a test moves the clock." : null,
        ];
        return [.. options.SectionProblems, .. problems.OfType<string>()];
    }

    public static Sora2Platform? FindPlatform(Sora2ClientOptions options, IEnumerable<Sora2Platform> platforms) =>
        options.CustomPlatform?.Name == options.Platform
            ? options.CustomPlatform
            : platforms.FirstOrDefault(platform => string.Equals(platform.Name, options.Platform, StringComparison.OrdinalIgnoreCase));

    private static string? KeyProblem(Sora2ClientOptions options, Sora2Platform? platform, string path)
    {
        const string Name = nameof(options.ApiKey);
        var key = options.ApiKey?.Trim();
        return string.IsNullOrEmpty(key) ? options.MissingKey ?? MissingKey(platform, path)
            : key.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? $"{path}{Name} begins with \"Bearer\". Give the key alone; the SDK adds the word."
            : key.AsSpan().ContainsAnyExceptInRange('!', '~') ? $"{path}{Name} holds a space, a line break or a letter that is not ASCII, as when more than the key was copied. Give the key alone."
            : null;
    }

    private static string MissingKey(Sora2Platform? platform, string path)
    {
        var yours = platform is null ? "your key" : $"your key for {platform.Title} ({platform.DisplayName})";
        return path.Length > 0 ? $"{path}ApiKey is missing. Set it to {yours}, for example in the environment variable {path.Replace(":", "__", StringComparison.Ordinal)}ApiKey."
            : platform is null ? $"ApiKey is missing. Set Sora2ClientOptions.ApiKey to {yours}."
            : $"ApiKey is missing. Set Sora2ClientOptions.ApiKey, or the environment variable {platform.ApiKeyVariable} for Sora2Client.FromEnvironment, to {yours}.";
    }

    private static IEnumerable<string> AddressProblems(Sora2ClientOptions options, Sora2Platform? platform)
    {
        if ((options.BaseAddress ?? platform?.DefaultBaseAddress) is { } address && ApiAddress.Problem(address, options.AllowInsecureBaseAddress) is { } problem)
        {
            yield return problem;
        }

        const string Fallbacks = nameof(options.FallbackBaseAddresses);
        if (options.FallbackBaseAddresses is null)
        {
            yield return $"{Fallbacks} is null; leave it empty for none.";
            yield break;
        }

        foreach (var fallback in options.FallbackBaseAddresses)
        {
            if ((fallback is null ? $"{Fallbacks} holds null; leave it out." : ApiAddress.Problem(fallback, options.AllowInsecureBaseAddress, Fallbacks)) is { } wrong)
            {
                yield return wrong;
            }
        }
    }

    private static IEnumerable<string> TimeProblems(Sora2ClientOptions options)
    {
        if (!IsPollInterval(options.PollInterval))
        {
            yield return $"{nameof(options.PollInterval)} is {options.PollInterval}; it has to be 1 ms to 1 h.";
        }

        if (!IsDuration(options.RetryDelay, mayBeInfinite: false) || options.RetryDelay > TimeSpan.FromDays(1)) // Polly takes no more.
        {
            yield return $"{nameof(options.RetryDelay)} is {options.RetryDelay}; it has to be 1 ms to 1 day.";
        }

        (string Name, TimeSpan Value)[] timeouts =
        [
            (nameof(options.WaitTimeout), options.WaitTimeout),
            (nameof(options.CreateTimeout), options.CreateTimeout),
            (nameof(options.CharacterTimeout), options.CharacterTimeout),
            (nameof(options.QueryTimeout), options.QueryTimeout),
        ];
        foreach (var (name, value) in timeouts)
        {
            if (!IsDuration(value, mayBeInfinite: true))
            {
                yield return $"{name} is {value}; it has to be 1 ms to 24 days, or Timeout.InfiniteTimeSpan (-00:00:00.001).";
            }
        }

        foreach (var (name, value) in new[] { (nameof(options.MinCreateInterval), options.MinCreateInterval), (nameof(options.MinQueryInterval), options.MinQueryInterval) })
        {
            if (value != TimeSpan.Zero && !IsDuration(value, mayBeInfinite: false))
            {
                yield return $"{name} is {value}; it has to be zero (no limit) to 24 days.";
            }
        }
    }

    private static IEnumerable<string> NumberProblems(Sora2ClientOptions options)
    {
        foreach (var (name, value) in new[] { (nameof(options.QueryRetries), options.QueryRetries), (nameof(options.CreateRetries), options.CreateRetries), (nameof(options.DownloadRetries), options.DownloadRetries) })
        {
            if (value is < 0 or > 100)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it has to be 0 to 100.");
            }
        }

        if (options.MaxRunningTasks is < 1 and var most)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{nameof(options.MaxRunningTasks)} is {most}; it has to be 1 or more, or null for no limit.");
        }

        if (options.PollJitter is not (>= 0 and <= 0.5))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{nameof(options.PollJitter)} is {options.PollJitter}; it has to be 0 to 0.5.");
        }
    }

    /// <summary>Whether the next question comes in a time that somebody can have meant.</summary>
    public static bool IsPollInterval(TimeSpan value) => value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromHours(1);

    public static bool IsDuration(TimeSpan value, bool mayBeInfinite) =>
        (value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromDays(24)) || (mayBeInfinite && value == Timeout.InfiniteTimeSpan);
}
