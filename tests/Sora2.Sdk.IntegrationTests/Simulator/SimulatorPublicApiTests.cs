using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class SimulatorPublicApiTests
{
    [Fact]
    public void The_public_api_of_the_simulator_is_the_one_that_was_reviewed() => PublicApi.Verify(typeof(Sora2Simulator).Assembly, Repository.Project);
}
