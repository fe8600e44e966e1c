using static Sora2.Sdk.IntegrationTests.Downloads.Boxes;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>The limits that keep a host from filling the disk.</summary>
public sealed class SizeLimitTests : DownloadTest
{
    private static readonly byte[] Video = [.. Box("ftyp", 20), .. Box("moov", 192), .. Box("mdat", 300_000)];
    private static readonly byte[] Endless = [.. Box("ftyp", 20), .. Box("moov", 192), .. Box("mdat", 3_000_000, size: 0)];
    private static readonly byte[] Packed = Gzip(Endless);

    public static TheoryData<string, byte[]> TooLarge => new()
    {
        { "announced", OddServer.Response("200 OK\nETag: \"a\"\nContent-Length: 3000000000", Video) },
        {
            "announced as a part",
            OddServer.Response(
                "206 Partial Content\nETag: \"a\"\nContent-Range: bytes 0-999999/3000000000\nContent-Length: 1000000", Video)
        },
        { "without a length", OddServer.Response("200 OK\nETag: \"a\"", Endless) },
        { "packed", OddServer.Response("200 OK\nContent-Encoding: gzip", Packed) },
    };

    [Theory]
    [MemberData(nameof(TooLarge), DisableDiscoveryEnumeration = true)]
    public async Task Larger_video_is_refused_and_nothing_is_left(string how, byte[] response)
    {
        Assert.NotEmpty(how);
        using var server = new OddServer(response);

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, 1_000_000));

        Assert.Contains("1000000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("DownloadOptions.MaxBytes", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Single(server.Requests);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Compressed_video_from_the_api_is_limited_as_well()
    {
        using var server = new OddServer(OddServer.Response("200 OK\nContent-Encoding: gzip", Packed));

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => DownloadAsync(server, 1_000_000, options => options.BaseAddress = new Uri(server.Address, "/")));

        Assert.Contains("MaxBytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("Authorization", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Video_of_exactly_the_limit_is_accepted()
    {
        using var server = new OddServer(OddServer.Response($"200 OK\nContent-Length: {Video.Length}", Video));

        await DownloadAsync(server, Video.Length);

        Assert.Equal(Video, await File.ReadAllBytesAsync(Target, Token));
    }

    [Fact]
    public async Task Limit_applies_to_a_partial_file_of_an_earlier_call()
    {
        using var server = new OddServer(OddServer.Response($"200 OK\nETag: \"a\"\nContent-Length: {Video.Length}", Video[..200_000]));
        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, configure: options => options.DownloadRetries = 0));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, 250_000));

        Assert.Contains("MaxBytes", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Video_larger_than_the_disk_is_refused_before_its_first_byte()
    {
        using var server = new OddServer(OddServer.Response("200 OK\nETag: \"a\"\nContent-Length: 9000000000000000", Video));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, maxBytes: null));

        Assert.Contains("room", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Single(server.Requests);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Limit_out_of_range_is_refused(long limit)
    {
        using var server = new OddServer(OddServer.Response($"200 OK\nContent-Length: {Video.Length}", Video));

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => DownloadAsync(server, limit));

        Assert.Contains("DownloadOptions.MaxBytes is", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private Task<DownloadedVideo> DownloadAsync(OddServer server, long? maxBytes, Action<Sora2ClientOptions>? configure = null) =>
        DownloadAsync(server, options: new DownloadOptions { MaxBytes = maxBytes }, configure: configure);
}
