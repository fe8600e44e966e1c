using System.Text.Json.Nodes;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>Invalid requests are refused before anything is sent, with the value, the limit and the next step.</summary>
public sealed class ValidationTests
{
    private static readonly TimeSpan Ten = TimeSpan.FromSeconds(10);
    private static readonly Storyboard OneShot = new StoryboardBuilder().AddShot("a", Ten).Build();

    /// <summary>Invalid requests, and what the message has to contain: values, limits, models and members, not its prose.</summary>
    public static TheoryData<string, GenerationRequest, string[]> BadRequests => new()
    {
        { "juxin", new VideoRequest(""), ["prompt is empty", "VideoRequest.Prompt"] },
        { "zhenzhen", new VideoRequest(" \n"), ["prompt is empty", "VideoRequest.Prompt"] },
        { "juxin", new VideoRequest("cut \ud83c"), ["prompt", "position 4"] },
        { "juxin", Lasting(25), ["Juxin", "10 or 15 s", "sora-2-all", "25 s", "Zhenzhen", "sora-2-pro."] },
        { "juxin", Lasting(12), ["Juxin", "10 or 15 s", "sora-2-all", "12 s"] },
        { "zhenzhen", Lasting(25), ["Zhenzhen", "10 or 15 s", "with sora-2;", "25 s", "sora-2-pro."] },
        { "zhenzhen", Lasting(15) with { Model = "sora-2-vip" }, ["Zhenzhen", "10 s", "sora-2-vip", "15 s", "sora-2."] },
        { "juxin", InHighDefinition(), ["Juxin", "high definition", "10 s", "Zhenzhen", "sora-2-pro."] },
        { "juxin", InHighDefinition() with { Model = "veo3" }, ["Juxin", "high definition", "10 s", "Zhenzhen", "sora-2-pro."] },
        { "zhenzhen", InHighDefinition(), ["sora-2 on Zhenzhen", "high definition", "10 s", "sora-2-pro."] },
        {
            "zhenzhen",
            InHighDefinition() with { Model = "sora-2-pro", Duration = TimeSpan.FromSeconds(25) },
            ["Zhenzhen", "10 or 15 s", "high definition", "sora-2-pro", "25 s in high definition", "25 s without it", "sora-2-pro."]
        },
        { "zhenzhen", Lasting(-1) with { Model = "veo3" }, ["-1 s", "Duration"] },
        { "juxin", With(ImageInput.FromFile("/no/such/小猫.png")), ["\"/no/such/小猫.png\"", "cannot be read: "] },
        {
            "zhenzhen",
            With(ImageInput.FromBytes(TinyImages.Png), ImageInput.FromBytes(TinyImages.Heic)),
            ["Image 2 of 2", "HEIC", "PNG, JPEG, WebP", "GIF"]
        },
        { "juxin", With(ImageInput.FromBytes("hello"u8.ToArray())), ["image is text"] },
        { "juxin", With(ImageInput.FromBytes(default)), ["image is empty"] },
        { "juxin", With(ImageInput.FromFile(Path.GetTempPath())), ["is a directory"] },
        { "juxin", With(ImageInput.FromFile("https://img.example.com/a.png")), ["ImageInput.FromUrl"] },
        { "juxin", new VideoRequest("a") { AspectRatio = AspectRatio.Parse("21:9") }, ["sora-2-all on Juxin", "21:9", "16:9, 9:16"] },
        { "zhenzhen", new VideoRequest("a") { Resolution = Resolution.P720 }, ["sora-2 on Zhenzhen", "720p", "Leave Resolution null"] },
        { "juxin", new VideoRequest("a") { Seed = 7 }, ["sora-2-all on Juxin", "Seed"] },
        { "juxin", new VideoRequest("a") { GenerateAudio = false }, ["GenerateAudio"] },
        { "zhenzhen", new VideoRequest("a") { NegativePrompt = "blurry" }, ["NegativePrompt"] },
        { "zhenzhen", new VideoRequest("a") { Model = "grok-video-3", NegativePrompt = " " }, ["negative prompt is empty"] },
        { "juxin", With(ImageInput.FromBytes(TinyImages.Png).AsLastFrame()), ["image role LastFrame"] },
        { "juxin", new VideoRequest("a") { ExtraFields = new JsonObject { ["duration"] = 7 } }, ["\"duration\"", "ValidateRequests"] },
        {
            "juxin",
            OneShot with { Model = "veo_3_1-components", Resolution = Resolution.P720 },
            ["Juxin's storyboard form", "Resolution"]
        },
        {
            "juxin",
            OneShot with { Model = "veo_3_1-components", AspectRatio = AspectRatio.Adaptive },
            ["Juxin's storyboard form", "AspectRatio adaptive"]
        },
        { "juxin", new VideoRequest("a") { Model = "sora-2-pro", Resolution = Resolution.P1080 }, ["Juxin", "Resolution"] },
        { "juxin", new VideoRequest("a") { Model = "sora-2-pro", AspectRatio = AspectRatio.Adaptive }, ["AspectRatio adaptive"] },
        { "zhenzhen", new RemixRequest("video_1", "a"), ["Zhenzhen has no remix"] },
        { "juxin", new RemixRequest("video_1", " "), ["RemixRequest.Prompt"] },
        { "juxin", new RemixRequest("", "a"), ["RemixRequest.Source"] },
        { "juxin", new RemixRequest("video_1", "a") { Resolution = Resolution.P720 }, ["remix has the model, size"] },
        { "juxin", new RemixRequest("sora2:juxin/other/video_1", "a"), ["belongs to Juxin \"other\""] },
        { "juxin", new VideoRequest("a") { ExtraFields = new JsonObject { ["x"] = double.NaN } }, ["ExtraFields[\"x\"]", "JSON"] },
        { "juxin", With([null!]), ["image", "is null"] },
    };

    /// <summary>Invalid storyboards, and what the message has to contain.</summary>
    public static TheoryData<string, Storyboard, string[]> BadStoryboards => new()
    {
        { "juxin", ShotsOf(), ["no shots", "StoryboardBuilder.AddShot"] },
        { "zhenzhen", new StoryboardBuilder().AddShot("a", Ten).AddShot(" ", Ten).Build(), ["shot 2", "empty"] },
        { "juxin", ShotsOf(10, 0), ["Shot 2", "0 s"] },
        { "juxin", ShotsOf(5, 7), ["Juxin", "10 or 15 s", "sora-2-all", "12 s"] },
        { "juxin", ShotsOf(5, 7), ["add up to 12 s", "shot 2", "5 s", "7 s", "10 s in all"] },
        { "juxin", ShotsOf([.. Enumerable.Repeat(1.5, 20)]), ["add up to 30 s", "shots 11 to 20", "15 s in all"] },
        { "juxin", ShotsOf([.. Enumerable.Repeat(2.0, 8)]), ["shot 8", "1 s", "2 s", "15 s in all"] },
        { "juxin", ShotsOf([.. Enumerable.Repeat(1.25, 13)]), ["add up to 16.25 s", "shot 13", "15 s in all"] },
        { "juxin", ShotsOf([.. Enumerable.Repeat(4.0, 5)]), ["add up to 20 s", "shot 5", "shot 4", "3 s", "15 s in all"] },
        { "zhenzhen", ShotsOf(10, 15), ["25 s", "Zhenzhen", "sora-2-pro."] },
        { "juxin", ShotsOf(10) with { HighDefinition = true }, ["Juxin", "high definition"] },
        {
            "juxin",
            new StoryboardBuilder().AddShot("a", TimeSpan.MaxValue).AddShot("b", TimeSpan.MaxValue).Build(),
            ["Shot 1 lasts", "3600 s"]
        },
        { "zhenzhen", new Storyboard { Shots = null! }, ["no shots"] },
    };

    /// <summary>Invalid characters, and what the message has to contain.</summary>
    public static TheoryData<CharacterRequest, string[]> BadCharacters => new()
    {
        { FromTask(1, 1.5), ["1,1.5", "0.5 s", "1 to 3 s"] },
        { FromTask(0, 4), ["0,4", "4 s", "1 to 3 s"] },
        { FromTask(-1, 1), ["-1,1", "0 or more"] },
        { FromTask(double.NaN, 3), ["NaN,3"] },
        { CharacterRequest.FromTask("t", default), ["0,0", "0 s"] },
        { new CharacterRequest { Range = new TimeRange(1, 3) }, ["one source", "neither", "Source", "Url"] },
        { FromTask(1, 3) with { Url = new Uri("https://x/v.mp4") }, ["one source", "both", "Source", "Url"] },
        { CharacterRequest.FromTask("  ", new TimeRange(1, 3)), ["CharacterRequest.Source", "empty"] },
        { CharacterRequest.FromUrl(new Uri("file:///tmp/v.mp4"), new TimeRange(1, 3)), ["CharacterRequest.Url", "http or https"] },
    };

    [Theory]
    [MemberData(nameof(BadRequests), DisableDiscoveryEnumeration = true)]
    public Task Video_that_no_model_makes_is_refused(string platform, GenerationRequest request, string[] contents) =>
        RefusedAsync(platform, contents, client => client.Videos.CreateAsync(request));

    [Theory]
    [MemberData(nameof(BadStoryboards), DisableDiscoveryEnumeration = true)]
    public Task Storyboard_that_no_model_makes_is_refused(string platform, Storyboard storyboard, string[] contents) =>
        RefusedAsync(platform, contents, client => client.Videos.CreateAsync(storyboard));

    [Theory]
    [MemberData(nameof(BadCharacters), DisableDiscoveryEnumeration = true)]
    public async Task Character_from_an_invalid_range_or_source_is_refused(CharacterRequest request, string[] contents)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            await RefusedAsync(platform.Name, contents, client => client.Characters.CreateAsync(request));
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, 3)]
    [InlineData(0.1, 1.1)]
    [InlineData(0.3, 3.3)]
    public async Task Range_of_one_to_three_seconds_is_accepted(double start, double end)
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler("""{"id":"ch","username":"a.cat"}"""));

        Assert.Equal(
            "@a.cat",
            (await client.Characters.CreateAsync(
                CharacterRequest.FromTask("t", new TimeRange(start, end)), TestContext.Current.CancellationToken)).Mention);
    }

    [Theory]
    [AllPlatforms]
    public async Task Limits_are_not_checked_without_validation(string platform)
    {
        var known = Sora2Platform.BuiltIn.Single(built => built.Name == platform);
        var api = new StubHandler(TestClients.Accepted(known));
        using var client = TestClients.Create(known, api, options => options.ValidateRequests = false);

        await client.Videos.CreateAsync(
            new VideoRequest("a") { Duration = TimeSpan.FromSeconds(60) }, TestContext.Current.CancellationToken);

        Assert.Contains(platform == "juxin" ? "\"duration\":60," : "\"duration\":\"60\",", api.Sent[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unlisted_model_is_sent_unchanged()
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Zhenzhen));
        using var client = TestClients.Create(Sora2Platform.Zhenzhen, api, options => options.DefaultModel = "kling-v3");

        await client.Videos.CreateAsync(
            new VideoRequest("a") { Duration = TimeSpan.FromSeconds(8), HighDefinition = true }, TestContext.Current.CancellationToken);

        Assert.StartsWith(
            """{"model":"kling-v3","prompt":"a","duration":8,"hd":true}""",
            api.Sent[0].Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task Request_that_cannot_be_encoded_is_refused_without_validation_too(string platform)
    {
        using var client = TestClients.Create(
            Sora2Platform.BuiltIn.Single(known => known.Name == platform),
            new StubHandler("{}"),
            options => options.ValidateRequests = false);

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest(null!)));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest("a") { Images = [null!] }));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new Storyboard { Shots = null! }));
        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Characters.CreateAsync(new CharacterRequest { Range = new TimeRange(startSeconds: 1, endSeconds: 3) }));
    }

    [Fact]
    public async Task Disposed_client_throws_and_sends_nothing()
    {
        var api = new StubHandler("{}");
        var client = TestClients.Create(Sora2Platform.Juxin, api);
        client.Dispose();

        Assert.Contains(
            "Sora2Client",
            (await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Videos.CreateAsync(new VideoRequest("a")))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Videos.GetAsync("t"));
        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task Programming_errors_are_argument_exceptions()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));

        await Assert.ThrowsAsync<ArgumentNullException>(() => client.Videos.CreateAsync(null!));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.GetAsync(" "));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.WaitAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.GetAsync(".."));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.GetAsync(new string('x', 70_000)));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Videos.DownloadAsync(
            new VideoTask { PlatformName = "juxin", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = new Uri("https://x/v") },
            new MemoryStream([], writable: false)));
        Assert.Throws<ArgumentException>(() => ImageInput.FromUrl(new Uri("a.png", UriKind.Relative)));
        Assert.Throws<ArgumentException>(() => ImageInput.FromUrl(new Uri("ftp://x/a.png")));
        Assert.Throws<ArgumentException>(() => ImageInput.FromDataUri("data:image/png,xyz"));
        Assert.Throws<ArgumentException>(() => ImageInput.FromDataUri("data:image/png;base64,???"));
        Assert.Throws<ArgumentException>(() => ImageInput.FromFile(""));
    }

    private static VideoRequest Lasting(double seconds) => new("a") { Duration = TimeSpan.FromSeconds(seconds) };

    private static VideoRequest InHighDefinition() => new("a") { HighDefinition = true };

    private static VideoRequest With(params ImageInput[] images) => new("a") { Images = images };

    private static Storyboard ShotsOf(params double[] seconds) => new()
    {
        Shots = [.. seconds.Select(duration => new StoryboardShot { Scene = "a", Duration = TimeSpan.FromSeconds(duration) })],
    };

    private static CharacterRequest FromTask(double start, double end) => CharacterRequest.FromTask("t", new TimeRange(start, end));

    private static async Task RefusedAsync(string platform, string[] contents, Func<ISora2Client, Task> call)
    {
        var api = new StubHandler("""{"id":"must-not-be","task_id":"must-not-be","username":"must.not"}""");
        using var client = TestClients.Create(Sora2Platform.BuiltIn.Single(known => known.Name == platform), api);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => call(client));

        Assert.All(contents, content => Assert.Contains(content, error.Message, StringComparison.Ordinal));
        Assert.Equal((Sora2ErrorKind.InvalidRequest, false, (bool?)false), (error.Kind, error.IsTransient, error.MayHaveBeenCharged));
        Assert.Empty(api.Sent);
    }
}
