using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The same tests with Juxin's native response shape, whose ids contain a colon.</summary>
public sealed class SimulatorNativeContentLinkTests : SimulatorContentLinkTests
{
    protected override void Configure(Sora2SimulatorOptions options)
    {
        base.Configure(options);
        options.JuxinResponseShape = JuxinResponseShape.Native;
    }
}
