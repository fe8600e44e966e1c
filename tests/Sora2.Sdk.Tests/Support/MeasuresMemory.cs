namespace Sora2.Sdk.Tests.Support;

/// <summary>Runs when nothing else does: what other tests allocate would be counted.</summary>
[CollectionDefinition(nameof(MeasuresMemory), DisableParallelization = true)]
public sealed class MeasuresMemory;
