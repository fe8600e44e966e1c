using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>The only tests that change the environment of the process; those of one class run one after the other.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private static readonly string[] Variables = ["SORA2_API_KEY", "SORA2_PLATFORM", "JUXIN_API_KEY", "ZHENZHEN_API_KEY"];

    private readonly string?[] _before = [.. Variables.Select(Environment.GetEnvironmentVariable)];

    [Theory]
    [InlineData("test-key-juxin", null, "juxin")]
    [InlineData("test-key-juxin", "test-key-zhenzhen", "juxin")]
    [InlineData(null, "test-key-zhenzhen", "zhenzhen")]
    [InlineData(" ", "test-key-zhenzhen", "zhenzhen")]
    public void First_platform_with_a_key_in_the_environment_is_used(string? juxin, string? zhenzhen, string platform)
    {
        Set(juxin, zhenzhen);

        using var client = Sora2Client.FromEnvironment(options => options.PollInterval = TimeSpan.FromSeconds(1));

        Assert.Equal(platform, client.Platform.Name);
    }

    [Theory]
    [InlineData("zhenzhen", "zhenzhen")]
    [InlineData(" Zhenzhen ", "zhenzhen")]
    [InlineData("juxin", "juxin")]
    [InlineData(" ", "juxin")]
    public void Platform_variable_says_whose_the_key_is(string name, string platform)
    {
        Set("test-key-own", "test-key-zhenzhen");
        Environment.SetEnvironmentVariable("SORA2_PLATFORM", name);

        using var client = Sora2Client.FromEnvironment();

        Assert.Equal((platform, "test-key-own"), (client.PlatformName, client.Key.Authorization.Parameter));
    }

    [Fact]
    public void Own_variable_of_a_platform_is_read_without_the_common_one()
    {
        Set(null, "test-key-zhenzhen");
        Environment.SetEnvironmentVariable("JUXIN_API_KEY", "test-key-juxin");
        Environment.SetEnvironmentVariable("SORA2_PLATFORM", "zhenzhen"); // says whose SORA2_API_KEY is, and there is none

        using var client = Sora2Client.FromEnvironment();

        Assert.Equal("juxin", client.PlatformName);
    }

    [Fact]
    public void Unknown_platform_in_the_environment_is_refused()
    {
        Set("test-key-own", null);
        Environment.SetEnvironmentVariable("SORA2_PLATFORM", "acme");

        var error = Assert.Throws<Sora2ValidationException>(() => Sora2Client.FromEnvironment());

        Assert.Contains("SORA2_PLATFORM is \"acme\"; it has to be juxin or zhenzhen.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_key_names_both_variables()
    {
        Set(null, null);

        var error = Assert.Throws<Sora2ValidationException>(() => Sora2Client.FromEnvironment());

        Assert.Contains("Set SORA2_API_KEY for Juxin", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test-key-juxin", "test-key-zhenzhen", "juxin")]
    [InlineData(null, "test-key-zhenzhen", "zhenzhen")]
    public async Task Container_reads_the_key_from_the_environment_when_it_creates_the_client(
        string? juxin, string? zhenzhen, string platform)
    {
        Set(null, null);
        var services = new ServiceCollection();
        services.AddSora2();
        services.Configure<Sora2ClientOptions>(options => options.DefaultModel = "veo3.1-fast");
        await using var provider = services.BuildServiceProvider();
        Set(juxin, zhenzhen);

        Assert.Equal(platform, provider.GetRequiredService<ISora2Client>().PlatformName);
        Assert.Equal((juxin ?? zhenzhen, "veo3.1-fast"), (Settings().ApiKey, Settings().DefaultModel));
        Sora2ClientOptions Settings() => provider.GetRequiredService<IOptions<Sora2ClientOptions>>().Value;
    }

    [Fact]
    public async Task Application_without_a_key_in_the_environment_does_not_start()
    {
        Set(null, " ");
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        host.Services.AddSora2();
        using var app = host.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith(
            "AddSora2: No API key is in the environment. Set SORA2_API_KEY for Juxin or, with SORA2_PLATFORM, ",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("AddSora2(options => …)", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (var (variable, value) in Variables.Zip(_before))
        {
            Environment.SetEnvironmentVariable(variable, value);
        }
    }

    private static void Set(string? juxin, string? zhenzhen)
    {
        Environment.SetEnvironmentVariable("SORA2_PLATFORM", null);
        Environment.SetEnvironmentVariable("JUXIN_API_KEY", null);
        Environment.SetEnvironmentVariable("SORA2_API_KEY", juxin);
        Environment.SetEnvironmentVariable("ZHENZHEN_API_KEY", zhenzhen);
    }
}
