using FsCheck;
using FsCheck.Fluent;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>The values of a request that are classes of their own, and the handle of a task.</summary>
public sealed class RequestValueTests
{
    [Theory]
    [InlineData("16:9", 16, 9, "16:9")]
    [InlineData(" 9x16 ", 9, 16, "9:16")]
    [InlineData("21：9", 21, 9, "21:9")]
    [InlineData("4×3", 4, 3, "4:3")]
    [InlineData("Portrait9x16", 9, 16, "9:16")]
    [InlineData("square1x1", 1, 1, "1:1")]
    [InlineData("ADAPTIVE", 0, 0, "adaptive")]
    [InlineData("auto", 0, 0, "adaptive")]
    public void Aspect_ratio_is_read(string text, int width, int height, string formatted)
    {
        var ratio = AspectRatio.Parse(text);

        Assert.Equal((width, height, formatted), (ratio.Width, ratio.Height, ratio.ToString()));
        Assert.Equal(ratio, AspectRatio.Parse(formatted));
    }

    [Theory]
    [InlineData("")]
    [InlineData("16")]
    [InlineData("16:")]
    [InlineData(":9")]
    [InlineData("0:9")]
    [InlineData("-16:9")]
    [InlineData("16:9:4")]
    [InlineData("1.78:1")]
    [InlineData("wide")]
    [InlineData("99999999999:1")]
    public void Text_that_is_no_aspect_ratio_is_refused(string text) =>
        Assert.Contains("16:9", Assert.Throws<FormatException>(() => AspectRatio.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Aspect_ratios_are_equal_by_value()
    {
        Assert.Equal(AspectRatio.Landscape16x9, AspectRatio.Parse("16:9"));
        Assert.NotEqual(AspectRatio.Landscape16x9, AspectRatio.Parse("32:18"));
        Assert.True(AspectRatio.Portrait2x3.IsPortrait);
        Assert.False(AspectRatio.Adaptive.IsPortrait);
    }

    [Fact]
    public void Resolutions_are_equal_whatever_the_letter_case()
    {
        Assert.Equal(Resolution.P720, Resolution.Parse(" 720P "));
        Assert.Equal(Resolution.P720.GetHashCode(), Resolution.Parse("720P").GetHashCode());
        Assert.Equal("native1080p", Resolution.Parse("Native1080P").ToString());
        Assert.NotEqual(Resolution.P720, Resolution.P1080);
        Assert.Throws<FormatException>(() => Resolution.Parse("  "));
    }

    [Theory]
    [InlineData("720p", "720P")]
    [InlineData("4K", "4K")]
    [InlineData("720x1280", "720x1280")]
    [InlineData("native1080p", "native1080p")]
    public void Resolution_is_spelled_as_the_platforms_do(string text, string sent) =>
        Assert.Equal(sent, Resolution.Parse(text).Upper);

    [Fact]
    public void Handle_is_read_back_whatever_it_contains() => Prop.ForAll(
        Gen.Elements('a', 'Z', '0', '/', ':', '%', ' ', '猫', '?', '\n').NonEmptyListOf().Select(letters => new string([.. letters]))
            .Three().ToArbitrary(),
        parts =>
        {
            var handle = new TaskHandle(parts.Item3) { PlatformName = parts.Item1, ClientName = parts.Item2 };
            Assert.Equal(handle, TaskHandle.Parse(handle.ToString()));
            TaskHandle bare = parts.Item3;
            Assert.Equal((parts.Item3, null, parts.Item3), (bare.Id, bare.PlatformName, bare.ToString()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [InlineData("sora2:juxin/cheap/video_7b1b", "juxin", "cheap", "video_7b1b")]
    [InlineData("sora2:juxin//sora-2%3Atask_1", "juxin", "", "sora-2:task_1")]
    [InlineData("sora-2:task_1", null, null, "sora-2:task_1")]
    [InlineData("sora2:task_1", null, null, "sora2:task_1")]
    [InlineData("sora2:juxin/cheap/", null, null, "sora2:juxin/cheap/")]
    [InlineData("sora2://video_1", null, null, "sora2://video_1")]
    public void Text_is_a_handle_or_an_id(string text, string? platform, string? client, string id) =>
        Assert.Equal(new TaskHandle(id) { PlatformName = platform, ClientName = client }, TaskHandle.Parse(text));

    [Fact]
    public void Task_converts_to_its_handle()
    {
        var task = new VideoTask { PlatformName = "juxin", ClientName = "cheap", Id = "video_1", Status = VideoTaskStatus.Unknown };
        TaskHandle handle = task;

        Assert.Equal("sora2:juxin/cheap/video_1", handle.ToString());
        Assert.Null((TaskHandle?)(string?)null);
        Assert.Null((TaskHandle?)(VideoTask?)null);
    }

    [Fact]
    public void Metadata_is_a_copy_and_compared_by_content()
    {
        var notes = new Dictionary<string, string>(StringComparer.Ordinal) { ["order"] = "7" };
        var request = new VideoRequest("a") { Metadata = notes };
        notes["order"] = "8";

        Assert.Equal("7", request.Metadata["order"]);
        Assert.Equal(request, request with { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["order"] = "7" } });
        Assert.NotEqual(request, request with { Metadata = notes });
        Assert.Empty((request with { Metadata = null! }).Metadata);
    }
}
