using System.Globalization;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>What failed on the way to a host, in words: the network, the resilience pipeline, or a handler of the application.</summary>
internal static class HostFailure
{
    /// <summary>A sentence that goes on from the name of what was fetched and a colon.</summary>
    public static string Describe(Exception cause) => cause switch
    {
        TimeoutRejectedException { Timeout: var timeout } => $"its host was silent for {DurationFormat.Seconds(timeout)} s.",
        BrokenCircuitException { RetryAfter: { } pause } =>
            $"its host failed too often, and is left alone. Retry after {WholeSeconds(pause)} s.",
        BrokenCircuitException => "its host failed too often, and is left alone for now.",
        RateLimiterRejectedException =>
            $"too many calls to its host are queued. See {nameof(HttpResilienceOptions)}.{nameof(HttpResilienceOptions.QueueLimit)}.",
        _ => $"the connection to its host broke: {MessageText.EnsurePeriod((cause.InnerException ?? cause).Message)}",
    };

    /// <summary>How long to wait, where a pipeline says so.</summary>
    public static TimeSpan? RetryAfter(Exception cause) => cause switch
    {
        BrokenCircuitException { RetryAfter: var pause } => pause,
        RateLimiterRejectedException { RetryAfter: var pause } => pause,
        _ => null,
    };

    private static string WholeSeconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
