using Sora2.Sdk.IntegrationTests.Support;

namespace Sora2.Sdk.IntegrationTests.Wire;

/// <summary>WireMock shows exactly what a plain socket receives, so that the snapshots are reliable.</summary>
[Collection(nameof(RunsAlone))] // Alone: while another test traces, HttpClient adds a traceparent header to every request.
public sealed class WireMockExactnessTests : WireTest
{
    [Theory]
    [AllPlatforms]
    public async Task Query_is_the_same_on_a_plain_socket(string platform)
    {
        Api.RespondJson("""{"id":"task-1","status":"queued"}""");
        using var socket = new RawHost();

        await Client(platform).Videos.GetAsync("sora-2:task_01k9/..?id=小", Token);
        await Client(platform, options => options.BaseAddress = socket.Address).Videos.GetAsync("sora-2:task_01k9/..?id=小", Token);

        var onSocket = WireRequest.Parse(socket.Last.Head, socket.Last.Body);
        Assert.Equal(onSocket.Describe(), Api.Request.Describe());
    }

    [Theory]
    [AllPlatforms]
    public async Task Storyboard_is_the_same_on_a_plain_socket(string platform)
    {
        Api.RespondJson("""{"id":"task-1","status":"queued"}""");
        using var socket = new RawHost();
        var image = ImageInput.FromBytes(TinyImages.Png);
        var storyboard = new StoryboardBuilder().AddShot("老鹰展翅高飞", TimeSpan.FromSeconds(10), image).Build();

        await Client(platform).Videos.CreateAsync(storyboard, Token);
        await Client(platform, options => options.BaseAddress = socket.Address).Videos.CreateAsync(storyboard, Token);

        var onSocket = WireRequest.Parse(socket.Last.Head, socket.Last.Body);
        Assert.Equal(onSocket.Describe(TinyImages.Png), Api.Request.Describe(TinyImages.Png));
    }
}
