namespace Sora2.Sdk.Tests.Support;

/// <summary>Tests that measure the whole process; they run one at a time and without others.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
