using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The balance and quota of the key at one platform, in the formats of the gateway software.</summary>
/// <remarks>Every paid create costs the same fictitious price.</remarks>
internal sealed class AccountRoute(Sora2SimulatorOptions options)
{
    private const decimal UnitsPerDollar = 500_000;
    private const decimal DollarsPerCreate = 0.1m;

    /// <summary>What the gateway software reports in place of an amount for a key without a limit.</summary>
    private const decimal UnlimitedDollars = 100_000_000;

    private long _creates;

    private decimal SpentDollars => Interlocked.Read(ref _creates) * DollarsPerCreate;

    public bool Handles(ReceivedRequest request) =>
        request.Method == "GET" && RouteOf(request.Path) is { } route && options.BalanceRoutes.HasFlag(route);

    /// <summary>Charges a create, unless what is left does not suffice.</summary>
    public bool TryCharge()
    {
        if (Interlocked.Increment(ref _creates) * DollarsPerCreate <= (options.BalanceUsd ?? decimal.MaxValue))
        {
            return true;
        }

        Refund();
        return false;
    }

    /// <summary>Refunds a create that was refused.</summary>
    public void Refund() => Interlocked.Decrement(ref _creates);

    public SimulatedResponse Read(ReceivedRequest request) => SimulatedResponse.Json(
        200,
        RouteOf(request.Path) == SimulatorBalanceRoutes.TokenUsage ? Quota()
            : request.Path.EndsWith("/usage", StringComparison.Ordinal) ? Usage()
            : Subscription());

    private static SimulatorBalanceRoutes? RouteOf(string path) => path switch
    {
        "/v1/dashboard/billing/subscription" or "/dashboard/billing/subscription" => SimulatorBalanceRoutes.Billing,
        "/v1/dashboard/billing/usage" or "/dashboard/billing/usage" => SimulatorBalanceRoutes.Billing,
        "/v1/token/quota" or "/api/usage/token" or "/api/usage/token/" => SimulatorBalanceRoutes.TokenUsage,
        _ => null,
    };

    private JsonObject Subscription()
    {
        var limit = options.BalanceUsd ?? UnlimitedDollars;
        return new JsonObject
        {
            ["object"] = "billing_subscription",
            ["has_payment_method"] = true,
            ["soft_limit_usd"] = limit,
            ["hard_limit_usd"] = limit,
            ["system_hard_limit_usd"] = limit,
            ["access_until"] = 0,
        };
    }

    // In cents.
    private JsonObject Usage() => new() { ["object"] = "list", ["total_usage"] = Math.Round(SpentDollars * 100) };

    private JsonObject Quota()
    {
        var spent = Units(SpentDollars);
        var left = options.BalanceUsd is { } granted ? Units(granted) - spent : 0;
        return new JsonObject
        {
            ["code"] = true,
            ["message"] = "ok",
            ["data"] = new JsonObject
            {
                ["object"] = "token_usage",
                ["name"] = "simulator",
                ["total_granted"] = left + spent,
                ["total_used"] = spent,
                ["total_available"] = left,
                ["unlimited_quota"] = options.BalanceUsd is null,
                ["expires_at"] = 0,
            },
        };
    }

    private static long Units(decimal dollars) => (long)Math.Round(dollars * UnitsPerDollar);
}
