namespace Sora2.Sdk.TestSupport;

/// <summary>Tests that run while no other test does, because they measure the whole process or need the whole machine.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
