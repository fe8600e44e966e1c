using System.Globalization;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Common;

/// <summary>Checks options, and resolves what they leave to the platform. Every message begins with the setting's name; one that was read from configuration with its full path there.</summary>
internal static class Sora2ClientOptionsValidation
{
    /// <summary>All that is wrong with the options.</summary>
    public static IReadOnlyList<string> Problems(Sora2ClientOptions options, IEnumerable<Sora2Platform> platforms)
    {
        var platform = FindPlatform(options, platforms);
        string?[] problems =
        [
            platform is null ? $"{NameOf(options, nameof(options.Platform), options.Platform)} is \"{LogSanitizer.SingleLine(options.Platform, 20)}\"; known are {string.Join(" and ", platforms.Select(known => $"\"{known.Name}\""))}." : null,
            KeyProblem(options, platform),
            .. AddressProblems(options, platform),
            .. RangeProblems(options),
            .. ResilienceProblems(options),
            options.TimeProvider is null ? $"{nameof(options.TimeProvider)} is null; leave it at TimeProvider.System unless a test moves the clock." : null,
        ];
        return [.. options.SectionProblems, .. problems.OfType<string>()];
    }

    public static Sora2Platform? FindPlatform(Sora2ClientOptions options, IEnumerable<Sora2Platform> platforms) =>
        options.CustomPlatform?.Name == options.Platform
            ? options.CustomPlatform
            : platforms.FirstOrDefault(platform => string.Equals(platform.Name, options.Platform, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(Sora2ClientOptions options, string setting, object? value) => options.PathOf(setting, value) ?? setting;

    private static string? KeyProblem(Sora2ClientOptions options, Sora2Platform? platform)
    {
        var path = options.PathOf(nameof(options.ApiKey), options.ApiKey);
        var name = path ?? nameof(options.ApiKey);
        var key = options.ApiKey?.Trim();
        return string.IsNullOrEmpty(key) ? options.MissingKey ?? MissingKey(platform, path)
            : key.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? $"{name} begins with \"Bearer\". Give the key alone; the SDK adds the word."
            : key.AsSpan().ContainsAnyExceptInRange('!', '~') ? $"{name} holds a space, a line break or a letter that is not ASCII, as when more than the key was copied. Give the key alone."
            : null;
    }

    private static string MissingKey(Sora2Platform? platform, string? path)
    {
        var yours = platform is null ? "your key" : $"your key for {platform.Title} ({platform.DisplayName})";
        return path == nameof(Sora2ClientOptions.ApiKey) ? $"ApiKey is missing at the root of the configuration. Give a section, as in AddSora2(configuration.GetSection(\"Sora2\")), or set ApiKey at the root to {yours}."
            : path is not null ? $"{path} is missing. Set it to {yours}, for example in the environment variable {path.Replace(":", "__", StringComparison.Ordinal)}."
            : platform is null ? $"ApiKey is missing. Set Sora2ClientOptions.ApiKey to {yours}."
            : $"ApiKey is missing. Set Sora2ClientOptions.ApiKey, or the environment variable {platform.ApiKeyVariable} for Sora2Client.FromEnvironment, to {yours}.";
    }

    private static IEnumerable<string> AddressProblems(Sora2ClientOptions options, Sora2Platform? platform)
    {
        if ((options.BaseAddress ?? platform?.DefaultBaseAddress) is { } address && ApiAddress.Problem(address, options.AllowInsecureBaseAddress, NameOf(options, nameof(options.BaseAddress), options.BaseAddress)) is { } problem)
        {
            yield return problem;
        }

        var fallbacks = NameOf(options, nameof(options.FallbackBaseAddresses), options.FallbackBaseAddresses);
        if (options.FallbackBaseAddresses is null)
        {
            yield return $"{fallbacks} is null; leave it empty for none.";
            yield break;
        }

        foreach (var fallback in options.FallbackBaseAddresses)
        {
            if ((fallback is null ? $"{fallbacks} holds null; leave it out." : ApiAddress.Problem(fallback, options.AllowInsecureBaseAddress, fallbacks)) is { } wrong)
            {
                yield return wrong;
            }
        }
    }

    private static IEnumerable<string> RangeProblems(Sora2ClientOptions options)
    {
        (string Setting, object? Value, bool Holds, string Range)[] ranges =
        [
            (nameof(options.PollInterval), options.PollInterval, IsPollInterval(options.PollInterval), "1 ms to 1 h"),
            (nameof(options.RetryDelay), options.RetryDelay, IsDuration(options.RetryDelay, mayBeInfinite: false) && options.RetryDelay <= TimeSpan.FromDays(1), "1 ms to 1 day"), // Polly takes no more.
            Timeout(nameof(options.WaitTimeout), options.WaitTimeout),
            Timeout(nameof(options.CreateTimeout), options.CreateTimeout),
            Timeout(nameof(options.CharacterTimeout), options.CharacterTimeout),
            Timeout(nameof(options.QueryTimeout), options.QueryTimeout),
            Interval(nameof(options.MinCreateInterval), options.MinCreateInterval),
            Interval(nameof(options.MinQueryInterval), options.MinQueryInterval),
            Retries(nameof(options.QueryRetries), options.QueryRetries),
            Retries(nameof(options.CreateRetries), options.CreateRetries),
            Retries(nameof(options.DownloadRetries), options.DownloadRetries),
            (nameof(options.MaxRunningTasks), options.MaxRunningTasks, options.MaxRunningTasks is null or >= 1, "1 or more, or null for no limit"),
            (nameof(options.PollJitter), options.PollJitter, options.PollJitter is >= 0 and <= 0.5, "0 to 0.5"),
            (
                nameof(options.UnresolvedMentions),
                options.UnresolvedMentions,
                Enum.IsDefined(options.UnresolvedMentions),
                string.Join(", ", Enum.GetNames<UnresolvedMentions>())),
        ];
        return OutOfRange(options, prefix: "", ranges);

        static (string, object?, bool, string) Timeout(string setting, TimeSpan value) =>
            (setting, value, IsDuration(value, mayBeInfinite: true), "1 ms to 24 days, or Timeout.InfiniteTimeSpan (-00:00:00.001)");

        static (string, object?, bool, string) Interval(string setting, TimeSpan value) =>
            (setting, value, value == TimeSpan.Zero || IsDuration(value, mayBeInfinite: false), "zero (no limit) to 24 days");

        static (string, object?, bool, string) Retries(string setting, int value) => (setting, value, value is >= 0 and <= 100, "0 to 100");
    }

    private static IEnumerable<string> OutOfRange(
        Sora2ClientOptions options, string prefix, IEnumerable<(string Setting, object? Value, bool Holds, string Range)> ranges) =>
        from range in ranges
        where !range.Holds
        let name = NameOf(options, prefix + range.Setting, range.Value)
        select string.Create(CultureInfo.InvariantCulture, $"{name} is {range.Value}; it has to be {range.Range}.");

    private static IEnumerable<string> ResilienceProblems(Sora2ClientOptions options)
    {
        if (options.Resilience is not { Media: not null, Queries: not null })
        {
            return [$"{nameof(options.Resilience)}, its {nameof(Sora2ResilienceOptions.Media)} and its {nameof(Sora2ResilienceOptions.Queries)} must not be null; leave them as they are for the defaults."];
        }

        return [.. Problems(nameof(Sora2ResilienceOptions.Media), options.Resilience.Media), .. Problems(nameof(Sora2ResilienceOptions.Queries), options.Resilience.Queries)];

        IEnumerable<string> Problems(string group, HttpResilienceOptions of)
        {
            (string Setting, object? Value, bool Holds, string Range)[] ranges =
            [
                (nameof(of.MaxRetryAttempts), of.MaxRetryAttempts, of.MaxRetryAttempts is >= 0 and <= 100, "0 to 100"),
                (nameof(of.RetryDelay), of.RetryDelay, of.RetryDelay is null || IsUpToADay(of.RetryDelay.Value, 0.001), "1 ms to 1 day"),
                (nameof(of.MaxRetryAfter), of.MaxRetryAfter, IsUpToADay(of.MaxRetryAfter, 0.001), "1 ms to 1 day"),
                (nameof(of.AttemptTimeout), of.AttemptTimeout, of.AttemptTimeout is null || IsUpToADay(of.AttemptTimeout.Value, 0.001), "1 ms to 1 day"),
                (nameof(of.FailureRatio), of.FailureRatio, of.FailureRatio is > 0 and <= 1, "more than 0, up to 1"),
                (nameof(of.MinimumThroughput), of.MinimumThroughput, of.MinimumThroughput is >= 2 and <= 1_000_000, "2 to 1000000"),
                (nameof(of.SamplingDuration), of.SamplingDuration, IsUpToADay(of.SamplingDuration, 0.5), "0.5 s to 1 day"),
                (nameof(of.BreakDuration), of.BreakDuration, IsUpToADay(of.BreakDuration, 0.5), "0.5 s to 1 day"),
                (nameof(of.PermitLimit), of.PermitLimit, of.PermitLimit is null or >= 1, "1 or more, or null for no limit"),
                (nameof(of.QueueLimit), of.QueueLimit, of.QueueLimit >= 0, "0 or more"),
            ];
            return OutOfRange(options, $"{nameof(options.Resilience)}:{group}:", ranges);
        }

        static bool IsUpToADay(TimeSpan value, double leastSeconds) => value >= TimeSpan.FromSeconds(leastSeconds) && value <= TimeSpan.FromDays(1);
    }

    /// <summary>Whether the next question comes in a time that somebody can have meant.</summary>
    public static bool IsPollInterval(TimeSpan value) => value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromHours(1);

    public static bool IsDuration(TimeSpan value, bool mayBeInfinite) =>
        (value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromDays(24)) || (mayBeInfinite && value == Timeout.InfiniteTimeSpan);
}
