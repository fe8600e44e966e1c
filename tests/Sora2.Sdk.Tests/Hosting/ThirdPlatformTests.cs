using Sora2.Sdk.Platforms;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Hosting;

/// <summary>A platform that the SDK does not contain: the adapter encodes requests, and the SDK's decoders read the responses.</summary>
public sealed class ThirdPlatformTests
{
    [Fact]
    public async Task Custom_platform_creates_a_video_a_storyboard_and_a_character()
    {
        var api = new StubHandler((_, request) => StubHandler.Json(request.RequestUri!.AbsolutePath switch
        {
            "/render" => """{"taskId":"r-1","status":"queued"}""",
            "/people" => """{"data":{"username":"a.cat"}}""",
            _ => """{"data":{"status":"done","url":"https://cdn.example.com/r-1.mp4"}}""",
        }));
        using var client = TestClients.Create(new AcmePlatform(), api);
        var token = TestContext.Current.CancellationToken;

        var video = await client.Videos.CreateAsync(
            new VideoRequest("a") { Duration = TimeSpan.FromSeconds(4), Images = [ImageInput.FromBytes(TinyImages.Png)] }, token);
        var storyboard = await client.Videos.CreateAsync(new StoryboardBuilder().AddShot("b", TimeSpan.FromSeconds(4)).Build(), token);
        var done = await client.Videos.WaitAsync(video.Id, cancellationToken: token);
        var character = await client.Characters.CreateAsync(CharacterRequest.FromTask(video.Id, new TimeRange(0, 1)), token);

        Assert.Equal(("acme", "r-1", "r-1"), (video.PlatformName, video.Id, storyboard.Id));
        Assert.Equal(new Uri("https://cdn.example.com/r-1.mp4"), done.VideoUrl);
        Assert.Equal("@a.cat", character.Mention);
        Assert.Equal("https://api.acme.example.com/render", api.Sent[0].Url.AbsoluteUri);
        Assert.StartsWith(
            """{"engine":"acme-1","text":"a","length":4,"refs":["data:image/png;base64,""", api.Sent[0].Text, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer test-key-acme", api.Sent[0].Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_a_custom_platform_are_checked()
    {
        using var client = TestClients.Create(new AcmePlatform(), new StubHandler("{}"));

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.CreateAsync(new VideoRequest("a") { Duration = TimeSpan.FromSeconds(10) }));

        Assert.Equal("Acme makes 4 s videos with acme-1; 10 s needs Juxin and sora-2-all.", error.Message);
    }

    private sealed class AcmePlatform : Sora2Platform
    {
        public override string Name => "acme";

        public override string DisplayName => "Acme Render";

        public override Uri DefaultBaseAddress { get; } = new("https://api.acme.example.com");

        public override IReadOnlyList<VideoModel> Models { get; } =
        [
            new() { Name = "acme-1", Formats = [new() { Duration = TimeSpan.FromSeconds(4) }] },
        ];

        public override ApiRequest EncodeVideo(VideoRequest request) => ApiRequest.Post(CallKind.CreateVideo, "/render", new JsonBody()
            .Add("engine", request.Model!)
            .Add("text", request.Prompt)
            .Add("length", 4)
            .Add("refs", request.Images)
            .AddExtraFields(request.ExtraFields));

        public override ApiRequest EncodeQuery(string taskId) => ApiRequest.Get(CallKind.Query, "/render/" + Uri.EscapeDataString(taskId));

        public override ApiRequest EncodeCharacter(CharacterRequest request) =>
            ApiRequest.Post(
                CallKind.CreateCharacter,
                "/people",
                new MultipartBody().Add("task", request.Source!.Id).Add("range", request.Range.ToString()));
    }
}
