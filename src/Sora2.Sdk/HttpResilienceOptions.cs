using System.Globalization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>How one kind of free call is retried and limited; every host has a count of its own.</summary>
public sealed class HttpResilienceOptions
{
    /// <summary>How often a call is retried before the first byte of a response: on connection failures, 408, 429 and 5xx.</summary>
    /// <value>0 to 100; 0 for never.</value>
    public int MaxRetryAttempts { get; set; }

    /// <summary>The delay before the first retry; it doubles with each, up to 15 s, with jitter. A <c>Retry-After</c> comes first.</summary>
    /// <value>1 ms to 1 day; null, the default, for <see cref="Sora2ClientOptions.RetryDelay"/>.</value>
    public TimeSpan? RetryDelay { get; set; }

    /// <summary>The longest <c>Retry-After</c> that is waited for; the call fails with a longer one.</summary>
    /// <value>1 ms to 1 day; 1 min by default.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a host may take to send the headers of a response, in each attempt.</summary>
    /// <value>1 ms to 1 day; null, the default, for what the call itself has: <see cref="DownloadOptions.IdleTimeout"/> of a video.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>Whether a host that keeps failing is left alone for <see cref="BreakDuration"/>.</summary>
    /// <value>True for media, false for queries.</value>
    public bool UseCircuitBreaker { get; set; }

    /// <summary>The share of failed calls that opens the circuit.</summary>
    /// <value>More than 0, up to 1; 0.5 by default.</value>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>How many calls there have to be within <see cref="SamplingDuration"/> before the circuit can open.</summary>
    /// <value>2 to 1,000,000; 10 by default.</value>
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>The time over which failures are counted.</summary>
    /// <value>0.5 s to 1 day; 30 s by default.</value>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an open circuit refuses calls before one is let through as a trial.</summary>
    /// <value>0.5 s to 1 day; 15 s by default.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many calls to one host may be under way, the reading of their responses included; further ones queue.</summary>
    /// <value>1 or more; null for no limit. 32 for media, none for queries.</value>
    public int? PermitLimit { get; set; }

    /// <summary>How many calls to one host may queue; further ones fail at once.</summary>
    /// <value>0 or more; no limit by default.</value>
    public int QueueLimit { get; set; } = int.MaxValue;

    /// <summary>Whether anything of it changes how a call is sent.</summary>
    internal bool IsOn => MaxRetryAttempts > 0 || AttemptTimeout is not null || UseCircuitBreaker || PermitLimit is not null;

    /// <summary>One readable line of what applies.</summary>
    public override string ToString() => !IsOn ? "off" : DisplayFormat.Join(
        MaxRetryAttempts > 0 ? string.Create(CultureInfo.InvariantCulture, $"{MaxRetryAttempts} retries") : null,
        AttemptTimeout is { } timeout ? $"{DisplayFormat.Duration(timeout)}/attempt" : null,
        UseCircuitBreaker ? FormattableString.Invariant($"breaks at {FailureRatio:0.##%} for {DisplayFormat.Duration(BreakDuration)}") : null,
        PermitLimit is { } most ? string.Create(CultureInfo.InvariantCulture, $"{most} at a time") : null);

    internal HttpResilienceOptions Copy() => (HttpResilienceOptions)MemberwiseClone();

    internal bool IsSameAs(HttpResilienceOptions other) =>
        (MaxRetryAttempts, RetryDelay, MaxRetryAfter) == (other.MaxRetryAttempts, other.RetryDelay, other.MaxRetryAfter)
        && (AttemptTimeout, UseCircuitBreaker, FailureRatio) == (other.AttemptTimeout, other.UseCircuitBreaker, other.FailureRatio)
        && (MinimumThroughput, SamplingDuration) == (other.MinimumThroughput, other.SamplingDuration)
        && (BreakDuration, PermitLimit, QueueLimit) == (other.BreakDuration, other.PermitLimit, other.QueueLimit);
}
