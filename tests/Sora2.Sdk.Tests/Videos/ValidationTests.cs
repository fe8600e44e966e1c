using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>What cannot be made is refused before anything is sent, with the value, the limit and the way out.</summary>
public sealed class ValidationTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);

    public static TheoryData<string, VideoRequest, string> BadRequests => new()
    {
        { "juxin", new VideoRequest(""), "The prompt is empty. Say what the video shows in VideoRequest.Prompt." },
        { "zhenzhen", new VideoRequest(" \n"), "The prompt is empty. Say what the video shows in VideoRequest.Prompt." },
        { "juxin", new VideoRequest("cut \ud83c"), "The prompt holds half a character at position 4" },
        { "juxin", new VideoRequest("a") { Duration = TimeSpan.FromSeconds(25) }, "Juxin makes 10 or 15 s videos with sora-2-all; 25 s needs Zhenzhen and sora-2-pro." },
        { "juxin", new VideoRequest("a") { Duration = TimeSpan.FromSeconds(12) }, "Juxin makes 10 or 15 s videos with sora-2-all; 12 s is not to be had." },
        { "zhenzhen", new VideoRequest("a") { Duration = TimeSpan.FromSeconds(25) }, "Zhenzhen makes 10 or 15 s videos with sora-2; 25 s needs Zhenzhen and sora-2-pro." },
        { "zhenzhen", new VideoRequest("a") { Model = "sora-2-vip", Duration = TimeSpan.FromSeconds(15) }, "Zhenzhen makes 10 s videos with sora-2-vip; 15 s needs Zhenzhen and sora-2." },
        { "juxin", new VideoRequest("a") { HighDefinition = true }, "Juxin has no high definition; 10 s in high definition needs Zhenzhen and sora-2-pro." },
        { "juxin", new VideoRequest("a") { HighDefinition = true, Model = "veo3" }, "Juxin has no high definition; 10 s in high definition needs Zhenzhen and sora-2-pro." },
        { "zhenzhen", new VideoRequest("a") { HighDefinition = true }, "sora-2 on Zhenzhen has no high definition; 10 s in high definition needs Zhenzhen and sora-2-pro." },
        { "zhenzhen", new VideoRequest("a") { Model = "sora-2-pro", HighDefinition = true, Duration = TimeSpan.FromSeconds(25) }, "Zhenzhen makes 10 or 15 s videos in high definition with sora-2-pro; 25 s in high definition is not to be had; 25 s without it needs Zhenzhen and sora-2-pro." },
        { "zhenzhen", new VideoRequest("a") { Model = "veo3", Duration = TimeSpan.FromSeconds(-1) }, "A video cannot last -1 s. Leave Duration null for 10 s, or set a length over 0." },
        { "juxin", new VideoRequest("a") { Images = [ImageInput.FromFile("/no/such/小猫.png")] }, "The image (\"/no/such/小猫.png\") cannot be read: " },
        { "zhenzhen", new VideoRequest("a") { Images = [ImageInput.FromBytes(TinyImages.Png), ImageInput.FromBytes(TinyImages.Heic)] }, "Image 2 of 2 is a HEIC image." },
        { "juxin", new VideoRequest("a") { Images = [ImageInput.FromBytes("hello"u8.ToArray())] }, "The image is text." },
        { "juxin", new VideoRequest("a") { Images = [ImageInput.FromBytes(default)] }, "The image is empty (a stream is read from where it stood when it was handed over)." },
        { "juxin", new VideoRequest("a") { Images = [ImageInput.FromFile(Path.GetTempPath())] }, "is a directory. Name the image file in it." },
        { "juxin", new VideoRequest("a") { Images = [ImageInput.FromFile("https://img.example.com/a.png")] }, "Use ImageInput.FromUrl for an address." },
        { "juxin", new VideoRequest("a") { AspectRatio = (AspectRatio)7 }, "AspectRatio is 7; it has to be Landscape16x9 or Portrait9x16." },
        { "juxin", new VideoRequest("a") { ExtraFields = new System.Text.Json.Nodes.JsonObject { ["x"] = double.NaN } }, "ExtraFields[\"x\"] cannot be written as JSON" },
        { "juxin", new VideoRequest("a") { Images = [null!] }, "An image in the list is null." },
    };

    public static TheoryData<string, Storyboard, string> BadStoryboards => new()
    {
        { "juxin", new StoryboardBuilder().Build(), "The storyboard has no shots. Add at least one with StoryboardBuilder.AddShot." },
        { "zhenzhen", new StoryboardBuilder().AddShot("a", Ten).AddShot(" ", Ten).Build(), "The scene of shot 2 is empty." },
        { "juxin", new StoryboardBuilder().AddShot("a", Ten).AddShot("b", TimeSpan.Zero).Build(), "Shot 2 lasts 0 s; every shot needs a duration over 0." },
        { "juxin", new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(5)).AddShot("b", TimeSpan.FromSeconds(7)).Build(), "Juxin makes 10 or 15 s videos with sora-2-all; 12 s is not to be had" },
        { "juxin", new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(5)).AddShot("b", TimeSpan.FromSeconds(7)).Build(), "The shots add up to 12 s: make shot 2 5 s long instead of 7 s for 10 s in all." },
        { "juxin", ShotsOf(20, TimeSpan.FromSeconds(1.5)), "The shots add up to 30 s: leave out shots 11 to 20 for 15 s in all." },
        { "juxin", ShotsOf(8, TimeSpan.FromSeconds(2)), "make shot 8 1 s long instead of 2 s for 15 s in all." },
        { "juxin", ShotsOf(13, TimeSpan.FromSeconds(1.25)), "The shots add up to 16.25 s: leave out shot 13 for 15 s in all." },
        { "juxin", ShotsOf(5, TimeSpan.FromSeconds(4)), "The shots add up to 20 s: leave out shot 5 and make shot 4 3 s long for 15 s in all." },
        { "zhenzhen", new StoryboardBuilder().AddShot("a", Ten).AddShot("b", TimeSpan.FromSeconds(15)).Build(), "25 s needs Zhenzhen and sora-2-pro." },
        { "juxin", new StoryboardBuilder().AddShot("a", Ten).Build() with { HighDefinition = true }, "Juxin has no high definition" },
        { "juxin", new StoryboardBuilder().AddShot("a", TimeSpan.MaxValue).AddShot("b", TimeSpan.MaxValue).Build(), "every shot needs a duration over 0, and no model makes an hour." },
        { "zhenzhen", new Storyboard { Shots = null! }, "The storyboard has no shots." },
    };

    public static TheoryData<CharacterRequest, string> BadCharacters => new()
    {
        { CharacterRequest.FromTask("t", new TimeRange(1, 1.5)), "The range 1,1.5 is 0.5 s long; a character is made from 1 to 3 s of a video, counted from 0." },
        { CharacterRequest.FromTask("t", new TimeRange(0, 4)), "The range 0,4 is 4 s long" },
        { CharacterRequest.FromTask("t", new TimeRange(-1, 1)), "The range -1,1 begins before the video does; the start is 0 or more." },
        { CharacterRequest.FromTask("t", new TimeRange(double.NaN, 3)), "The range NaN,3" },
        { CharacterRequest.FromTask("t", default), "The range 0,0 is 0 s long" },
        { new CharacterRequest { Range = new TimeRange(1, 3) }, "exactly one source; neither TaskId nor Url is set" },
        { CharacterRequest.FromTask("t", new TimeRange(1, 3)) with { Url = new Uri("https://x/v.mp4") }, "exactly one source; both TaskId and Url are set" },
        { CharacterRequest.FromTask("  ", new TimeRange(1, 3)), "CharacterRequest.TaskId is empty" },
        { CharacterRequest.FromUrl(new Uri("file:///tmp/v.mp4"), new TimeRange(1, 3)), "CharacterRequest.Url has to be an absolute http or https address" },
    };

    [Theory]
    [MemberData(nameof(BadRequests), DisableDiscoveryEnumeration = true)]
    public Task A_video_that_cannot_be_made_is_refused(string platform, VideoRequest request, string message) =>
        RefusedAsync(platform, message, client => client.Videos.CreateAsync(request));

    [Theory]
    [MemberData(nameof(BadStoryboards), DisableDiscoveryEnumeration = true)]
    public Task A_storyboard_that_cannot_be_made_is_refused(string platform, Storyboard storyboard, string message) =>
        RefusedAsync(platform, message, client => client.Storyboards.CreateAsync(storyboard));

    [Theory]
    [MemberData(nameof(BadCharacters), DisableDiscoveryEnumeration = true)]
    public async Task A_character_that_cannot_be_made_is_refused(CharacterRequest request, string message)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            await RefusedAsync(platform.Name, message, client => client.Characters.CreateAsync(request));
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, 3)]
    [InlineData(0.1, 1.1)]
    [InlineData(0.3, 3.3)]
    public async Task A_range_of_one_to_three_seconds_passes(double start, double end)
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler("""{"id":"ch","username":"a.cat"}"""));

        Assert.Equal("@a.cat", (await client.Characters.CreateAsync(CharacterRequest.FromTask("t", new TimeRange(start, end)), TestContext.Current.CancellationToken)).Mention);
    }

    [Theory]
    [AllPlatforms]
    public async Task Without_checks_limits_are_left_to_the_platform(string platform)
    {
        var known = Sora2Platform.BuiltIn.Single(built => built.Name == platform);
        var api = new StubHandler(TestClients.Accepted(known));
        using var client = TestClients.Create(known, api, options => options.ValidateRequests = false);

        await client.Videos.CreateAsync(new VideoRequest("a") { Duration = TimeSpan.FromSeconds(60) }, TestContext.Current.CancellationToken);

        Assert.Contains(platform == "juxin" ? "\"duration\":60," : "\"duration\":\"60\",", api.Sent[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_listed_is_sent_as_it_is()
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Zhenzhen));
        using var client = TestClients.Create(Sora2Platform.Zhenzhen, api, options => options.DefaultModel = "kling-v3");

        await client.Videos.CreateAsync(new VideoRequest("a") { Duration = TimeSpan.FromSeconds(8), HighDefinition = true }, TestContext.Current.CancellationToken);

        Assert.StartsWith("""{"model":"kling-v3","prompt":"a","aspect_ratio":"16:9","duration":"8","hd":true""", api.Sent[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task What_cannot_be_written_is_refused_without_checks_as_well(string platform)
    {
        using var client = TestClients.Create(Sora2Platform.BuiltIn.Single(known => known.Name == platform), new StubHandler("{}"), options => options.ValidateRequests = false);

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest(null!)));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest("a") { Images = [null!] }));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Storyboards.CreateAsync(new Storyboard { Shots = null! }));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Characters.CreateAsync(new CharacterRequest { Range = new TimeRange(startSeconds: 1, endSeconds: 3) }));
    }

    [Fact]
    public async Task A_client_that_was_disposed_says_so_and_sends_nothing()
    {
        var api = new StubHandler("{}");
        var client = TestClients.Create(Sora2Platform.Juxin, api);
        client.Dispose();

        Assert.Contains("Sora2Client", (await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Videos.CreateAsync(new VideoRequest("a")))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Videos.GetAsync("t"));
        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task Slips_in_the_program_are_argument_exceptions()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));

        await Assert.ThrowsAsync<ArgumentNullException>(() => client.Videos.CreateAsync(null!));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.GetAsync(" "));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.WaitAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.GetAsync(".."));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.GetAsync(new string('x', 70_000)));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.DownloadAsync(new VideoTask { Platform = "juxin", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = new Uri("https://x/v") }, new MemoryStream([], writable: false)));
        Assert.Throws<ArgumentException>(() => ImageInput.FromUrl(new Uri("a.png", UriKind.Relative)));
        Assert.Throws<ArgumentException>(() => ImageInput.FromUrl(new Uri("ftp://x/a.png")));
        Assert.Throws<ArgumentException>(() => ImageInput.FromDataUri("data:image/png,xyz"));
        Assert.Throws<ArgumentException>(() => ImageInput.FromDataUri("data:image/png;base64,???"));
        Assert.Throws<ArgumentException>(() => ImageInput.FromFile(""));
    }

    private static Storyboard ShotsOf(int count, TimeSpan duration) => new() { Shots = [.. Enumerable.Repeat(new StoryboardShot { Scene = "a", Duration = duration }, count)] };

    private static async Task RefusedAsync(string platform, string message, Func<ISora2Client, Task> call)
    {
        var api = new StubHandler("""{"id":"must-not-be","task_id":"must-not-be","username":"must.not"}""");
        using var client = TestClients.Create(Sora2Platform.BuiltIn.Single(known => known.Name == platform), api);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => call(client));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((Sora2ErrorKind.InvalidRequest, false, (bool?)false), (error.Kind, error.IsTransient, error.MayHaveBeenCharged));
        Assert.Empty(api.Sent);
    }
}
