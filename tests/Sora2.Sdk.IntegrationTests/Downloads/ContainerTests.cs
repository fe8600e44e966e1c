using System.Text;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>What is no MP4 is named, and taken under its own extension if that is wanted.</summary>
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
        { "an HLS playlist, which names the parts of a video and holds none", "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:4,\n0.ts\n"u8.ToArray() },
        { "a DASH manifest, which names the parts of a video and holds none", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"/>"u8.ToArray() },
        { "a PNG image", TinyImages.Png },
        { "a JPEG image", TinyImages.Jpeg },
        { "a WebP image", TinyImages.WebP },
    };

    [Theory]
    [MemberData(nameof(Videos), DisableDiscoveryEnumeration = true)]
    public async Task Another_container_is_named_and_taken_if_that_is_wanted(string name, string extension, byte[] video)
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\nContent-Length: {video.Length}", video));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, Folder, mayBeOther: false));
        var inFolder = await DownloadAsync(server, Folder, mayBeOther: true);
        var asMp4 = await DownloadAsync(server, Target, mayBeOther: true);
        var asNamed = await DownloadAsync(server, Path.Combine(Folder, "my.video"), mayBeOther: true);

        Assert.Contains($"it is {name} and no MP4. Set DownloadOptions.AllowOtherContainers to take it.", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Equal((string?[])["t" + extension, "video" + extension, "my.video"], ((DownloadedVideo[])[inFolder, asMp4, asNamed]).Select(saved => Path.GetFileName(saved.Path)));
        Assert.Equal(3, Directory.GetFiles(Folder).Length);
        Assert.Equal(video, await File.ReadAllBytesAsync(asMp4.Path!, Token));
    }

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public async Task What_shows_no_moving_pictures_is_named_and_never_taken(string name, byte[] content)
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\nContent-Length: {content.Length}", content));

        foreach (var mayBeOther in (bool[])[false, true])
        {
            var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, Target, mayBeOther));
            Assert.Contains($"it is {name} and no MP4.", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_file_under_a_name_that_the_caller_did_not_give_stays()
    {
        byte[] video = [.. Matroska, .. "webm"u8, .. new byte[9000]];
        var theirs = Path.ChangeExtension(Target, ".webm");
        await File.WriteAllTextAsync(theirs, "mine", Token);
        using var server = new OddServer(OddServer.Answer($"200 OK\nContent-Length: {video.Length}", video));

        var saved = await DownloadAsync(server, Target, mayBeOther: true);

        Assert.Equal("mine", await File.ReadAllTextAsync(theirs, Token));
        Assert.Equal((Path.Combine(Folder, "video-2.webm"), video.Length), (saved.Path, (int)new FileInfo(saved.Path!).Length));
    }

    [Fact]
    public async Task Without_a_length_another_container_is_asked_for_twice()
    {
        byte[] video = [.. Matroska, .. "webm"u8, .. new byte[9000]];
        using var server = new OddServer(OddServer.Answer("200 OK", video[..5000]), OddServer.Answer("200 OK", video));

        var saved = await DownloadAsync(server, Target, mayBeOther: true);

        Assert.Equal(video, await File.ReadAllBytesAsync(saved.Path!, Token));
    }

    [Fact]
    public async Task A_part_of_another_container_is_gone_on_with()
    {
        byte[] video = [.. Matroska, .. "webm"u8, .. Encoding.ASCII.GetBytes(new string('x', 9000))];
        using var server = new OddServer(
            OddServer.Answer($"200 OK\nETag: \"a\"\nContent-Length: {video.Length}", video[..5000]),
            OddServer.Answer($"206 Partial Content\nETag: \"a\"\nContent-Range: bytes 3976-{video.Length - 1}/{video.Length}\nContent-Length: {video.Length - 3976}", video[3976..]));

        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, Target, mayBeOther: true, options => options.DownloadRetries = 0));
        var saved = await DownloadAsync(server, Target, mayBeOther: true);

        Assert.Equal(video, await File.ReadAllBytesAsync(saved.Path!, Token));
        Assert.Equal(2, server.Asked.Count);
    }

    private Task<DownloadedVideo> DownloadAsync(OddServer server, string path, bool mayBeOther, Action<Sora2ClientOptions>? configure = null) => Client("juxin", configure).Videos.DownloadAsync(
        new VideoTask { Platform = "elsewhere", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = server.Address }, path, new DownloadOptions { AllowOtherContainers = mayBeOther }, cancellationToken: Token);
}
