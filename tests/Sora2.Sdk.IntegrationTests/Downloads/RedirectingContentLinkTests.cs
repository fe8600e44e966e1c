using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Links to the API itself, which redirects to the media host.</summary>
public sealed class RedirectingContentLinkTests : DownloadTest
{
    [Theory]
    [AllPlatforms]
    public async Task Key_is_sent_to_the_api_and_not_to_the_redirect_target(string platform)
    {
        var task = await FinishedAsync(platform);
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(
            [(platform, true), ("media", false), (platform, true), ("media", false)],
            Simulator.Ledger.Of(SimulatorOperation.Media).Select(request => (request.Platform, request.CarriedKey)));
    }

    [Fact]
    public async Task Redirect_from_the_api_into_a_private_network_is_refused()
    {
        var task = await FinishedAsync();

        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => DownloadAsync(task, configure: options => options.AllowPrivateNetworkDownloads = false));

        Assert.Equal(["juxin"], Simulator.Ledger.Of(SimulatorOperation.Media).Select(request => request.Platform));
    }

    protected override void Configure(Sora2SimulatorOptions options)
    {
        base.Configure(options);
        options.VideoLinkKind = VideoLinkKind.RedirectingContent;
    }
}
