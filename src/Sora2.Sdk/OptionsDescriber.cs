using System.Globalization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A client's settings in one line for a person: the platform, whether there is a key, and what is not as it comes.</summary>
internal static class OptionsDescriber
{
    private static readonly Sora2ClientOptions Defaults = new();

    // Written out, as nothing here reflects; a test finds an option that is missing.
    public static string Describe(Sora2ClientOptions options) => DisplayFormat.Join(
        LogSanitizer.SingleLine(options.Platform),
        string.IsNullOrWhiteSpace(options.ApiKey) ? "no key set" : "key set",
        Changed(nameof(options.BaseAddress), options.BaseAddress, Defaults.BaseAddress),
        options.FallbackBaseAddresses is { Count: > 0 } others ? $"{nameof(options.FallbackBaseAddresses)} = {LogSanitizer.SingleLine(string.Join(" ", others.Select(Redaction.WithoutQuery)))}" : null,
        Changed(nameof(options.AllowInsecureBaseAddress), options.AllowInsecureBaseAddress, Defaults.AllowInsecureBaseAddress),
        Changed(nameof(options.DefaultModel), options.DefaultModel, Defaults.DefaultModel),
        Changed(nameof(options.PollInterval), options.PollInterval, Defaults.PollInterval),
        Changed(nameof(options.PollJitter), options.PollJitter, Defaults.PollJitter),
        Changed(nameof(options.JitterSeed), options.JitterSeed, Defaults.JitterSeed),
        Changed(nameof(options.WaitTimeout), options.WaitTimeout, Defaults.WaitTimeout),
        Changed(nameof(options.CreateTimeout), options.CreateTimeout, Defaults.CreateTimeout),
        Changed(nameof(options.CharacterTimeout), options.CharacterTimeout, Defaults.CharacterTimeout),
        Changed(nameof(options.QueryTimeout), options.QueryTimeout, Defaults.QueryTimeout),
        Changed(nameof(options.QueryRetries), options.QueryRetries, Defaults.QueryRetries),
        Changed(nameof(options.CreateRetries), options.CreateRetries, Defaults.CreateRetries),
        Changed(nameof(options.DownloadRetries), options.DownloadRetries, Defaults.DownloadRetries),
        Changed(nameof(options.RetryDelay), options.RetryDelay, Defaults.RetryDelay),
        options.Resilience?.IsSameAs(Defaults.Resilience) == true ? null : $"{nameof(options.Resilience)} = {options.Resilience}",
        Changed(nameof(options.MaxRunningTasks), options.MaxRunningTasks, Defaults.MaxRunningTasks),
        Changed(nameof(options.MinCreateInterval), options.MinCreateInterval, Defaults.MinCreateInterval),
        Changed(nameof(options.MinQueryInterval), options.MinQueryInterval, Defaults.MinQueryInterval),
        Changed(nameof(options.ValidateRequests), options.ValidateRequests, Defaults.ValidateRequests),
        Changed(nameof(options.AllowPrivateNetworkDownloads), options.AllowPrivateNetworkDownloads, Defaults.AllowPrivateNetworkDownloads),
        Changed(nameof(options.LogPrompts), options.LogPrompts, Defaults.LogPrompts),
        Changed(nameof(options.UnresolvedMentions), options.UnresolvedMentions, Defaults.UnresolvedMentions),
        Changed(nameof(options.LoggerFactory), options.LoggerFactory, Defaults.LoggerFactory),
        Changed(nameof(options.TaskStore), options.TaskStore, Defaults.TaskStore),
        Changed(nameof(options.TimeProvider), options.TimeProvider, Defaults.TimeProvider),
        Changed(nameof(options.CharacterLibrary), options.CharacterLibrary, Defaults.CharacterLibrary));

    private static string? Changed<T>(string name, T value, T standard) => EqualityComparer<T>.Default.Equals(value, standard) ? null : $"{name} = {value switch
    {
        null => "null",
        Uri address => LogSanitizer.SingleLine(address),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => LogSanitizer.SingleLine(value.ToString()),
    }}";
}
