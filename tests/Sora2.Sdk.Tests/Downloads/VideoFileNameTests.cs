using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Downloads;

namespace Sora2.Sdk.Tests.Downloads;

public sealed class VideoFileNameTests
{
    [Theory]
    [InlineData("video_7b1b817c-be94", "video_7b1b817c-be94.mp4")]
    [InlineData("sora-2:task_x", "sora-2_task_x-")]
    [InlineData("../x", "_._x-")]
    [InlineData("a/b?sig=c/d", "a_b_sig_c_d-")]
    [InlineData("..", "_.-")]
    [InlineData("小猫", "__-")]
    public void Id_becomes_a_safe_name(string id, string start)
    {
        var name = NameOf(id);

        Assert.StartsWith(start, name, StringComparison.Ordinal);
        Assert.EndsWith(".mp4", name, StringComparison.Ordinal);
        Assert.Equal(name, Path.GetFileName(name));
        Assert.DoesNotContain(name, character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'));
    }

    [Fact]
    public void Ids_that_differ_in_replaced_characters_get_different_names() =>
        Assert.Equal(
            5, new[] { "a:b", "a/b", "a?b", "a_b", "a b" }.Select(id => NameOf(id)).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void Long_id_is_truncated_and_stays_unique()
    {
        var id = new string('x', 300);

        Assert.InRange(NameOf(id).Length, 100, 130);
        Assert.NotEqual(NameOf(id), NameOf(id + "y"));
    }

    [Theory]
    [InlineData("{date} {platform} {model} {id}.mp4", "2026-11-21 juxin sora-2_all t.mp4")]
    [InlineData("小猫-{id}", "小猫-t.mp4")]
    [InlineData("{id}.MP4", "t.MP4")]
    [InlineData("{id}{id}", "tt.mp4")]
    [InlineData("{key}", "t.mp4")]
    [InlineData("con.{id}", "_con.t.mp4")]
    [InlineData("COM1.{id}", "_COM1.t.mp4")]
    [InlineData("lpt\u00B9 .{id}", "_lpt\u00B9 .t.mp4")]
    [InlineData("conin$.{id}", "_conin$.t.mp4")]
    [InlineData("console.{id}", "console.t.mp4")]
    [InlineData("\U0001F468\u200D\U0001F469 {id}", "\U0001F468\u200D\U0001F469 t.mp4")]
    public void Template_uses_values_of_the_task(string template, string name)
    {
        Assert.Null(VideoFileName.Problem(template));
        Assert.Equal(name, NameOf("t", template));
    }

    [Fact]
    public void Model_named_like_a_device_is_prefixed() =>
        Assert.Equal("_con.t.mp4", NameOf(Task("t") with { Model = "con" }, "{model}.{id}"));

    [Theory]
    [InlineData("order-3", "order-3.mp4")]
    [InlineData("3/../../x", "3_.._.._x-X")]
    public void Key_of_the_request_names_the_file(string key, string name) =>
        Assert.StartsWith(name, NameOf(Task("t") with { Key = key }, "{key}"), StringComparison.Ordinal);

    [Fact]
    public void Missing_values_of_the_task_have_placeholders()
    {
        var task = new VideoTask { PlatformName = "juxin", Id = "t", Status = VideoTaskStatus.Succeeded };

        Assert.Equal("undated-unknown-t.mp4", NameOf(task, "{date}-{model}-{id}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("video.mp4")]
    [InlineData("{prompt}-{id}")]
    [InlineData("{id}/video")]
    [InlineData("..\\{id}")]
    [InlineData("{id}?")]
    [InlineData("{id}\n")]
    [InlineData("{{id}}")]
    [InlineData("\u202E{id}")]
    [InlineData("{id}\u2066")]
    [InlineData("{id}\u200F")]
    [InlineData("{id}\u200B")]
    [InlineData("{id}\uFEFF")]
    [InlineData("{id}\u2028")]
    [InlineData("{id}\uD83D")]
    [InlineData("{id}\u0085")]
    public void Template_that_is_not_valid_is_refused(string? template) => Assert.NotNull(VideoFileName.Problem(template));

    [Theory]
    [InlineData("nul")]
    [InlineData("com1")]
    [InlineData("aux.x")]
    [InlineData("Task_A")]
    public void Reserved_or_case_sensitive_id_gets_a_digest(string id) =>
        Assert.StartsWith((id == "aux.x" ? "_" : "") + id + "-X", NameOf(id), StringComparison.Ordinal);

    [Fact]
    public void No_id_leads_out_of_the_directory_and_no_two_ids_share_a_name()
    {
        var ids = Gen.Elements('a', 'A', '.', '/', '\\', ':', '-', '_', '0', 'F', '\0', '猫', ' ').ListOf()
            .Select(letters => new string([.. letters]));
        Prop.ForAll(Arb.From(ids), Arb.From(ids), (one, two) =>
        {
            var (first, second) = (NameOf(one), NameOf(two));
            return first == Path.GetFileName(Path.GetFullPath(Path.Combine(Path.GetTempPath(), first)))
                && (one == two) == string.Equals(first, second, StringComparison.OrdinalIgnoreCase);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static string NameOf(string id, string template = "{id}.mp4") => NameOf(Task(id), template);

    private static string NameOf(VideoTask task, string template) =>
        VideoFileName.In("", task, new DownloadOptions { FileNameTemplate = template });

    private static VideoTask Task(string id) => new()
    {
        PlatformName = "juxin",
        Id = id,
        Status = VideoTaskStatus.Succeeded,
        Model = "sora-2:all",
        CreatedAt = new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.Zero),
    };
}
