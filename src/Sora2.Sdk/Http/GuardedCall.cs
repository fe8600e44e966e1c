using System.Net.Http.Headers;

namespace Sora2.Sdk;

/// <summary>
/// What the <see cref="SendGuard"/> needs of the call under way: the key, and the pass of a paid request. It flows with the execution
/// context instead of with the request, so that no handler, clone or logger of a host ever has either.
/// </summary>
/// <param name="authorization">The key.</param>
/// <param name="address">Where the request goes; the key goes to this origin only.</param>
/// <param name="paid">The single send of a paid request; null for a free one.</param>
internal sealed class GuardedCall(AuthenticationHeaderValue authorization, Uri address, PaidSend? paid)
{
    private static readonly AsyncLocal<GuardedCall?> Flowing = new();

    public static GuardedCall? Current => Flowing.Value;

    public AuthenticationHeaderValue Authorization => authorization;

    public Uri Address => address;

    public PaidSend? Paid => paid;

    /// <summary>Where the last request went, if to another origin: a handler followed a redirect, or asked for a token.</summary>
    public Uri? Elsewhere { get; set; }

    /// <summary>Makes this the call under way, until the asynchronous method that says so returns.</summary>
    public void Begin() => Flowing.Value = this;

    public bool IsSameOrigin(Uri other) =>
        Uri.Compare(address, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
