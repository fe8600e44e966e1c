namespace Sora2.Sdk.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void Public_api_is_the_reviewed_one() => PublicApi.Verify(typeof(Sora2Client).Assembly, Repository.Project);
}
