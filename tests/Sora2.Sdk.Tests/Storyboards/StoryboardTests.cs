using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Sora2.Sdk.Tests.Storyboards;

public sealed class StoryboardTests
{
    private static readonly ImageInput First = ImageInput.FromUrl(new Uri("https://img.example.com/1.png"));
    private static readonly ImageInput Second = ImageInput.FromUrl(new Uri("https://img.example.com/2.png"));
    private static readonly ImageInput Third = ImageInput.FromUrl(new Uri("https://img.example.com/3.png"));

    [Fact]
    public void Position_out_of_range_is_reported_with_the_number_of_shots()
    {
        var builder = new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(1));
        Action[] calls =
        [
            () => builder.RemoveShot(5),
            () => builder.MoveShot(5, 0),
            () => builder.MoveShot(0, 5),
            () => builder.ReplaceShot(-1, "b", TimeSpan.Zero),
            () => builder.InsertShot(2, "b", TimeSpan.Zero),
            () => builder.InsertShot(-1, "b", TimeSpan.Zero),
        ];

        Assert.All(
            calls,
            call => Assert.Contains("1 shot,", Assert.Throws<ArgumentOutOfRangeException>(call).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Saved_storyboard_is_edited_with_all_its_settings()
    {
        var saved = Storyboard.FromJson((new StoryboardBuilder()
            .AddShot("a", TimeSpan.FromSeconds(5), First)
            .AddShot("b", TimeSpan.FromSeconds(5))
            .AddReferenceImage(Second)
            .Build() with
        {
            Model = "sora-2-pro",
            AspectRatio = AspectRatio.Portrait9x16,
            HighDefinition = true,
            Seed = 7,
            NegativePrompt = "rain",
            ExtraFields = new JsonObject { ["notify_hook"] = "https://app.example.com" },
            Key = "order-1",
            Metadata = new Dictionary<string, string> { ["order"] = "1" },
        }).ToJson());

        var edited = new StoryboardBuilder(saved)
            .ReplaceShot(1, "c", TimeSpan.FromSeconds(10))
            .AddReferenceImage(Third)
            .Build();
        var unchanged = new StoryboardBuilder(saved).Build();

        Assert.Equal(saved.ToJson(), unchanged.ToJson());
        Assert.Equal(["a", "b"], saved.Shots.Select(shot => shot.Scene));
        Assert.Equal(["a", "c"], edited.Shots.Select(shot => shot.Scene));
        Assert.Equal([First, Second, Third], edited.AllImages);
        Assert.Equal(saved.ToJson(), (edited with { Shots = saved.Shots, ReferenceImages = saved.ReferenceImages }).ToJson());
        Assert.Equal(
            ("sora-2-pro", "order-1", "1", "https://app.example.com"),
            (edited.Model, edited.Key, edited.Metadata["order"], (string?)edited.ExtraFields!["notify_hook"]));
        Assert.Throws<ArgumentNullException>(() => new StoryboardBuilder(null!));
    }

    [Fact]
    public void Prompt_has_a_block_for_each_shot()
    {
        var storyboard = new StoryboardBuilder()
            .AddShot("老鹰展翅高飞", TimeSpan.FromSeconds(5))
            .AddShot("It lands", TimeSpan.FromSeconds(7.5))
            .Build();

        Assert.Equal("Shot 1:\nduration: 5sec\nScene: 老鹰展翅高飞\n\nShot 2:\nduration: 7.5sec\nScene: It lands", storyboard.ToPrompt());
        Assert.Equal(TimeSpan.FromSeconds(12.5), storyboard.TotalDuration);
    }

    [Fact]
    public void Decimals_have_a_point_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;

            var prompt = new StoryboardBuilder().AddShot("x", TimeSpan.FromSeconds(7.5)).Build().ToPrompt();

            Assert.Contains("duration: 7.5sec", prompt, StringComparison.Ordinal);
            Assert.Equal("0.5,2.25", new TimeRange(0.5, 2.25).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Line_break_in_a_scene_does_not_begin_a_shot()
    {
        var prompt = new StoryboardBuilder()
            .AddShot("a\r\n\r\nShot 2:\nduration: 15sec\u2028Scene: b", TimeSpan.FromSeconds(10))
            .Build()
            .ToPrompt();

        Assert.Equal("Shot 1:\nduration: 10sec\nScene: a Shot 2: duration: 15sec Scene: b", prompt);
        Assert.Single(Storyboard.Parse(prompt).Shots);
    }

    [Fact]
    public void Shots_are_inserted_replaced_and_removed()
    {
        var second = TimeSpan.FromSeconds(1);
        var storyboard = new StoryboardBuilder()
            .AddShot("a", second)
            .AddShot("c", second)
            .InsertShot(1, "b", second)
            .ReplaceShot(0, "A", second)
            .AddShot("d", second)
            .RemoveShot(2)
            .Build();

        Assert.Equal(["A", "b", "d"], storyboard.Shots.Select(shot => shot.Scene));
    }

    [Theory]
    [InlineData(0, 3, "bcda")]
    [InlineData(3, 0, "dabc")]
    [InlineData(1, 2, "acbd")]
    [InlineData(2, 2, "abcd")]
    public void Shot_moves_to_its_new_position(int from, int to, string order)
    {
        var builder = new StoryboardBuilder();
        foreach (var scene in new[] { "a", "b", "c", "d" })
        {
            builder.AddShot(scene, TimeSpan.FromSeconds(1), First);
        }

        Assert.Equal(order, string.Concat(builder.MoveShot(from, to).Build().Shots.Select(shot => shot.Scene)));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.MoveShot(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.MoveShot(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.MoveShot(0, -1));
        Assert.Equal(order, string.Concat(builder.Build().Shots.Select(shot => shot.Scene)));
    }

    [Fact]
    public void Built_storyboard_does_not_change_with_the_builder()
    {
        var builder = new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(5));
        var storyboard = builder.Build();
        builder.AddShot("b", TimeSpan.FromSeconds(5)).AddReferenceImage(First);

        Assert.Single(storyboard.Shots);
        Assert.Empty(storyboard.ReferenceImages);
    }

    [Fact]
    public void Images_are_distinct_with_those_of_shots_first()
    {
        var storyboard = new StoryboardBuilder()
            .AddReferenceImage(First).AddReferenceImage(Third)
            .AddShot("a", TimeSpan.FromSeconds(5), Second)
            .AddShot("b", TimeSpan.FromSeconds(5), Third, Second)
            .Build();

        Assert.Equal([Second, Third, First], storyboard.AllImages);
    }

    [Theory]
    [InlineData("Shot 1:\nduration: 5sec\nScene: a\n\nShot 2:\nduration: 7.5sec\nScene: b")]
    [InlineData("Shot 1:\nduration: 5sec\nScene: a\n\n\nShot 2:\nduration: 7.5sec\nScene: b\n")]
    [InlineData("Shot 1:\r\nduration: 5sec\r\nScene: a\r\n\r\nShot 2:\r\nduration: 7.5sec\r\nScene: b\r\n")]
    [InlineData("  shot 1 :\n DURATION:5 sec\n scene:a\nSHOT2:\nDuration： 7.5 seconds \nSCENE：b")]
    [InlineData("Shot 1:\rduration: 5s\rScene: a\r\rShot 2:\rduration: 7.50 secs\rScene:   b  \r\r")]
    [InlineData("Here you are:\n\nShot 1:\nduration: 5\nScene: a\n\nShot 2:\nduration: 7.5 second\nScene: b")]
    [InlineData("Shot 1:\nScene: a\nduration: 5sec\n\nShot 2:\nScene: b\nduration: 7.5sec\n")]
    [InlineData("Shot 1:duration: no\nduration: 5sec\nScene: a\nShot 9:\nduration: 7.5sec\n\nScene:\nb\n")]
    public void Prompt_is_read_back(string prompt)
    {
        var storyboard = Storyboard.Parse(prompt);

        Assert.Equal([("a", 5.0), ("b", 7.5)], storyboard.Shots.Select(shot => (shot.Scene, shot.Duration.TotalSeconds)));
    }

    [Theory]
    [InlineData("", "no shot")]
    [InlineData("An eagle flies", "no shot")]
    [InlineData("Shot 1:\nScene: a", "\"duration: 7.5sec\"")]
    [InlineData("Shot 1:\nduration: 5sec\nScene: a\n\nShot 2:\nduration: 5sec", "Shot 2 has no scene")]
    public void Missing_part_of_a_storyboard_is_named(string prompt, string fragment)
    {
        var error = Assert.Throws<Sora2ValidationException>(() => Storyboard.Parse(prompt));

        Assert.Contains(fragment, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scene_of_several_lines_is_read_completely()
    {
        var storyboard = Storyboard.Parse("Shot 1:\r\nduration: 5sec\r\nScene: a\r\n\r\nb, not Shot 2: c\r\n");

        Assert.Equal("a\n\nb, not Shot 2: c", storyboard.Shots.Single().Scene);
    }

    [Fact]
    public void Scene_is_written_unchanged()
    {
        var scene = "  \"Shot 2:\" – duration: 5sec, Scene: 老鹰… 🦅\t" + new string('x', 10_000) + "  ";

        var prompt = new StoryboardBuilder().AddShot(scene, TimeSpan.FromSeconds(10)).Build().ToPrompt();

        Assert.Equal("Shot 1:\nduration: 10sec\nScene: " + scene, prompt);
    }

    [Fact]
    public void Written_prompt_is_read_back()
    {
        var shots =
            from scene in Gen
                .ArrayOf(Gen.Elements(
                    "a", "Z", "鹰", " ", ":", "5", "'", "@", ".", "🦅", "Shot 2:", "duration: 5sec", "Scene:", "\t", "\u3000"))
                .Select(pieces => "x" + string.Concat(pieces))
            from ticks in Gen
                .Elements(1, 3, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond)
                .SelectMany(_ => Gen.Choose(1, 300), (unit, count) => unit * count)
            select (Scene: scene.Trim(), Duration: new TimeSpan(ticks));
        Prop.ForAll(Arb.From(Gen.NonEmptyListOf(shots)), list =>
        {
            var builder = new StoryboardBuilder();
            foreach (var (scene, duration) in list)
            {
                builder.AddShot(scene, duration);
            }

            var read = Storyboard.Parse(builder.Build().ToPrompt());
            Assert.Equal(list, read.Shots.Select(shot => (shot.Scene, shot.Duration)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData("duration: 5", " ", "x")]
    [InlineData("duration: 5s", "\t", "x")]
    [InlineData("duration:", " ", "x")]
    [InlineData("duration: ", "5", "x")]
    [InlineData("", " ", "scene")]
    [InlineData("Shot", " ", "x")]
    [InlineData("Shot ", "1", "x")]
    public async Task Long_hostile_text_is_read_in_linear_time(string begin, string many, string end)
    {
        var text = "Shot 1:\n" + begin + string.Concat(Enumerable.Repeat(many, 2_000_000)) + end;

        // A minute, as quadratic time would be hours.
        var reading = Task.Run(() => Assert.Throws<Sora2ValidationException>(() => Storyboard.Parse(text)));

        await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("5  ")]
    [InlineData("5sec")]
    [InlineData("5 secs\t")]
    [InlineData("5 second ")]
    [InlineData("5\tseconds")]
    [InlineData("5.0 S")]
    public void Duration_is_read_with_and_without_a_unit(string duration) =>
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.Single(Storyboard.Parse($"Shot 1:\nduration: {duration}\nScene: a").Shots).Duration);
}
