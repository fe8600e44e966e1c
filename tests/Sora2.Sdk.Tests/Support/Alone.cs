namespace Sora2.Sdk.Tests.Support;

/// <summary>Tests that measure what the whole process does, one after the other and beside no others.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
