namespace Sora2.Sdk.Simulator;

/// <summary>What a platform makes with one model, in whole seconds.</summary>
internal sealed record ModelLimits(string Name, IReadOnlyList<int> Seconds, IReadOnlyList<int> HighDefinitionSeconds)
{
    public static ModelLimits Anything(string name)
    {
        int[] seconds = [.. Enumerable.Range(1, 60)];
        return new ModelLimits(name, seconds, seconds);
    }
}
