using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk;

/// <summary>The options that the SDK sets on its HTTP requests, for handlers of the host that treat kinds of calls differently.</summary>
/// <example>
/// <code>
/// if (Sora2RequestOptions.IsPaid(request))
/// {
///     return await base.SendAsync(request, cancellationToken); // no retry, no timeout: it is billed each time
/// }
/// </code>
/// </example>
public static class Sora2RequestOptions
{
    /// <summary>The key of the request's <see cref="CallKind"/> in <see cref="HttpRequestMessage.Options"/>.</summary>
    public static HttpRequestOptionsKey<CallKind> CallKind { get; } = new("CallKind");

    /// <summary>Returns whether a request costs money when it is accepted, so that it must not be sent twice or cancelled.</summary>
    /// <param name="request">The request.</param>
    /// <returns>True for paid calls; false for free calls and for requests that are not the SDK's.</returns>
    public static bool IsPaid(HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Options.TryGetValue(CallKind, out var kind) && ErrorClassifier.IsPaid(kind);
    }
}
