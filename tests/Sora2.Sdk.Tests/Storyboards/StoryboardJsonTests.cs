using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Sora2.Sdk.Tests.Storyboards;

public sealed class StoryboardJsonTests
{
    private static readonly Storyboard Full = new StoryboardBuilder()
        .AddShot(
            "老鹰\n\"展翅\" <&> 🦅",
            TimeSpan.FromSeconds(3.5),
            ImageInput.FromUrl(new Uri("https://img.example.com/猫.png?a=1&b=2")),
            ImageInput.FromBytes(TinyImages.Png))
        .AddShot("", TimeSpan.Zero)
        .AddReferenceImage(ImageInput.FromFile("pictures/eagle.png"))
        .AddReferenceImage(ImageInput.FromDataUri("data:image/x;base64," + Convert.ToBase64String(TinyImages.Gif)))
        .Build() with
    {
        Model = "sora-2-pro",
        AspectRatio = AspectRatio.Portrait9x16,
        HighDefinition = true,
        Watermark = true,
        Private = true,
        ExtraFields = new JsonObject { ["seed"] = 7, ["tags"] = new JsonArray("a", "猫") },
    };

    [Fact]
    public void Saved_storyboard_is_readable() => Assert.Equal(
        $$"""
        {
          "version": 1,
          "kind": "storyboard",
          "shots": [
            {
              "scene": "老鹰\n\"展翅\" <&> \uD83E\uDD85",
              "duration": "00:00:03.5000000",
              "images": [
                {
                  "url": "https://img.example.com/猫.png?a=1&b=2"
                },
                {
                  "data": "data:image/png;base64,{{Convert.ToBase64String(TinyImages.Png)}}"
                }
              ]
            },
            {
              "scene": "",
              "duration": "00:00:00",
              "images": []
            }
          ],
          "referenceImages": [
            {
              "file": "pictures/eagle.png"
            },
            {
              "data": "data:image/gif;base64,{{Convert.ToBase64String(TinyImages.Gif)}}"
            }
          ],
          "model": "sora-2-pro",
          "aspectRatio": "9:16",
          "watermark": true,
          "private": true,
          "highDefinition": true,
          "extraFields": {
            "seed": 7,
            "tags": [
              "a",
              "猫"
            ]
          }
        }
        """.ReplaceLineEndings(),
        Full.ToJson());

    [Fact]
    public void Saved_storyboard_is_read_back()
    {
        var read = Storyboard.FromJson(Full.ToJson());

        Assert.Equal(Full.ToJson(), read.ToJson());
        Assert.Equal(Full.ToPrompt(), read.ToPrompt());
        Assert.Equal("sora-2-pro", read.Model);
        Assert.Equal(AspectRatio.Portrait9x16, read.AspectRatio);
        Assert.True(read is { HighDefinition: true, Watermark: true, Private: true });
        Assert.Equal(Full.Shots[0].Scene, read.Shots[0].Scene);
        Assert.Equal(
            [ImageInput.FromUrl(new Uri("https://img.example.com/猫.png?a=1&b=2")), ImageInput.FromFile("pictures/eagle.png")],
            read.AllImages.Where((_, i) => i is 0 or 2));
        Assert.True(JsonNode.DeepEquals(Full.ExtraFields, read.ExtraFields));
    }

    [Fact]
    public void Image_in_several_shots_is_read_as_one()
    {
        var image = ImageInput.FromBytes(TinyImages.Png);
        var storyboard = new StoryboardBuilder()
            .AddShot("a", TimeSpan.FromSeconds(5), image)
            .AddShot("b", TimeSpan.FromSeconds(5), image)
            .AddReferenceImage(image)
            .Build();

        Assert.Single(Storyboard.FromJson(storyboard.ToJson()).AllImages);
    }

    [Fact]
    public void Optional_fields_may_be_missing()
    {
        var read = Storyboard.FromJson("""{ "shots": [ { "duration": "00:00:10", "scene": "a" } ], "version": 1 }""");

        Assert.Equal("Shot 1:\nduration: 10sec\nScene: a", read.ToPrompt());
        Assert.Empty(read.AllImages);
    }

    [Fact]
    public void Stream_cannot_be_saved_and_the_message_names_its_shot()
    {
        var stream = ImageInput.FromStream(new MemoryStream(TinyImages.Png));

        var inShot = new StoryboardBuilder()
            .AddShot("a", TimeSpan.FromSeconds(5))
            .AddShot("b", TimeSpan.FromSeconds(5), stream)
            .Build();
        var forVideo = new StoryboardBuilder().AddReferenceImage(stream).Build();

        Assert.Contains("shot 2", Assert.Throws<Sora2ValidationException>(inShot.ToJson).Message, StringComparison.Ordinal);
        Assert.Contains("the whole video", Assert.Throws<Sora2ValidationException>(forVideo.ToJson).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":"1","shots":[]}""")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"shots":null}""")]
    [InlineData("""{"version":1,"shots":[null]}""")]
    [InlineData("""{"version":1,"shots":[{"scene":null,"duration":"00:00:01"}]}""")]
    [InlineData("""{"version":1,"shots":[{"scene":"a"}]}""")]
    [InlineData("""{"version":1,"shots":[{"scene":"a","duration":"11000000.00:00:00"}]}""")]
    [InlineData("""{"version":1,"shots":[{"sceen":"a","scene":"b","duration":"00:00:01"}]}""")]
    [InlineData("""{"version":1,"kind":"video","shots":[]}""")]
    [InlineData("""{"version":1,"shots":[],"hd":true}""")]
    [InlineData("""{"version":1,"shots":[],"aspectRatio":"wide"}""")]
    [InlineData("""{"version":1,"shots":[],"referenceImages":[null]}""")]
    [InlineData("""{"version":1,"shots":[],"referenceImages":[{}]}""")]
    [InlineData("""{"version":1,"shots":[],"referenceImages":[{"file":"a","url":"https://h/a"}]}""")]
    [InlineData("""{"version":1,"shots":[],"referenceImages":[{"url":"a.png"}]}""")]
    [InlineData("""{"version":1,"shots":[],"referenceImages":[{"url":"ftp://h/a.png"}]}""")]
    [InlineData("""{"version":1,"shots":[],"referenceImages":[{"data":"x"}]}""")]
    [InlineData("""{"version":1,"shots":[],"referenceImages":[{"file":" "}]}""")]
    [InlineData("""{"version":1,"shots":[],"extraFields":7}""")]
    public void Text_that_is_not_a_saved_storyboard_is_refused(string json)
    {
        var error = Assert.Throws<Sora2ValidationException>(() => Storyboard.FromJson(json));

        Assert.Contains("Storyboard.ToJson: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_version_is_named()
    {
        var error = Assert.Throws<Sora2ValidationException>(() => Storyboard.FromJson("""{"version":2,"frames":[]}"""));

        Assert.Contains("version 2 of the format", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncated_storyboard_is_refused()
    {
        var json = Full.ToJson();

        Assert.All(
            Enumerable.Range(0, json.Length),
            length => Assert.Throws<Sora2ValidationException>(() => Storyboard.FromJson(json[..length])));
    }

    [Fact]
    public void Saving_and_reading_keeps_scenes_and_durations()
    {
        var shots =
            from scene in Gen.ArrayOf(Gen.Elements("a", "鹰", " ", "\n", "\r", "\"", "\\", "\0", "🦅", "</script>"))
                .Select(pieces => string.Concat(pieces))
            from ticks in ArbMap.Default.GeneratorFor<long>()
            select new StoryboardShot { Scene = scene, Duration = new TimeSpan(ticks) };
        Prop.ForAll(Arb.From(Gen.ListOf(shots)), list =>
        {
            var read = Storyboard.FromJson(new Storyboard { Shots = [.. list] }.ToJson());
            Assert.Equal(list.Select(shot => (shot.Scene, shot.Duration)), read.Shots.Select(shot => (shot.Scene, shot.Duration)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }
}
