using static Sora2.Sdk.IntegrationTests.Downloads.Boxes;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>No host fills the disk.</summary>
public sealed class SizeLimitTests : DownloadTest
{
    private static readonly byte[] Video = [.. Box("ftyp", 20), .. Box("moov", 192), .. Box("mdat", 300_000)];
    private static readonly byte[] Endless = [.. Box("ftyp", 20), .. Box("moov", 192), .. Box("mdat", 3_000_000, size: 0)];
    private static readonly byte[] Packed = Gzip(Endless);

    public static TheoryData<string, byte[]> TooLarge => new()
    {
        { "announced", OddServer.Answer("200 OK\nETag: \"a\"\nContent-Length: 3000000000", Video) },
        { "announced as a part", OddServer.Answer("206 Partial Content\nETag: \"a\"\nContent-Range: bytes 0-999999/3000000000\nContent-Length: 1000000", Video) },
        { "without a length", OddServer.Answer("200 OK\nETag: \"a\"", Endless) },
        { "packed", OddServer.Answer("200 OK\nContent-Encoding: gzip", Packed) },
    };

    [Theory]
    [MemberData(nameof(TooLarge), DisableDiscoveryEnumeration = true)]
    public async Task More_than_the_limit_ends_at_once_and_leaves_nothing(string how, byte[] answer)
    {
        Assert.NotEmpty(how);
        using var server = new OddServer(answer);

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, new DownloadOptions { MaxBytes = 1_000_000 }));

        Assert.Contains("more than 1000000 bytes are not taken. Set DownloadOptions.MaxBytes higher", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Single(server.Asked);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task What_the_api_itself_sends_packed_is_limited_as_well()
    {
        using var server = new OddServer(OddServer.Answer("200 OK\nContent-Encoding: gzip", Packed));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, new DownloadOptions { MaxBytes = 1_000_000 }, options => options.BaseAddress = new Uri(server.Address, "/")));

        Assert.Contains("MaxBytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("Authorization", Assert.Single(server.Asked), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_video_of_just_the_limit_is_taken()
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\nContent-Length: {Video.Length}", Video));

        await DownloadAsync(server, new DownloadOptions { MaxBytes = Video.Length });

        Assert.Equal(Video, await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task A_part_that_an_earlier_call_left_does_not_get_round_the_limit()
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\nETag: \"a\"\nContent-Length: {Video.Length}", Video[..200_000]));
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, new DownloadOptions(), options => options.DownloadRetries = 0));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, new DownloadOptions { MaxBytes = 250_000 }));

        Assert.Contains("MaxBytes", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Asked);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_video_that_the_disk_has_no_room_for_is_refused_before_its_first_byte()
    {
        using var server = new OddServer(OddServer.Answer("200 OK\nETag: \"a\"\nContent-Length: 9000000000000000", Video));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, new DownloadOptions { MaxBytes = null }));

        Assert.Contains("The disk has room for ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Make room", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Asked);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_limit_that_lets_nothing_through_is_refused(long limit)
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\nContent-Length: {Video.Length}", Video));

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => DownloadAsync(server, new DownloadOptions { MaxBytes = limit }));

        Assert.Contains("DownloadOptions.MaxBytes is", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    private Task<DownloadedVideo> DownloadAsync(OddServer server, DownloadOptions options, Action<Sora2ClientOptions>? configure = null) => Client("juxin", configure).Videos.DownloadAsync(
        new VideoTask { Platform = "elsewhere", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = server.Address }, Target, options, cancellationToken: Token);
}
