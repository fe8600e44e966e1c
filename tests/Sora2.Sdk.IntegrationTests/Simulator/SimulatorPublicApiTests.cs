using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class SimulatorPublicApiTests
{
    [Fact]
    public void Public_api_of_the_simulator_is_the_reviewed_one() =>
        PublicApi.Verify(typeof(Sora2Simulator).Assembly, Repository.Project);
}
