namespace Sora2.Sdk.Simulator;

/// <summary>What a request carries of the API key.</summary>
/// <param name="Scheme">The scheme of the <c>Authorization</c> header, such as <c>Bearer</c>; empty without one.</param>
/// <param name="Matched">Whether it is the right key, as a bearer token or bare where that is taken; null without the header.</param>
/// <param name="CarriedKey">Whether the key stands anywhere in the address or a header.</param>
internal sealed record Credentials(string Scheme, bool? Matched, bool CarriedKey)
{
    public static Credentials Of(ReceivedRequest request, KeyRing keys)
    {
        var carried = keys.AreIn(request.Target) || keys.AreIn(Uri.UnescapeDataString(request.Target)) || request.Headers.Values.Any(keys.AreIn);
        if (!request.Headers.TryGetValue("Authorization", out var authorization))
        {
            return new Credentials("", Matched: null, carried);
        }

        if (keys.TakesBareKey && authorization.Trim() == keys.Current)
        {
            return new Credentials("", Matched: true, carried);
        }

        // A header without a space is a bare key, not a scheme: nothing of it may be kept.
        var parts = authorization.Split(' ', 2);
        return parts.Length == 2
            ? new Credentials(parts[0], parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase) && parts[1] == keys.Current, carried)
            : new Credentials("", Matched: false, carried);
    }
}
