namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The video lengths of one model at one platform, in whole seconds.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Seconds">The supported lengths.</param>
/// <param name="HighDefinitionSeconds">The supported lengths in HD; empty where HD is not supported.</param>
/// <param name="IsUnrestricted">Whether any request is accepted, because the model is not Sora's.</param>
internal sealed record ModelLimits(
    string Name,
    IReadOnlyList<int> Seconds,
    IReadOnlyList<int> HighDefinitionSeconds,
    bool IsUnrestricted = false)
{
    public static ModelLimits Unrestricted(string name) => new(name, [], [], IsUnrestricted: true);
}
