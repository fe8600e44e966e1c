using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using WireMock.ResponseBuilders;

namespace Sora2.Sdk.IntegrationTests.Wire;

/// <summary>The exact request of each platform, operation and variant: method, path and query, headers, body.</summary>
[Collection(nameof(RunsAlone))] // Alone: while another test traces, HttpClient adds a traceparent header to every request.
public sealed class WireSnapshotTests : WireTest
{
    private const string Accepted = """{"id":"task-1","task_id":"task-1","status":"queued","username":"a.cat"}""";

    private static readonly ImageInput WebImage = ImageInput.FromUrl(new Uri("https://img.example.com/猫.png?size=large"));
    private static readonly ImageInput PngImage = ImageInput.FromBytes(TinyImages.Png);
    private static readonly ImageInput JpegImage =
        ImageInput.FromDataUri("data:image/jpeg;base64," + Convert.ToBase64String(TinyImages.Jpeg));

    private static readonly Dictionary<string, VideoRequest> Videos = new(StringComparer.Ordinal)
    {
        ["text"] = new("一只柯基在夕阳下冲浪, \"慢动作\" 🌊\n第二行"),
        ["15s"] = new("A corgi surfs") { Duration = TimeSpan.FromSeconds(15) },
        ["one-image"] = new("It wakes up") { Images = [WebImage] },
        ["several-images"] = new("They meet") { Images = [WebImage, PngImage, JpegImage] },
        ["portrait"] = new("A tower") { AspectRatio = AspectRatio.Portrait9x16 },
        ["watermark-private"] = new("A secret") { Watermark = true, Private = true },
        ["other-model"] = new("A kite") { Model = "veo3.1-fast", Duration = TimeSpan.FromSeconds(7.5) },
        ["other-model-plain"] = new("A kite") { Model = "veo3.1-fast" },
        ["other-model-settings"] = new("A kite")
        {
            Model = "grok-video-3",
            Duration = TimeSpan.FromSeconds(6),
            AspectRatio = AspectRatio.Landscape3x2,
            Resolution = Resolution.P720,
            HighDefinition = false,
            Watermark = false,
            Private = true,
            GenerateAudio = false,
            Seed = 7,
            NegativePrompt = "模糊",
            Images = [WebImage.AsLastFrame(), PngImage.AsFirstFrame()],
        },
        ["pro-hd"] = new("A city from above") { Model = "sora-2-pro", Duration = TimeSpan.FromSeconds(15), HighDefinition = true },
        ["pro-25s"] = new("A long walk") { Model = "sora-2-pro", Duration = TimeSpan.FromSeconds(25) },
        ["extra-fields"] = new("A dice rolls")
        {
            ExtraFields = new JsonObject
            {
                ["seed"] = 42,
                ["notify_hook"] = "https://hooks.example.com/夜?a=1&b=2",
                ["options"] = new JsonObject { ["level"] = 0.5, ["tags"] = new JsonArray("a", null) },
                ["nothing"] = null,
            },
        },
    };

    private static readonly Dictionary<string, CharacterRequest> Characters = new(StringComparer.Ordinal)
    {
        ["from-task"] = CharacterRequest.FromTask("sora-2:task_01k9008rhbefnt3rb1g9szxdwr", new TimeRange(1, 3)),
        ["from-url"] = CharacterRequest.FromUrl(new Uri("https://videos.example.com/猫.mp4?x=1&y=2"), new TimeRange(0.5, 2.25)),
    };

    /// <summary>Its extra fields replace one that the SDK writes, which needs requests that are not checked.</summary>
    private const string Replacing = "portrait-private-extra";

    private static readonly string[] StoryboardVariants = ["three-shots", "images", Replacing];

    public static TheoryData<string, string> VideoCases =>
        Cases(Videos.Keys, (platform, variant) => platform == "zhenzhen" || !variant.StartsWith("pro-", StringComparison.Ordinal));

    public static TheoryData<string, string> StoryboardCases => Cases(StoryboardVariants);

    public static TheoryData<string, string> CharacterCases => Cases(Characters.Keys);

    [Theory]
    [MemberData(nameof(VideoCases))]
    public async Task Create_video(string platform, string variant)
    {
        Api.RespondJson(Accepted);

        await Client(platform).Videos.CreateAsync(Videos[variant], Token);

        await Verify(Api.Request.Describe()).UseParameters(platform, variant);
    }

    [Theory]
    [MemberData(nameof(StoryboardCases))]
    public async Task Create_storyboard(string platform, string variant)
    {
        Api.RespondJson(Accepted);
        Media.Respond(Response.Create().WithBody(TinyImages.WebP));

        // Juxin's form takes files, so the SDK fetches the web image first; Zhenzhen gets its address.
        var storyboard = StoryboardOf(variant, platform == "juxin" ? ImageOn(Media) : WebImage);
        await Client(platform, options => options.ValidateRequests = variant != Replacing).Videos.CreateAsync(storyboard, Token);

        await Verify(Api.Request.Describe(TinyImages.Png, TinyImages.Jpeg, TinyImages.WebP)).UseParameters(platform, variant);
    }

    [Fact]
    public async Task Create_remix()
    {
        Api.RespondJson(Accepted);

        await Client("juxin").Videos.CreateAsync(new RemixRequest("sora-2:task_01k9", "Make it 雪夜"), Token);

        await Verify(Api.Request.Describe());
    }

    [Theory]
    [MemberData(nameof(CharacterCases))]
    public async Task Create_character(string platform, string variant)
    {
        Api.RespondJson(Accepted);

        await Client(platform).Characters.CreateAsync(Characters[variant], Token);

        await Verify(Api.Request.Describe()).UseParameters(platform, variant);
    }

    [Theory]
    [AllPlatforms]
    public async Task Query(string platform)
    {
        Api.RespondJson(Accepted);

        await Client(platform).Videos.GetAsync("sora-2:task_01k9/..?id=小", Token);

        await Verify(Api.Request.Describe()).UseParameters(platform);
    }

    [Theory]
    [AllPlatforms]
    public async Task List_models(string platform)
    {
        Api.RespondJson("""{"object":"list","data":[{"id":"sora-2"}]}""");

        await Client(platform).Account.ListModelsAsync(Token);

        await Verify(Api.Request.Describe()).UseParameters(platform);
    }

    [Theory]
    [AllPlatforms]
    public async Task Read_balance_of_the_key(string platform)
    {
        Api.RespondJson("""{"code":true,"data":{"total_available":5}}""");

        await Client(platform).Account.GetBalanceAsync(Token);

        await Verify(Api.Request.Describe()).UseParameters(platform);
    }

    [Theory]
    [AllPlatforms]
    public async Task Read_balance_by_the_billing_routes(string platform)
    {
        Api.RespondJson("{}"); // Says nothing, so that the next route is tried.

        await Client(platform).Account.GetBalanceAsync(Token);

        await Verify(string.Join("\n\n", Api.Requests.Skip(1).Select(request => request.Describe()))).UseParameters(platform);
    }

    [Fact]
    public async Task Fetch_web_image_for_a_form()
    {
        Api.RespondJson(Accepted);
        Media.Respond(Response.Create().WithBody(TinyImages.WebP));

        await Client("juxin").Videos.CreateAsync(StoryboardOf("images", ImageOn(Media)), Token);

        await Verify(Media.Request.Describe());
    }

    [Theory]
    [AllPlatforms]
    public async Task Download_from_the_api_itself(string platform)
    {
        Api.Respond(Video(1000));

        await DownloadAsync(platform, Api);

        await Verify(Api.Request.Describe()).UseParameters(platform);
    }

    [Theory]
    [AllPlatforms]
    public async Task Download_from_a_media_host(string platform)
    {
        Media.Respond(Video(1000));

        await DownloadAsync(platform, Media);

        await Verify(Media.Request.Describe()).UseParameters(platform);
    }

    [Theory]
    [AllPlatforms]
    public async Task Download_is_resumed_after_a_cut(string platform)
    {
        const int Length = 200_000;
        const int Sent = 100_000;
        var video = VideoBytes(Length);
        Media.Respond(Response.Create()
            .WithHeader("ETag", "\"v1\"")
            .WithHeader(WireServer.AnnouncedLength, Text(Length))
            .WithBody(video[..Sent]));
        Media.RespondToRange(Response.Create()
            .WithStatusCode(206)
            .WithHeader("ETag", "\"v1\"")
            .WithHeader("Content-Range", $"bytes {Text(Sent - 1024)}-{Text(Length - 1)}/{Text(Length)}")
            .WithBody(video[(Sent - 1024)..]));

        var downloaded = await DownloadAsync(platform, Media);

        Assert.Equal(video, downloaded);
        Assert.Equal(2, Media.Requests.Count);
        await Verify(Media.Requests[1].Describe()).UseParameters(platform);

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<byte[]> DownloadAsync(string platform, WireServer host)
    {
        var task = new VideoTask
        {
            PlatformName = platform,
            Id = "task-1",
            Status = VideoTaskStatus.Succeeded,
            VideoUrl = new Uri(host.Address, "/v1/videos/sora-2%3Atask_01k9/content?sig=a%2Bb%3D"),
        };
        using var destination = new MemoryStream();
        await Client(platform).Videos.DownloadAsync(task, destination, cancellationToken: Token);
        return destination.ToArray();
    }

    private static Storyboard StoryboardOf(string variant, ImageInput webImage) => variant switch
    {
        "three-shots" => new StoryboardBuilder()
            .AddShot("老鹰展翅高飞", TimeSpan.FromSeconds(5))
            .AddShot("It circles over the valley", TimeSpan.FromSeconds(2.5))
            .AddShot("它落在\n雪山上", TimeSpan.FromSeconds(7.5))
            .Build(),
        "images" => new StoryboardBuilder()
            .AddReferenceImage(webImage)
            .AddShot("A cat", TimeSpan.FromSeconds(5), PngImage)
            .AddShot("A dog", TimeSpan.FromSeconds(5), JpegImage, PngImage)
            .Build(),
        _ => new StoryboardBuilder().AddShot("A tower", TimeSpan.FromSeconds(10)).Build() with
        {
            AspectRatio = AspectRatio.Portrait9x16,
            Private = true,
            Watermark = true,
            ExtraFields = new JsonObject { ["seed"] = 42, ["watermark"] = "false", ["style"] = "动漫" },
        },
    };

    private static ImageInput ImageOn(WireServer host) => ImageInput.FromUrl(new Uri(host.Address, "/猫.png?size=large"));

    private static IResponseBuilder Video(int length) =>
        Response.Create().WithHeader("Content-Type", "video/mp4").WithBody(VideoBytes(length));

    /// <summary>The smallest MP4 that the SDK accepts as complete, padded to a length.</summary>
    private static byte[] VideoBytes(int length)
    {
        byte[] start = [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0, 0, 0, 0, 8, .. "moov"u8];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, length - start.Length);
        return [.. start, .. size, .. "mdat"u8, .. Enumerable.Range(0, length - start.Length - 8).Select(i => (byte)(i * 31))];
    }

    private static TheoryData<string, string> Cases(IEnumerable<string> variants, Func<string, string, bool>? only = null)
    {
        var cases = new TheoryData<string, string>();
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            foreach (var variant in variants.Where(variant => only?.Invoke(platform.Name, variant) ?? true))
            {
                cases.Add(platform.Name, variant);
            }
        }

        return cases;
    }
}
