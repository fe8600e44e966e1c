namespace Sora2.Sdk.Accounts;

/// <summary>Merges what several responses say of a balance.</summary>
internal static class BalanceMerge
{
    private static readonly Balance Nothing = new();

    /// <summary>Adds a response to what is known.</summary>
    /// <remarks>Amounts in different units are not comparable: the later ones then replace the earlier ones.</remarks>
    /// <param name="known">What is known, or null.</param>
    /// <param name="next">The next response, or null if its route does not exist.</param>
    public static Balance? Add(Balance? known, Balance? next) =>
        known is null || known == Nothing ? next ?? known
        : next is null || next == Nothing ? known
        : known.Unit != next.Unit ? next
        : (next with
        {
            Used = next.Used ?? known.Used,
            Granted = next.Granted ?? known.Granted,
            ExpiresAt = next.ExpiresAt ?? known.ExpiresAt,
        }).WithAmount();
}
