using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Links to the API itself, which require the key.</summary>
public sealed class ContentLinkTests : DownloadTest
{
    [Theory]
    [AllPlatforms]
    public async Task Video_at_the_api_is_requested_with_the_key(string platform)
    {
        var task = await FinishedAsync(platform);
        Simulator.Faults.On(platform, SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6));

        // The user configured the address of the API, so it may be private.
        await AssertWholeAsync(await DownloadAsync(task, configure: options => options.AllowPrivateNetworkDownloads = false), task);

        Assert.Equal(["", "bytes=598976-"], RequestedRanges);
        Assert.All(
            Simulator.Ledger.Of(SimulatorOperation.Media),
            request => Assert.Equal((platform, (bool?)true), (request.Platform, request.AuthorizationMatched)));
    }

    [Fact]
    public async Task Redirect_from_a_media_host_to_the_api_is_requested_without_the_key()
    {
        var task = await FinishedAsync();
        var elsewhere = task with { VideoUrl = new Uri(Simulator.MediaBaseAddress, "/elsewhere.mp4") };
        OnMedia(SimulatorFault.Redirect(302, task.VideoUrl!));

        await AssertWholeAsync(await DownloadAsync(elsewhere), task);

        // The third request is for the fresh link that the platform gives.
        Assert.Equal([false, false, true], Simulator.Ledger.Of(SimulatorOperation.Media).Select(request => request.CarriedKey));
    }

    [Fact]
    public async Task Api_of_another_client_does_not_get_the_key()
    {
        var task = await FinishedAsync("juxin");
        Simulator.Ledger.Clear();

        await Assert.ThrowsAsync<DownloadException>(() => Client("zhenzhen").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.False(Assert.Single(Simulator.Ledger.Of(SimulatorOperation.Media)).CarriedKey);
    }

    [Fact]
    public async Task Fallback_address_gets_the_key()
    {
        var task = await FinishedAsync("juxin");

        var video = await DownloadAsync(task, configure: options =>
        {
            options.BaseAddress = new Uri("https://relay.example.com/v1");
            options.FallbackBaseAddresses = [AddressOf("juxin")];
        });

        await AssertWholeAsync(video, task);
    }

    protected override void Configure(Sora2SimulatorOptions options)
    {
        base.Configure(options);
        options.VideoLinkKind = VideoLinkKind.Content;
    }
}
