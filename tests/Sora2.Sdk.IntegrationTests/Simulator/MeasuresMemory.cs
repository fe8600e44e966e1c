namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Tests that run alone, because what they measure is the whole process's.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;
