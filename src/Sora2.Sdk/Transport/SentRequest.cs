using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Transport;

/// <summary>A request that failed on the way.</summary>
/// <param name="Platform">The platform's adapter.</param>
/// <param name="Request">The request as the adapter encoded it.</param>
/// <param name="Address">The address it was sent to.</param>
/// <param name="Key">The API key, which is redacted.</param>
internal readonly record struct SentRequest(Sora2Platform Platform, ApiRequest Request, Uri Address, string Key)
{
    /// <summary>The body, which knows whether sending had begun; null for a request without one.</summary>
    public SegmentedHttpContent? Body { get; init; }

    /// <summary>The send of a paid request, which knows whether it was handed to the network.</summary>
    public PaidSend? Paid { get; init; }

    public string? TaskId { get; init; }

    /// <summary>The SDK's own timeout, if it ended the call.</summary>
    public TimeSpan? Timeout { get; init; }
}
