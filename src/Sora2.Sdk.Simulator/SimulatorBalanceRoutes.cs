namespace Sora2.Sdk.Simulator;

/// <summary>The routes by which a platform publishes the balance of a key; operators switch them on and off.</summary>
[Flags]
public enum SimulatorBalanceRoutes
{
    /// <summary>None: a request to any of them gets the error for an unknown path.</summary>
    None = 0,

    /// <summary><c>/api/usage/token/</c> and <c>/v1/token/quota</c>, in the units of the gateway software.</summary>
    TokenUsage = 1,

    /// <summary><c>/v1/dashboard/billing/subscription</c> and <c>/v1/dashboard/billing/usage</c>, in USD.</summary>
    Billing = 2,

    /// <summary>All of them.</summary>
    All = TokenUsage | Billing,
}
