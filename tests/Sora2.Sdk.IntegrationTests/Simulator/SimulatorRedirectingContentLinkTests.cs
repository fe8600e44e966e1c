using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>A link that requires the key and redirects to a host that must not receive it.</summary>
public sealed class SimulatorRedirectingContentLinkTests : SimulatorHttpTest
{
    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Link_redirects_to_the_media_host(string platform)
    {
        var link = await FinishedVideoAsync(platform);

        var redirect = await SendAsync(HttpMethod.Get, link, key: Simulator.ApiKey);
        var signed = redirect.Headers.Location!;

        Assert.Equal((BaseOf(platform).Port, 302, Simulator.MediaBaseAddress.Port), (link.Port, redirect.Status, signed.Port));
        Assert.Equal(401, (await SendAsync(HttpMethod.Get, link)).Status);
        Assert.Equal(403, (await SendAsync(HttpMethod.Get, signed, key: Simulator.ApiKey)).Status);
        Assert.Equal(Simulator.VideoBytes(TaskId), (await SendAsync(HttpMethod.Get, signed)).Bytes.Length);
    }

    protected override void Configure(Sora2SimulatorOptions options) => options.VideoLinkKind = VideoLinkKind.RedirectingContent;
}
