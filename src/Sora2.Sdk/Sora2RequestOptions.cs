using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk;

/// <summary>What the SDK notes on its HTTP requests, for handlers of the host that treat kinds of calls differently.</summary>
/// <example>
/// <code>
/// if (Sora2RequestOptions.IsPaid(request))
/// {
///     return await base.SendAsync(request, cancellationToken); // no retry, no time-out: it is billed each time
/// }
/// </code>
/// </example>
public static class Sora2RequestOptions
{
    /// <summary>The key of the request's <see cref="CallKind"/> in <see cref="HttpRequestMessage.Options"/>.</summary>
    public static HttpRequestOptionsKey<CallKind> CallKind { get; } = new("CallKind");

    /// <summary>Whether a request of the SDK costs money when it is accepted, so that it must not be sent twice or given up.</summary>
    /// <param name="request">The request.</param>
    /// <returns>False for free calls, and for requests that are not the SDK's.</returns>
    public static bool IsPaid(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Options.TryGetValue(CallKind, out var kind) && ErrorClassifier.IsPaid(kind);
    }
}
