using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The balance and quota of the key at one platform, in the formats of the gateway software.</summary>
/// <remarks>Every paid create costs the same fictitious price, and the balance never runs out.</remarks>
internal sealed class AccountRoute
{
    private const double UnitsPerDollar = 500_000;
    private const double GrantedDollars = 1_000_000;
    private const double DollarsPerCreate = 0.1;

    private long _creates;

    public static bool Handles(ReceivedRequest request) => request.Method == "GET" && ShapeOf(request.Path) is not null;

    public void Charge() => Interlocked.Increment(ref _creates);

    public SimulatedResponse Read(ReceivedRequest request)
    {
        var spentDollars = Interlocked.Read(ref _creates) * DollarsPerCreate;
        return SimulatedResponse.Json(200, ShapeOf(request.Path)!(spentDollars));
    }

    private static Func<double, JsonObject>? ShapeOf(string path) => path switch
    {
        "/v1/dashboard/billing/subscription" or "/dashboard/billing/subscription" => _ => Subscription(),
        "/v1/dashboard/billing/usage" or "/dashboard/billing/usage" => Usage,
        "/v1/token/quota" or "/api/usage/token" or "/api/usage/token/" => Quota,
        _ => null,
    };

    private static JsonObject Subscription() => new()
    {
        ["object"] = "billing_subscription",
        ["has_payment_method"] = true,
        ["soft_limit_usd"] = GrantedDollars,
        ["hard_limit_usd"] = GrantedDollars,
        ["system_hard_limit_usd"] = GrantedDollars,
        ["access_until"] = 0,
    };

    // In cents.
    private static JsonObject Usage(double dollars) =>
        new() { ["object"] = "list", ["total_usage"] = Math.Round(dollars * 100) };

    private static JsonObject Quota(double dollars) => new()
    {
        ["code"] = true,
        ["message"] = "ok",
        ["data"] = new JsonObject
        {
            ["object"] = "token_usage",
            ["name"] = "simulator",
            ["total_granted"] = (long)(GrantedDollars * UnitsPerDollar),
            ["total_used"] = (long)Math.Round(dollars * UnitsPerDollar),
            ["total_available"] = (long)Math.Round((GrantedDollars - dollars) * UnitsPerDollar),
            ["unlimited_quota"] = false,
            ["expires_at"] = 0,
        },
    };
}
