using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Sora2.Sdk;

/// <summary>What went wrong on the way to a host, in words: of the network, of the resilience pipeline, or of a handler of the host's own.</summary>
internal static class HostFailure
{
    /// <summary>A sentence that goes on from the name of what was fetched and a colon.</summary>
    public static string Describe(Exception cause) => cause switch
    {
        TimeoutRejectedException { Timeout: var timeout } => $"its host was silent for {Seconds.Of(timeout)} s.",
        BrokenCircuitException { RetryAfter: { } pause } => $"its host failed too often, and is left alone. Retry after {Seconds.Of(TimeSpan.FromSeconds(Math.Ceiling(pause.TotalSeconds)))} s.",
        BrokenCircuitException => "its host failed too often, and is left alone for now.",
        RateLimiterRejectedException => $"too many calls to its host are queued. See {nameof(HttpResilienceOptions)}.{nameof(HttpResilienceOptions.QueueLimit)}.",
        _ => $"the connection to its host broke: {Sentence.Ended((cause.InnerException ?? cause).Message)}",
    };

    /// <summary>How long to wait, where a pipeline says so.</summary>
    public static TimeSpan? RetryAfter(Exception cause) => cause switch
    {
        BrokenCircuitException { RetryAfter: var pause } => pause,
        RateLimiterRejectedException { RetryAfter: var pause } => pause,
        _ => null,
    };
}
