using System.Globalization;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>Describes a failure on the way to a host: of the network, the resilience pipeline, or a handler of the application.</summary>
internal static class HostFailure
{
    /// <summary>Returns a sentence that follows the name of what was fetched and a colon.</summary>
    public static string Describe(Exception cause) => cause switch
    {
        TimeoutRejectedException { Timeout: var timeout } => $"its host was silent for {DurationFormat.Seconds(timeout)} s.",
        BrokenCircuitException { RetryAfter: { } delay } =>
            $"its host failed too often, so no request is sent to it. Retry after {WholeSeconds(delay)} s.",
        BrokenCircuitException => "its host failed too often, so no request is sent to it for now.",
        RateLimiterRejectedException =>
            $"too many calls to its host are queued. See {nameof(HttpResilienceOptions)}.{nameof(HttpResilienceOptions.QueueLimit)}.",
        _ => $"the connection to its host broke: {MessageText.EnsurePeriod((cause.InnerException ?? cause).Message)}",
    };

    /// <summary>Returns how long to wait, if the pipeline reports it.</summary>
    public static TimeSpan? RetryAfter(Exception cause) => cause switch
    {
        BrokenCircuitException { RetryAfter: var delay } => delay,
        RateLimiterRejectedException { RetryAfter: var delay } => delay,
        _ => null,
    };

    private static string WholeSeconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
