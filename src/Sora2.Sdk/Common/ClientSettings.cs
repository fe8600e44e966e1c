using Client = Sora2.Sdk.Common.Setting<Sora2.Sdk.Sora2ClientOptions>;
using Form = Sora2.Sdk.Common.SettingForm;
using Http = Sora2.Sdk.Common.Setting<Sora2.Sdk.HttpResilienceOptions>;
using Range = Sora2.Sdk.Common.SettingRange;

namespace Sora2.Sdk.Common;

/// <summary>Every setting of a client, a line for each.</summary>
/// <remarks>
/// Validation, the reading of configuration, <see cref="Sora2ClientOptions.ToString"/>, <c>ConfigurationSchema.json</c> and the tables of
/// <c>docs/hosting.md</c> come from here.
/// </remarks>
internal static class ClientSettings
{
    /// <summary>What the names of the settings of <see cref="Sora2ClientOptions.Resilience"/> begin with.</summary>
    public const string ResilienceGroup = nameof(Sora2ClientOptions.Resilience) + ":";

    private static readonly Sora2ClientOptions Defaults = new();

    /// <summary>The settings of <see cref="HttpResilienceOptions"/>, which exist for media and for queries.</summary>
    public static IReadOnlyList<Http> HttpResilience { get; } =
    [
        Http.Create(o => o.MaxRetryAttempts, (o, value) => o.MaxRetryAttempts = value, Form.Whole, Range.Retries),
        Http.Create(o => o.RetryDelay, (o, value) => o.RetryDelay = value, Form.Time, Range.Delay),
        Http.Create(o => o.MaxRetryAfter, (o, value) => o.MaxRetryAfter = value, Form.Time, Range.Delay),
        Http.Create(o => o.AttemptTimeout, (o, value) => o.AttemptTimeout = value, Form.Time, Range.Delay),
        Http.Create(o => o.UseCircuitBreaker, (o, value) => o.UseCircuitBreaker = value, Form.Switch),
        Http.Create(o => o.FailureRatio, (o, value) => o.FailureRatio = value, Form.Number, Range.Ratio),
        Http.Create(o => o.MinimumThroughput, (o, value) => o.MinimumThroughput = value, Form.Whole, Range.Throughput),
        Http.Create(o => o.SamplingDuration, (o, value) => o.SamplingDuration = value, Form.Time, Range.BreakerPeriod),
        Http.Create(o => o.BreakDuration, (o, value) => o.BreakDuration = value, Form.Time, Range.BreakerPeriod),
        Http.Create(o => o.PermitLimit, (o, value) => o.PermitLimit = value, Form.Whole, Range.Limit),
        Http.Create(o => o.QueueLimit, (o, value) => o.QueueLimit = value, Form.Whole, Range.AtLeast(0)),
    ];

    /// <summary>The properties of <see cref="Sora2ClientOptions"/>, in the order in which they are shown.</summary>
    public static IReadOnlyList<Client> Properties { get; } =
    [
        Client.Create(o => o.Platform, (o, value) => o.Platform = value, Form.Text),
        Client.Create(o => o.ApiKey, (o, value) => o.ApiKey = value, Form.Secret),
        Client.Create(o => o.BaseAddress, (o, value) => o.BaseAddress = value, Form.Address),
        Client.Create(o => o.FallbackBaseAddresses, (o, value) => o.FallbackBaseAddresses = value, Form.Addresses),
        Client.Create(o => o.AllowInsecureBaseAddress, (o, value) => o.AllowInsecureBaseAddress = value, Form.Switch),
        Client.Create(o => o.DefaultModel, (o, value) => o.DefaultModel = value, Form.Text),
        Client.Create(o => o.PollInterval, (o, value) => o.PollInterval = value, Form.Time, Range.PollInterval),
        Client.Create(o => o.PollJitter, (o, value) => o.PollJitter = value, Form.Number, Range.Numbers(0, 0.5)),
        Client.Create(o => o.WaitTimeout, (o, value) => o.WaitTimeout = value, Form.Time, Range.Timeout),
        Client.Create(o => o.CreateTimeout, (o, value) => o.CreateTimeout = value, Form.Time, Range.Timeout),
        Client.Create(o => o.CharacterTimeout, (o, value) => o.CharacterTimeout = value, Form.Time, Range.Timeout),
        Client.Create(o => o.QueryTimeout, (o, value) => o.QueryTimeout = value, Form.Time, Range.Timeout),
        Client.Create(o => o.QueryRetries, (o, value) => o.QueryRetries = value, Form.Whole, Range.Retries),
        Client.Create(o => o.CreateRetries, (o, value) => o.CreateRetries = value, Form.Whole, Range.Retries),
        Client.Create(o => o.DownloadRetries, (o, value) => o.DownloadRetries = value, Form.Whole, Range.Retries),
        Client.Create(o => o.RetryDelay, (o, value) => o.RetryDelay = value, Form.Time, Range.Delay),
        Client.InCode(o => o.Resilience),
        Client.Create(o => o.MaxRunningTasks, (o, value) => o.MaxRunningTasks = value, Form.Whole, Range.Limit),
        Client.Create(o => o.MinCreateInterval, (o, value) => o.MinCreateInterval = value, Form.Time, Range.Interval),
        Client.Create(o => o.MinQueryInterval, (o, value) => o.MinQueryInterval = value, Form.Time, Range.Interval),
        Client.Create(o => o.ValidateRequests, (o, value) => o.ValidateRequests = value, Form.Switch),
        Client.Create(o => o.AllowPrivateNetworkDownloads, (o, value) => o.AllowPrivateNetworkDownloads = value, Form.Switch),
        Client.Create(o => o.LogPrompts, (o, value) => o.LogPrompts = value, Form.Switch),
        Client.Create(
            o => o.UnresolvedMentions,
            (o, value) => o.UnresolvedMentions = value,
            Form.Choice<UnresolvedMentions>(),
            Range.Choice<UnresolvedMentions>()),
        Client.InCode(o => o.LoggerFactory),
        Client.InCode(o => o.TaskStore),
        Client.InCode(o => o.TimeProvider),
        Client.InCode(o => o.CharacterLibrary),
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
    public static string Describe(Sora2ClientOptions options) => DisplayFormat.Join(
    [
        LogSanitizer.SingleLine(options.Platform),
        .. Properties.Where(setting => setting.Name != nameof(options.Platform)).Select(setting => setting.Describe(options, Defaults)),
    ]);
}
