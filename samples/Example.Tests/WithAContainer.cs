using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sora2.Sdk;

namespace Example;

/// <summary>The application as it is set up, with other settings only: the same as with WebApplicationFactory, where they go into ConfigureAppConfiguration.</summary>
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
    public void A_service_is_replaced_like_any_other()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Sora2:ApiKey", "test-key-juxin"), new("Clips:Folder", "clips")]).Build();
        var substitute = NSubstitute.Substitute.For<ISora2Client>();
        using var services = new ServiceCollection().AddClips(configuration).AddSingleton(substitute).BuildServiceProvider();

        Assert.Same(substitute, services.GetRequiredService<ISora2Client>());
    }
}
