using System.Net.Http.Headers;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>
/// What the <see cref="SendGuard"/> needs of the call under way: the key, and the pass of a paid request. It flows with the execution
/// context instead of with the request, so that no handler, clone or logger of a host ever has either.
/// </summary>
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

    /// <summary>Whether a request of the call got to its own origin.</summary>
    public bool WasReached { get; set; }

    /// <summary>Where else a request went: a handler followed a redirect, or asked for a token.</summary>
    public Uri? Elsewhere { get; set; }

    /// <summary>
    /// Marks a request as one of this call: a handler that sends from a queue of its own may do so while another call flows.
    /// </summary>
    public void Mark(HttpRequestMessage request) => request.Options.Set(MarkKey, _mark);

    /// <summary>Whether a request is not this call's: it has the mark or the body of another one, or costs money and this does not.</summary>
    public bool IsOfAnother(HttpRequestMessage request) =>
        (request.Content is SegmentedHttpContent content && content != body)
        || (request.Options.TryGetValue(MarkKey, out var mark) && mark != _mark)
        || (paid is null && Sora2RequestOptions.IsPaid(request));

    /// <summary>Whether a request to the call's own origin is the paid one, also after a handler copied it.</summary>
    public bool IsPaidRequest(HttpRequestMessage request) =>
        paid is not null && (request.Content is SegmentedHttpContent || request.RequestUri!.AbsolutePath == address.AbsolutePath);

    /// <summary>Makes this the call under way, until the asynchronous method that says so returns.</summary>
    public void Begin() => Flowing.Value = this;

    public bool IsSameOrigin(Uri other) => UriExtensions.IsSameOrigin(address, other);
}
