namespace Sora2.Sdk.Simulator;

/// <summary>What a platform makes with one model, in whole seconds.</summary>
/// <param name="Name">The model.</param>
/// <param name="Seconds">The lengths it makes.</param>
/// <param name="HighDefinitionSeconds">The lengths it makes in HD; none where it makes no HD.</param>
/// <param name="IsFree">Whether it takes anything: a model that is not Sora's.</param>
internal sealed record ModelLimits(string Name, IReadOnlyList<int> Seconds, IReadOnlyList<int> HighDefinitionSeconds, bool IsFree = false)
{
    public static ModelLimits Anything(string name) => new(name, [], [], IsFree: true);
}
