using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The same with Juxin's other dialect, whose ids hold a colon.</summary>
public sealed class NativeContentLinkTests : SimulatorContentLinkTests
{
    protected override void Configure(Sora2SimulatorOptions options)
    {
        base.Configure(options);
        options.JuxinAnswerShape = JuxinAnswerShape.Native;
    }
}
