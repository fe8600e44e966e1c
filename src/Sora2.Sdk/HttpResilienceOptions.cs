using System.Globalization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>Retries, circuit breaker and concurrency limit of one kind of free call, counted for each host.</summary>
public sealed class HttpResilienceOptions
{
    /// <summary>The number of retries before the first byte of a response: on connection failures, 408, 429 and 5xx.</summary>
    /// <value>0 to 100; 3 for media, 0 for queries.</value>
    public int MaxRetryAttempts { get; set; }

    /// <summary>The delay before the first retry; it doubles with each, up to 15 s, with jitter.</summary>
    /// <value>
    /// 1 ms to 1 day; null, the default, for the client's <see cref="Sora2ClientOptions.RetryDelay"/>. A <c>Retry-After</c> overrides it.
    /// </value>
    public TimeSpan? RetryDelay { get; set; }

    /// <summary>The longest <c>Retry-After</c> to wait for; a longer one fails the call.</summary>
    /// <value>1 ms to 1 day; 1 min by default.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The timeout of each attempt, until the headers of the response.</summary>
    /// <value>1 ms to 1 day; null, the default, for the call's own timeout: <see cref="DownloadOptions.IdleTimeout"/> of a video.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>Whether calls to a host that keeps failing are refused for <see cref="BreakDuration"/>.</summary>
    /// <value>True for media, false for queries.</value>
    public bool UseCircuitBreaker { get; set; }

    /// <summary>The share of failed calls that opens the circuit.</summary>
    /// <value>More than 0, up to 1; 0.5 by default.</value>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>The number of calls within <see cref="SamplingDuration"/> before the circuit can open.</summary>
    /// <value>2 to 1,000,000; 10 by default.</value>
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>The period in which failures are counted.</summary>
    /// <value>0.5 s to 1 day; 30 s by default.</value>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit refuses calls before it lets one through as a trial.</summary>
    /// <value>0.5 s to 1 day; 15 s by default.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The number of calls to one host that may run at once, until their responses are read; further calls queue.</summary>
    /// <value>1 or more, or null for no limit; 32 for media, none for queries.</value>
    public int? PermitLimit { get; set; }

    /// <summary>The number of calls to one host that may queue; further calls fail at once.</summary>
    /// <value>0 or more; no limit by default.</value>
    public int QueueLimit { get; set; } = int.MaxValue;

    /// <summary>Whether any setting changes how a call is sent.</summary>
    internal bool IsOn => MaxRetryAttempts > 0 || AttemptTimeout is not null || UseCircuitBreaker || PermitLimit is not null;

    /// <summary>Returns what applies, on one line.</summary>
    public override string ToString() => !IsOn ? "off" : DisplayFormat.Join(
        MaxRetryAttempts > 0 ? string.Create(CultureInfo.InvariantCulture, $"{MaxRetryAttempts} retries") : null,
        AttemptTimeout is { } timeout ? $"{DisplayFormat.Duration(timeout)}/attempt" : null,
        UseCircuitBreaker
            ? FormattableString.Invariant($"breaks at {FailureRatio:0.##%} for {DisplayFormat.Duration(BreakDuration)}")
            : null,
        PermitLimit is { } most ? string.Create(CultureInfo.InvariantCulture, $"{most} at a time") : null);

    internal HttpResilienceOptions Copy() => (HttpResilienceOptions)MemberwiseClone();

    internal bool IsSameAs(HttpResilienceOptions? other) =>
        other is not null && ClientSettings.HttpResilience.All(setting => setting.HasValue(this, setting.Get(other)));
}
