namespace Sora2.Sdk.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_api_is_the_one_that_was_reviewed() => PublicApi.Verify(typeof(Sora2Client).Assembly, Repository.Project);
}
