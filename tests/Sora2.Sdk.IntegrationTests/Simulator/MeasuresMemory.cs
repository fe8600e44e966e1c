namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Tests that run alone, because they measure the complete process.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;
