namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>The only tests that touch the process's environment, so they run one after the other.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly string? _juxin = Environment.GetEnvironmentVariable("SORA2_API_KEY");
    private readonly string? _zhenzhen = Environment.GetEnvironmentVariable("ZHENZHEN_API_KEY");

    [Theory]
    [InlineData("test-key-juxin", null, "juxin")]
    [InlineData("test-key-juxin", "test-key-zhenzhen", "juxin")]
    [InlineData(null, "test-key-zhenzhen", "zhenzhen")]
    [InlineData(" ", "test-key-zhenzhen", "zhenzhen")]
    public void The_first_platform_with_a_key_in_the_environment_is_taken(string? juxin, string? zhenzhen, string platform)
    {
        Set(juxin, zhenzhen);

        using var client = Sora2Client.FromEnvironment(options => options.PollInterval = TimeSpan.FromSeconds(1));

        Assert.Equal(platform, client.Platform.Name);
    }

    [Fact]
    public void Without_a_key_both_variables_are_named()
    {
        Set(null, null);

        var error = Assert.Throws<Sora2ValidationException>(() => Sora2Client.FromEnvironment());

        Assert.Contains("SORA2_API_KEY for Juxin or ZHENZHEN_API_KEY for Zhenzhen", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Set(_juxin, _zhenzhen);

    private static void Set(string? juxin, string? zhenzhen)
    {
        Environment.SetEnvironmentVariable("SORA2_API_KEY", juxin);
        Environment.SetEnvironmentVariable("ZHENZHEN_API_KEY", zhenzhen);
    }
}
