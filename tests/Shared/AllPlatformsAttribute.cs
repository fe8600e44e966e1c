using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Sora2.Sdk.TestSupport;

/// <summary>Runs a theory on each platform; the method takes the platform's name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllPlatformsAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Sora2Platform.BuiltIn.Select(platform => new TheoryDataRow<string>(platform.Name))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
