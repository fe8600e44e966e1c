using System.Globalization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The money of a key, or of its account, as the platform reports it.</summary>
/// <remarks>
/// Most relays report the budget of the key, which may be more than what is left in its account. Amounts are a snapshot: running tasks may
/// have been charged already, and failed ones may be refunded.
/// </remarks>
public sealed record Balance
{
    /// <summary>What is left.</summary>
    /// <value>
    /// In <see cref="Unit"/>; may be below 0. Null, never 0, if it is not known; null as well if it is unlimited.
    /// </value>
    public decimal? Amount { get; init; }

    /// <summary>The unit of all amounts, as the relay says it.</summary>
    /// <value>
    /// <c>USD</c>, <c>CNY</c>, <c>units</c> (the relay's own; 500,000 are 1 USD unless the operator changed that), or empty if the relay
    /// does not say it.
    /// </value>
    public string Unit { get; init; } = "";

    /// <summary>What was spent so far.</summary>
    /// <value>In <see cref="Unit"/>; null if it is not known.</value>
    public decimal? Used { get; init; }

    /// <summary>What was granted in all: <see cref="Amount"/> and <see cref="Used"/> together.</summary>
    /// <value>In <see cref="Unit"/>; null if it is not known, or if it is unlimited.</value>
    public decimal? Granted { get; init; }

    /// <summary>Whether the key has no limit of its own. Its account may still run out of money.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>When the key expires.</summary>
    /// <value>Null if it does not, or if that is not known.</value>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it is known how much is left.</summary>
    internal bool IsKnown => Amount is not null || IsUnlimited;

    /// <summary>Returns the balance with the amount that follows from what was granted and used, if it has none.</summary>
    internal Balance WithAmount() => IsKnown ? this : this with { Amount = Granted - Used };

    /// <summary>Returns one line, such as <c>12.5 USD, 7.5 used, until 2026-12-31</c>.</summary>
    public override string ToString() => DisplayFormat.Join(
        IsUnlimited ? "unlimited"
            : Amount is { } amount ? $"{Number(amount)} {(Unit.Length == 0 ? "of an unnamed unit" : LogSanitizer.SingleLine(Unit, 20))}"
            : "not known",
        Used is { } used ? $"{Number(used)} used" : null,
        ExpiresAt is { } end ? string.Create(CultureInfo.InvariantCulture, $"until {end.UtcDateTime:yyyy-MM-dd}") : null);

    private static string Number(decimal number) => number.ToString("0.########", CultureInfo.InvariantCulture);
}
