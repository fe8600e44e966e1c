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
    public void An_id_becomes_a_safe_name(string id, string start)
    {
        var name = VideoFileName.Of(id);

        Assert.StartsWith(start, name, StringComparison.Ordinal);
        Assert.EndsWith(".mp4", name, StringComparison.Ordinal);
        Assert.Equal(name, Path.GetFileName(name));
        Assert.DoesNotContain(name, character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'));
    }

    [Fact]
    public void Ids_that_look_alike_once_they_are_safe_get_different_names() => Assert.Equal(5, new[] { "a:b", "a/b", "a?b", "a_b", "a b" }.Select(VideoFileName.Of).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void A_long_id_is_cut_and_stays_its_own()
    {
        var id = new string('x', 300);

        Assert.InRange(VideoFileName.Of(id).Length, 100, 120);
        Assert.NotEqual(VideoFileName.Of(id), VideoFileName.Of(id + "y"));
    }

    [Fact]
    public void A_directory_gets_the_name_a_file_keeps_its_own()
    {
        var directory = Path.GetTempPath();

        Assert.Equal(Path.Combine(directory, "t.mp4"), VideoFileName.PathFor(directory, "t"));
        Assert.Equal(Path.Combine(directory, "my.mp4"), VideoFileName.PathFor(Path.Combine(directory, "my.mp4"), "t"));
        Assert.Equal(Path.Combine(directory, "new", "t.mp4"), VideoFileName.PathFor(Path.Combine(directory, "new") + Path.DirectorySeparatorChar, "t"));
    }
}
