using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Links to the API itself, which sends on to the media host.</summary>
public sealed class RedirectingContentLinkTests : DownloadTest
{
    [Theory]
    [AllPlatforms]
    public async Task The_key_goes_to_the_api_and_not_where_it_sends_on_to(string platform)
    {
        var task = await FinishedAsync(platform);
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal([(platform, true), ("media", false), (platform, true), ("media", false)], Simulator.Ledger.Of(SimulatorOperation.Media).Select(request => (request.Platform, request.CarriedKey)));
    }

    [Fact]
    public async Task The_api_does_not_send_on_into_a_private_network()
    {
        var task = await FinishedAsync();

        await Assert.ThrowsAsync<Sora2ValidationException>(() => DownloadAsync(task, configure: options => options.AllowPrivateNetworkDownloads = false));

        Assert.Equal(["juxin"], Simulator.Ledger.Of(SimulatorOperation.Media).Select(request => request.Platform));
    }

    protected override void Configure(Sora2SimulatorOptions options)
    {
        base.Configure(options);
        options.VideoLinkKind = VideoLinkKind.RedirectingContent;
    }
}
