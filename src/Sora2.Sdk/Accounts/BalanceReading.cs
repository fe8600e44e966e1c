namespace Sora2.Sdk.Accounts;

/// <summary>The outcome of the balance calls of a check.</summary>
/// <param name="Balance">What the responses say; null if none says anything.</param>
/// <param name="Proof">The last call with the expected response, or null.</param>
/// <param name="Last">The last call that was made, or null.</param>
internal readonly record struct BalanceReading(Balance? Balance, AccountProbe? Proof, AccountProbe? Last)
{
    /// <summary>The call that failed for another reason than a missing route, or null.</summary>
    public AccountProbe? Failed => Last is { Error: not null, IsRouteMissing: false } ? Last : null;
}
