using System.Net.Http.Headers;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>The current call's key and its permission to send a paid request, for the <see cref="SendGuard"/>.</summary>
/// <remarks>
/// Flows with the execution context instead of the request, so that no handler, clone or logger of a host ever has either.
/// </remarks>
/// <param name="authorization">The key.</param>
/// <param name="address">Where the request goes; the key goes to this origin only.</param>
/// <param name="paid">The single send of a paid request; null for a free one.</param>
/// <param name="body">The request's body, or null.</param>
internal sealed class GuardedCall(AuthenticationHeaderValue authorization, Uri address, PaidSend? paid, SegmentedHttpContent? body)
{
    private static readonly AsyncLocal<GuardedCall?> Flowing = new();
    private static readonly HttpRequestOptionsKey<object> MarkKey = new("Sora2.Sdk.Call");

    private readonly object _mark = new();

    public static GuardedCall? Current => Flowing.Value;

    public AuthenticationHeaderValue Authorization => authorization;

    public Uri Address => address;

    public PaidSend? Paid => paid;

    /// <summary>Whether a request of the call reached its own origin.</summary>
    public bool WasReached { get; set; }

    /// <summary>Another address that a request went to: a handler followed a redirect, or fetched a token.</summary>
    public Uri? Elsewhere { get; set; }

    /// <summary>
    /// Marks a request as this call's: a handler with its own queue may send it while another call is current.
    /// </summary>
    public void Mark(HttpRequestMessage request) => request.Options.Set(MarkKey, _mark);

    /// <summary>Returns whether a request belongs to another call: by its mark, its body, or because it is paid and this is free.</summary>
    public bool IsOfAnother(HttpRequestMessage request) =>
        (request.Content is SegmentedHttpContent content && content != body)
        || (request.Options.TryGetValue(MarkKey, out var mark) && mark != _mark)
        || (paid is null && Sora2RequestOptions.IsPaid(request));

    /// <summary>Returns whether a request to the call's own origin is the paid one, or a handler's copy of it.</summary>
    public bool IsPaidRequest(HttpRequestMessage request) =>
        paid is not null && (request.Content is SegmentedHttpContent || request.RequestUri!.AbsolutePath == address.AbsolutePath);

    /// <summary>Makes this the current call until the calling asynchronous method returns.</summary>
    public void Begin() => Flowing.Value = this;

    public bool IsSameOrigin(Uri other) => UriExtensions.IsSameOrigin(address, other);
}
