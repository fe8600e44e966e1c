namespace Sora2.Sdk.Simulator.Serving;

/// <summary>What a request contains of the API key.</summary>
/// <param name="Scheme">The scheme of the <c>Authorization</c> header, such as <c>Bearer</c>; empty without one.</param>
/// <param name="Matched">Whether it is the right key, as a bearer token or, where that is accepted, bare; null without the header.</param>
/// <param name="CarriedKey">Whether the key is anywhere in the address or a header.</param>
internal sealed record Credentials(string Scheme, bool? Matched, bool CarriedKey)
{
    public static Credentials From(ReceivedRequest request, KeyRing keys)
    {
        var carried = keys.AppearIn(request.Target)
            || keys.AppearIn(Uri.UnescapeDataString(request.Target))
            || request.Headers.Values.Any(keys.AppearIn);
        if (!request.Headers.TryGetValue("Authorization", out var authorization))
        {
            return new Credentials("", Matched: null, carried);
        }

        if (keys.AcceptsBareKey && authorization.Trim() == keys.Current)
        {
            return new Credentials("", Matched: true, carried);
        }

        // A header without a space is a bare key, not a scheme: no part of it may be recorded.
        var parts = authorization.Split(' ', 2);
        return parts.Length == 2
            ? new Credentials(parts[0], parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase) && parts[1] == keys.Current, carried)
            : new Credentials("", Matched: false, carried);
    }
}
