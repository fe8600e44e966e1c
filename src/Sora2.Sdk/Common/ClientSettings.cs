using Client = Sora2.Sdk.Common.Setting<Sora2.Sdk.Sora2ClientOptions>;
using Http = Sora2.Sdk.Common.Setting<Sora2.Sdk.HttpResilienceOptions>;

namespace Sora2.Sdk.Common;

/// <summary>
/// Every setting of a client, a line for each. Validation, the reading of configuration, <see cref="Sora2ClientOptions.ToString"/>,
/// <c>ConfigurationSchema.json</c> and the tables of <c>docs/hosting.md</c> come from here.
/// </summary>
internal static class ClientSettings
{
    private const string ResilienceGroup = nameof(Sora2ClientOptions.Resilience) + ":";

    private static readonly Sora2ClientOptions Defaults = new();

    /// <summary>The settings of <see cref="HttpResilienceOptions"/>, which exist for media and for queries.</summary>
    public static IReadOnlyList<Http> HttpResilience { get; } =
    [
        Http.Whole(options => options.MaxRetryAttempts, (options, value) => options.MaxRetryAttempts = value, SettingRange.Retries),
        Http.Time(options => options.RetryDelay, (options, value) => options.RetryDelay = value, SettingRange.Delay),
        Http.Time(options => options.MaxRetryAfter, (options, value) => options.MaxRetryAfter = value, SettingRange.Delay),
        Http.Time(options => options.AttemptTimeout, (options, value) => options.AttemptTimeout = value, SettingRange.Delay),
        Http.Switch(options => options.UseCircuitBreaker, (options, value) => options.UseCircuitBreaker = value),
        Http.Number(options => options.FailureRatio, (options, value) => options.FailureRatio = value, SettingRange.Ratio),
        Http.Whole(options => options.MinimumThroughput, (options, value) => options.MinimumThroughput = value, SettingRange.Throughput),
        Http.Time(options => options.SamplingDuration, (options, value) => options.SamplingDuration = value, SettingRange.BreakerPeriod),
        Http.Time(options => options.BreakDuration, (options, value) => options.BreakDuration = value, SettingRange.BreakerPeriod),
        Http.Whole(options => options.PermitLimit, (options, value) => options.PermitLimit = value, SettingRange.Limit),
        Http.Whole(options => options.QueueLimit, (options, value) => options.QueueLimit = value, SettingRange.AtLeast(0)),
    ];

    /// <summary>The properties of <see cref="Sora2ClientOptions"/>, in the order in which they are shown.</summary>
    public static IReadOnlyList<Client> Properties { get; } =
    [
        Client.Text(options => options.Platform, (options, value) => options.Platform = value),
        Client.Secret(options => options.ApiKey, (options, value) => options.ApiKey = value),
        Client.Address(options => options.BaseAddress, (options, value) => options.BaseAddress = value),
        Client.Addresses(options => options.FallbackBaseAddresses, (options, value) => options.FallbackBaseAddresses = value),
        Client.Switch(options => options.AllowInsecureBaseAddress, (options, value) => options.AllowInsecureBaseAddress = value),
        Client.Text(options => options.DefaultModel, (options, value) => options.DefaultModel = value),
        Client.Time(options => options.PollInterval, (options, value) => options.PollInterval = value, SettingRange.PollInterval),
        Client.Number(options => options.PollJitter, (options, value) => options.PollJitter = value, SettingRange.Numbers(0, 0.5)),
        Client.Time(options => options.WaitTimeout, (options, value) => options.WaitTimeout = value, SettingRange.Timeout),
        Client.Time(options => options.CreateTimeout, (options, value) => options.CreateTimeout = value, SettingRange.Timeout),
        Client.Time(options => options.CharacterTimeout, (options, value) => options.CharacterTimeout = value, SettingRange.Timeout),
        Client.Time(options => options.QueryTimeout, (options, value) => options.QueryTimeout = value, SettingRange.Timeout),
        Client.Whole(options => options.QueryRetries, (options, value) => options.QueryRetries = value, SettingRange.Retries),
        Client.Whole(options => options.CreateRetries, (options, value) => options.CreateRetries = value, SettingRange.Retries),
        Client.Whole(options => options.DownloadRetries, (options, value) => options.DownloadRetries = value, SettingRange.Retries),
        Client.Time(options => options.RetryDelay, (options, value) => options.RetryDelay = value, SettingRange.Delay),
        Client.InCode(options => options.Resilience),
        Client.Whole(options => options.MaxRunningTasks, (options, value) => options.MaxRunningTasks = value, SettingRange.Limit),
        Client.Time(options => options.MinCreateInterval, (options, value) => options.MinCreateInterval = value, SettingRange.Interval),
        Client.Time(options => options.MinQueryInterval, (options, value) => options.MinQueryInterval = value, SettingRange.Interval),
        Client.Switch(options => options.ValidateRequests, (options, value) => options.ValidateRequests = value),
        Client.Switch(
            options => options.AllowPrivateNetworkDownloads, (options, value) => options.AllowPrivateNetworkDownloads = value),
        Client.Switch(options => options.LogPrompts, (options, value) => options.LogPrompts = value),
        Client.Choice<UnresolvedMentions>(
            options => options.UnresolvedMentions, (options, value) => options.UnresolvedMentions = value),
        Client.InCode(options => options.LoggerFactory),
        Client.InCode(options => options.TaskStore),
        Client.InCode(options => options.TimeProvider),
        Client.InCode(options => options.CharacterLibrary),
    ];

    /// <summary>What can be read from configuration, with the settings of <see cref="Sora2ClientOptions.Resilience"/>.</summary>
    public static IReadOnlyList<Client> Configurable { get; } =
    [
        .. Properties.Where(setting => setting.Set is not null),
        .. HttpResilience.Select(setting => setting.Within<Sora2ClientOptions>(
            $"{ResilienceGroup}{nameof(Sora2ResilienceOptions.Media)}:", options => options.Resilience?.Media)),
        .. HttpResilience.Select(setting => setting.Within<Sora2ClientOptions>(
            $"{ResilienceGroup}{nameof(Sora2ResilienceOptions.Queries)}:", options => options.Resilience?.Queries)),
    ];

    /// <summary>Returns the options on one line: the platform, whether a key is set, and what differs from the defaults.</summary>
    public static string Describe(Sora2ClientOptions options) => LogSanitizer.Joined(
    [
        LogSanitizer.SingleLine(options.Platform),
        .. Properties.Where(setting => setting.Name != nameof(options.Platform)).Select(setting => setting.Describe(options, Defaults)),
    ]);
}
