using System.Globalization;

namespace Sora2.Sdk;

/// <summary>Checks options, and resolves what they leave to the platform. Every message names the option.</summary>
internal static class Sora2ClientSettings
{
    /// <summary>The first thing wrong with the options, or null.</summary>
    public static string? Problem(Sora2ClientOptions options, IEnumerable<Sora2Platform> platforms)
    {
        if (options.TimeProvider is null)
        {
            return $"{nameof(options.TimeProvider)} is null; leave it at TimeProvider.System unless a test moves the clock.";
        }

        if (FindPlatform(options, platforms) is not { } platform)
        {
            return $"{nameof(options.Platform)} is \"{options.Platform}\"; known are {string.Join(" and ", platforms.Select(known => $"\"{known.Name}\""))}.";
        }

        return KeyProblem(options, platform)
            ?? ApiAddress.Problem(options.BaseAddress ?? platform.DefaultBaseAddress, options.AllowInsecureBaseAddress)
            ?? options.FallbackBaseAddresses.Select(address => ApiAddress.Problem(address, options.AllowInsecureBaseAddress, nameof(options.FallbackBaseAddresses))).FirstOrDefault(problem => problem is not null)
            ?? TimeProblem(options)
            ?? NumberProblem(options);
    }

    public static Sora2Platform? FindPlatform(Sora2ClientOptions options, IEnumerable<Sora2Platform> platforms) =>
        options.CustomPlatform?.Name == options.Platform
            ? options.CustomPlatform
            : platforms.FirstOrDefault(platform => string.Equals(platform.Name, options.Platform, StringComparison.OrdinalIgnoreCase));

    private static string? KeyProblem(Sora2ClientOptions options, Sora2Platform platform)
    {
        var key = options.ApiKey?.Trim();
        return string.IsNullOrEmpty(key) ? $"{nameof(options.ApiKey)} is missing. Set Sora2ClientOptions.ApiKey, or the environment variable {platform.ApiKeyVariable} for Sora2Client.FromEnvironment, to your key for {platform.Title} ({platform.DisplayName})."
            : key.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? $"{nameof(options.ApiKey)} begins with \"Bearer\". Give the key alone; the SDK adds the word."
            : key.AsSpan().ContainsAnyExceptInRange('!', '~') ? $"{nameof(options.ApiKey)} holds a space, a line break or a letter that is not ASCII, as when more than the key was copied. Give the key alone."
            : null;
    }

    private static string? TimeProblem(Sora2ClientOptions options)
    {
        if (!IsPollInterval(options.PollInterval))
        {
            return $"{nameof(options.PollInterval)} is {options.PollInterval}; it has to be 1 ms to 1 h.{DaysHint(options.PollInterval)}";
        }

        (string Name, TimeSpan Value, bool MayBeInfinite)[] times =
        [
            (nameof(options.RetryDelay), options.RetryDelay, false),
            (nameof(options.WaitTimeout), options.WaitTimeout, true),
            (nameof(options.CreateTimeout), options.CreateTimeout, true),
            (nameof(options.CharacterTimeout), options.CharacterTimeout, true),
            (nameof(options.QueryTimeout), options.QueryTimeout, true),
        ];
        foreach (var (name, value, mayBeInfinite) in times)
        {
            if (!IsDuration(value, mayBeInfinite))
            {
                return $"{name} is {value}; it has to be 1 ms to 24 days{(mayBeInfinite ? ", or Timeout.InfiniteTimeSpan (-00:00:00.001)" : "")}.{DaysHint(value)}";
            }
        }

        foreach (var (name, value) in new[] { (nameof(options.MinCreateInterval), options.MinCreateInterval), (nameof(options.MinQueryInterval), options.MinQueryInterval) })
        {
            if (value != TimeSpan.Zero && !IsDuration(value, mayBeInfinite: false))
            {
                return $"{name} is {value}; it has to be zero (no limit) to 24 days.{DaysHint(value)}";
            }
        }

        return null;
    }

    private static string? NumberProblem(Sora2ClientOptions options) =>
        options.QueryRetries is < 0 or > 100 ? $"{nameof(options.QueryRetries)} is {options.QueryRetries}; it has to be 0 to 100."
        : options.CreateRetries is < 0 or > 100 ? $"{nameof(options.CreateRetries)} is {options.CreateRetries}; it has to be 0 to 100."
        : options.DownloadRetries is < 0 or > 100 ? $"{nameof(options.DownloadRetries)} is {options.DownloadRetries}; it has to be 0 to 100."
        : options.MaxRunningTasks is < 1 ? $"{nameof(options.MaxRunningTasks)} is {options.MaxRunningTasks}; it has to be 1 or more, or null for no limit."
        : options.PollJitter is >= 0 and <= 0.5 ? null
        : string.Create(CultureInfo.InvariantCulture, $"{nameof(options.PollJitter)} is {options.PollJitter}; it has to be 0 to 0.5.");

    /// <summary>Whether the next question comes in a time that somebody can have meant.</summary>
    public static bool IsPollInterval(TimeSpan value) => value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromHours(1);

    /// <summary>In configuration a bare number is a number of days, which nobody means.</summary>
    private static string DaysHint(TimeSpan value) => value.Days > 0 && value == TimeSpan.FromDays(value.Days) ? $" A bare \"{value.Days}\" means days: write 00:00:{Math.Min(value.Days, 59):00} for {Math.Min(value.Days, 59)} seconds." : "";

    public static bool IsDuration(TimeSpan value, bool mayBeInfinite) =>
        (value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromDays(24)) || (mayBeInfinite && value == Timeout.InfiniteTimeSpan);
}
