using System.Text.Json.Nodes;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Wire;

/// <summary>The exact request of each platform, operation and variant: method, path and query, headers, body.</summary>
public sealed class WireSnapshotTests
{
    private static readonly ImageInput WebImage = ImageInput.FromUrl(new Uri("https://img.example.com/猫.png?size=large"));
    private static readonly ImageInput PngImage = ImageInput.FromBytes(TinyImages.Png);
    private static readonly ImageInput JpegImage = ImageInput.FromDataUri("data:image/jpeg;base64," + Convert.ToBase64String(TinyImages.Jpeg));

    private static readonly Dictionary<string, VideoRequest> Videos = new(StringComparer.Ordinal)
    {
        ["text"] = new("一只柯基在夕阳下冲浪, \"慢动作\" 🌊\n第二行"),
        ["15s"] = new("A corgi surfs") { Duration = TimeSpan.FromSeconds(15) },
        ["one-image"] = new("It wakes up") { Images = [WebImage] },
        ["several-images"] = new("They meet") { Images = [WebImage, PngImage, JpegImage] },
        ["portrait"] = new("A tower") { AspectRatio = AspectRatio.Portrait9x16 },
        ["watermark-private"] = new("A secret") { Watermark = true, Private = true },
        ["other-model"] = new("A kite") { Model = "veo3.1-fast", Duration = TimeSpan.FromSeconds(7.5) },
        ["pro-hd"] = new("A city from above") { Model = "sora-2-pro", Duration = TimeSpan.FromSeconds(15), HighDefinition = true },
        ["pro-25s"] = new("A long walk") { Model = "sora-2-pro", Duration = TimeSpan.FromSeconds(25) },
        ["extra-fields"] = new("A dice rolls")
        {
            ExtraFields = new JsonObject
            {
                ["seed"] = 42,
                ["notify_hook"] = "https://hooks.example.com/夜?a=1&b=2",
                ["watermark"] = true,
                ["options"] = new JsonObject { ["level"] = 0.5, ["tags"] = new JsonArray("a", null) },
                ["nothing"] = null,
            },
        },
    };

    private static readonly Dictionary<string, Storyboard> Storyboards = new(StringComparer.Ordinal)
    {
        ["three-shots"] = new StoryboardBuilder()
            .AddShot("老鹰展翅高飞", TimeSpan.FromSeconds(5))
            .AddShot("It circles over the valley", TimeSpan.FromSeconds(2.5))
            .AddShot("它落在\n雪山上", TimeSpan.FromSeconds(7.5))
            .Build(),
        ["images"] = new StoryboardBuilder()
            .AddReferenceImage(WebImage)
            .AddShot("A cat", TimeSpan.FromSeconds(5), PngImage)
            .AddShot("A dog", TimeSpan.FromSeconds(5), JpegImage, PngImage)
            .Build(),
        ["portrait-private-extra"] = new StoryboardBuilder().AddShot("A tower", TimeSpan.FromSeconds(10)).Build() with
        {
            AspectRatio = AspectRatio.Portrait9x16,
            Private = true,
            Watermark = true,
            ExtraFields = new JsonObject { ["seed"] = 42, ["watermark"] = "false", ["style"] = "动漫" },
        },
    };

    private static readonly Dictionary<string, CharacterRequest> Characters = new(StringComparer.Ordinal)
    {
        ["from-task"] = CharacterRequest.FromTask("sora-2:task_01k9008rhbefnt3rb1g9szxdwr", new TimeRange(1, 3)),
        ["from-url"] = CharacterRequest.FromUrl(new Uri("https://videos.example.com/猫.mp4?x=1&y=2"), new TimeRange(0.5, 2.25)),
    };

    public static TheoryData<string, string> VideoCases => Cases(Videos.Keys, (platform, variant) => platform == "zhenzhen" || !variant.StartsWith("pro-", StringComparison.Ordinal));

    public static TheoryData<string, string> StoryboardCases => Cases(Storyboards.Keys);

    public static TheoryData<string, string> CharacterCases => Cases(Characters.Keys);

    [Theory]
    [MemberData(nameof(VideoCases))]
    public Task Create_video(string platform, string variant) => VerifyAsync(nameof(Create_video), platform, variant, client => client.Videos.CreateAsync(Videos[variant]));

    [Theory]
    [MemberData(nameof(StoryboardCases))]
    public Task Create_storyboard(string platform, string variant) => VerifyAsync(nameof(Create_storyboard), platform, variant, client => client.Storyboards.CreateAsync(Storyboards[variant]));

    [Theory]
    [MemberData(nameof(CharacterCases))]
    public Task Create_character(string platform, string variant) => VerifyAsync(nameof(Create_character), platform, variant, client => client.Characters.CreateAsync(Characters[variant]));

    [Theory]
    [AllPlatforms]
    public Task Query(string platform) => VerifyAsync(nameof(Query), platform, "id-with-a-colon", client => client.Videos.GetAsync("sora-2:task_01k9/..?id=小"));

    [Theory]
    [AllPlatforms]
    public Task List_models(string platform) => VerifyAsync(nameof(List_models), platform, "all", client => ((Sora2Client)client).ListModelsAsync());

    private static async Task VerifyAsync(string method, string platformName, string variant, Func<ISora2Client, Task> call)
    {
        var platform = Sora2Platform.BuiltIn.Single(known => known.Name == platformName);
        var api = new StubHandler("""{"id":"task-1","task_id":"task-1","status":"queued","username":"a.cat"}""");
        var media = new StubHandler((_, _) => StubHandler.Bytes(TinyImages.WebP));
        using var client = TestClients.Create(platform, api, media: media);

        await call(client);

        var sent = Assert.Single(api.Sent);
        Snapshot.Verify(sent.Describe(TinyImages.Png, TinyImages.Jpeg, TinyImages.WebP), $"{nameof(WireSnapshotTests)}.{method}_platform={platformName}_variant={variant}", "Wire");
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
