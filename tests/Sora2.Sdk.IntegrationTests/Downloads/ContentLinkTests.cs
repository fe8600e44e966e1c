using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Links to the API itself, which want the key.</summary>
public sealed class ContentLinkTests : DownloadTest
{
    [Theory]
    [AllPlatforms]
    public async Task A_video_that_lies_at_the_api_is_fetched_with_the_key(string platform)
    {
        var task = await FinishedAsync(platform);
        Simulator.Faults.On(platform, SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6));

        // The address of the API is the user's own word: it may be private.
        await AssertWholeAsync(await DownloadAsync(task, configure: options => options.AllowPrivateNetworkDownloads = false), task);

        Assert.Equal(["", "bytes=598976-"], RangesAsked);
        Assert.All(Simulator.Ledger.Of(SimulatorOperation.Media), request => Assert.Equal((platform, (bool?)true), (request.Platform, request.AuthorizationMatched)));
    }

    [Fact]
    public async Task A_media_host_that_sends_on_to_the_api_does_not_get_the_key_sent_there()
    {
        var task = await FinishedAsync();
        var elsewhere = task with { VideoUrl = new Uri(Simulator.MediaBaseAddress, "/elsewhere.mp4") };
        OnMedia(SimulatorFault.Redirect(302, task.VideoUrl!));

        await AssertWholeAsync(await DownloadAsync(elsewhere), task);

        // The third is for the link that the platform gives when it is asked.
        Assert.Equal([false, false, true], Simulator.Ledger.Of(SimulatorOperation.Media).Select(request => request.CarriedKey));
    }

    [Fact]
    public async Task Another_clients_api_does_not_get_this_ones_key()
    {
        var task = await FinishedAsync("juxin");
        Simulator.Ledger.Clear();

        await Assert.ThrowsAsync<DownloadException>(() => Client("zhenzhen").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.False(Assert.Single(Simulator.Ledger.Of(SimulatorOperation.Media)).CarriedKey);
    }

    [Fact]
    public async Task A_fallback_address_is_the_apis_as_well()
    {
        var task = await FinishedAsync("juxin");

        await AssertWholeAsync(await DownloadAsync(task, configure: options => (options.BaseAddress, options.FallbackBaseAddresses) = (new Uri("https://relay.example.com/v1"), [AddressOf("juxin")])), task);
    }

    protected override void Configure(Sora2SimulatorOptions options)
    {
        base.Configure(options);
        options.VideoLinkKind = VideoLinkKind.Content;
    }
}
