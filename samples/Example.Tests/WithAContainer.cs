using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NSubstitute;
using Sora2.Sdk;

namespace Example;

/// <summary>The application with its own registrations and test settings.</summary>
/// <remarks>With WebApplicationFactory the settings are set in ConfigureAppConfiguration.</remarks>
public sealed class WithAContainer(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>
{
    [Theory]
    [InlineData("juxin")]
    [InlineData("zhenzhen")]
    public async Task The_application_makes_a_clip_with_its_own_services(string platform)
    {
        var simulator = fixture.Simulator;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Sora2:Platform"] = platform,
            ["Sora2:ApiKey"] = simulator.ApiKey,
            ["Sora2:BaseAddress"] = (platform == "juxin" ? simulator.JuxinBaseAddress : simulator.ZhenzhenBaseAddress).AbsoluteUri,
            ["Sora2:AllowPrivateNetworkDownloads"] = "true",
            ["Sora2:PollInterval"] = "00:00:00.020",
            ["Clips:Folder"] = Path.Combine(fixture.Folder, platform),
        }).Build();
        await using var services = new ServiceCollection().AddClips(configuration).BuildServiceProvider();

        var clip = await services.GetRequiredService<ClipService>().MakeAsync("A corgi surfs", TestContext.Current.CancellationToken);

        Assert.Equal(ClipState.Ready, clip.State);
        Assert.True(File.Exists(clip.Path));
    }

    [Fact]
    public async Task A_substitute_replaces_the_client_everywhere()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Sora2:ApiKey", "test-key-juxin"), new("Clips:Folder", "clips")]).Build();
        var services = new ServiceCollection().AddClips(configuration).AddSora2Router();
        services.AddSora2(configuration.GetSection("Sora2")).AddHealthCheck();

        var sora = Substitute.For<ISora2Client>();
        sora.PlatformName.Returns("juxin");
        services.Replace(ServiceDescriptor.KeyedSingleton<ISora2Client>("", sora)); // or the name passed to AddSora2
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.Same(sora, provider.GetRequiredService<ISora2Client>());
        Assert.Same(sora, Assert.Single(provider.GetRequiredService<Sora2Router>().Clients));
        var health = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Degraded, health.Status); // a client that is not the SDK's cannot be checked; no request is sent
    }
}
