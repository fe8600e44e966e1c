using System.Text;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Other containers than MP4 are named in the error, and accepted under their own extension if that is allowed.</summary>
public sealed class ContainerTests : DownloadTest
{
    private static readonly byte[] Matroska = [0x1A, 0x45, 0xDF, 0xA3, 0xA3, 0x42, 0x86, 0x81, 0x01, 0x42, 0x82, 0x88];

    public static TheoryData<string, string, byte[]> Videos => new()
    {
        { "a WebM video", ".webm", [.. Matroska, .. "webm"u8, .. new byte[9000]] },
        { "a Matroska video", ".mkv", [.. Matroska, .. "matroska"u8, .. new byte[9000]] },
        { "an AVI video", ".avi", [.. "RIFF"u8, 0x20, 0, 0, 0, .. "AVI LIST"u8, .. new byte[24]] },
        { "a GIF animation", ".gif", TinyImages.Gif },
        { "an FLV video", ".flv", [.. "FLV\u0001\u0005\0\0\0\u0009"u8, .. new byte[50]] },
        { "an MPEG transport stream", ".ts", [.. Enumerable.Range(0, 5).SelectMany(_ => (byte[])[0x47, .. new byte[187]])] },
    };

    public static TheoryData<string, byte[]> Others => new()
    {
        { "an HLS playlist", "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:4,\n0.ts\n"u8.ToArray() },
        { "a DASH manifest", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"/>"u8.ToArray() },
        { "a PNG image", TinyImages.Png },
        { "a JPEG image", TinyImages.Jpeg },
        { "a WebP image", TinyImages.WebP },
    };

    [Theory]
    [MemberData(nameof(Videos), DisableDiscoveryEnumeration = true)]
    public async Task Other_containers_are_refused_by_name_and_accepted_if_allowed(string name, string extension, byte[] video)
    {
        using var server = new OddServer(OddServer.Response($"200 OK\nContent-Length: {video.Length}", video));

        var path = Path.Combine(Folder, "t.mp4");
        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, path, allowOther: false));
        var inFolder = await DownloadAsync(server, path, allowOther: true);
        var asMp4 = await DownloadAsync(server, Target, allowOther: true);
        var asNamed = await DownloadAsync(server, Path.Combine(Folder, "my.video"), allowOther: true);

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("DownloadOptions.AllowOtherContainers", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Equal("t" + extension, Path.GetFileName(inFolder.Path));
        Assert.Equal("video" + extension, Path.GetFileName(asMp4.Path));
        Assert.Equal("my.video", Path.GetFileName(asNamed.Path));
        Assert.Equal(3, Directory.GetFiles(Folder).Length);
        Assert.Equal(video, await File.ReadAllBytesAsync(asMp4.Path!, Token));
    }

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public async Task Playlists_and_still_images_are_refused_by_name_even_if_other_containers_are_allowed(string name, byte[] content)
    {
        using var server = new OddServer(OddServer.Response($"200 OK\nContent-Length: {content.Length}", content));

        foreach (var allowOther in (bool[])[false, true])
        {
            var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, Target, allowOther));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task File_under_the_changed_extension_is_not_replaced()
    {
        byte[] video = [.. Matroska, .. "webm"u8, .. new byte[9000]];
        var theirs = Path.ChangeExtension(Target, ".webm");
        await File.WriteAllTextAsync(theirs, "mine", Token);
        using var server = new OddServer(OddServer.Response($"200 OK\nContent-Length: {video.Length}", video));

        var saved = await DownloadAsync(server, Target, allowOther: true);

        Assert.Equal("mine", await File.ReadAllTextAsync(theirs, Token));
        Assert.Equal((Path.Combine(Folder, "video-2.webm"), video.Length), (saved.Path, (int)new FileInfo(saved.Path!).Length));
    }

    [Fact]
    public async Task Other_container_without_a_length_is_requested_twice()
    {
        byte[] video = [.. Matroska, .. "webm"u8, .. new byte[9000]];
        using var server = new OddServer(OddServer.Response("200 OK", video[..5000]), OddServer.Response("200 OK", video));

        var saved = await DownloadAsync(server, Target, allowOther: true);

        Assert.Equal(video, await File.ReadAllBytesAsync(saved.Path!, Token));
    }

    [Fact]
    public async Task Partial_file_of_another_container_is_continued()
    {
        byte[] video = [.. Matroska, .. "webm"u8, .. Encoding.ASCII.GetBytes(new string('x', 9000))];
        using var server = new OddServer(
            OddServer.Response($"200 OK\nETag: \"a\"\nContent-Length: {video.Length}", video[..5000]),
            OddServer.Part("ETag: \"a\"", video, 3976));

        await Assert.ThrowsAsync<DownloadException>(
            () => DownloadAsync(server, Target, allowOther: true, options => options.DownloadRetries = 0));
        var saved = await DownloadAsync(server, Target, allowOther: true);

        Assert.Equal(video, await File.ReadAllBytesAsync(saved.Path!, Token));
        Assert.Equal(2, server.Requests.Count);
    }

    private Task<DownloadedVideo> DownloadAsync(
        OddServer server, string path, bool allowOther, Action<Sora2ClientOptions>? configure = null) =>
        DownloadAsync(server, path, new DownloadOptions { AllowOtherContainers = allowOther }, configure);
}
