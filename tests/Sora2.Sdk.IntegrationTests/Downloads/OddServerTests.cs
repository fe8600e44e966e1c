using System.Text;
using static Sora2.Sdk.IntegrationTests.Downloads.Boxes;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Whatever a server says: the file is its video, whole, or there is none.</summary>
public sealed class OddServerTests : DownloadTest
{
    private const string Mp4 = "Content-Type: video/mp4";
    private static readonly byte[] Video = [.. Box("ftyp", 16), .. Box("moov", 3000), .. Box("mdat", 600_000)];
    private static readonly byte[] EndlessVideo = [.. Box("ftyp", 16), .. Box("moov", 3000), 0, 0, 0, 0, .. "mdat"u8, .. Box("what", 600_000)];
    private static readonly string Length = Video.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static TheoryData<string, string> WithoutAVersion => new()
    {
        { "a weak tag", $"200 OK\n{Mp4}\nETag: W/\"a\"\nContent-Length: {Length}" },
        { "no tag", $"200 OK\n{Mp4}\nContent-Length: {Length}" },
        { "a young date", $"200 OK\n{Mp4}\nLast-Modified: Sat, 21 Nov 2026 01:00:00 GMT\nDate: Sat, 21 Nov 2026 01:00:01 GMT\nContent-Length: {Length}" },
        { "no length", $"200 OK\n{Mp4}\nETag: \"a\"" },
        { "no ranges", $"200 OK\n{Mp4}\nETag: \"a\"\nAccept-Ranges: none\nContent-Length: {Length}" },
    };

    [Theory]
    [MemberData(nameof(WithoutAVersion))]
    public async Task A_video_that_could_not_be_resumed_is_whole_nevertheless(string what, string head)
    {
        Assert.NotEmpty(what);
        using var server = new OddServer(OddServer.Answer(head, Video));

        await AssertVideoAsync(await DownloadAsync(server));
    }

    [Fact]
    public async Task A_part_that_nobody_asked_for_is_taken_for_a_part()
    {
        using var server = new OddServer(
            OddServer.Answer($"206 Partial Content\n{Mp4}\nETag: \"a\"\nContent-Range: bytes 0-299999/{EndlessVideo.Length}\nContent-Length: 300000", EndlessVideo[..300_000]),
            OddServer.Answer($"206 Partial Content\n{Mp4}\nETag: \"a\"\nContent-Range: bytes 298976-{EndlessVideo.Length - 1}/{EndlessVideo.Length}\nContent-Length: {EndlessVideo.Length - 298_976}", EndlessVideo[298_976..]));

        await AssertVideoAsync(await DownloadAsync(server), EndlessVideo);

        Assert.Contains("Range: bytes=298976-", server.Asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rest_that_is_too_long_is_not_taken()
    {
        byte[] rest = [.. EndlessVideo[298_976..], .. new byte[5000]];
        using var server = new OddServer(
            OddServer.Answer($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {EndlessVideo.Length}", EndlessVideo[..300_000]),
            OddServer.Answer($"206 Partial Content\n{Mp4}\nETag: \"a\"\nContent-Range: bytes 298976-{EndlessVideo.Length - 1}/{EndlessVideo.Length}\nContent-Length: {rest.Length}", rest),
            OddServer.Answer($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {EndlessVideo.Length}", EndlessVideo));

        await AssertVideoAsync(await DownloadAsync(server), EndlessVideo);

        Assert.Equal(3, server.Asked.Count);
    }

    [Theory]
    [InlineData("ETag: \"a\"", "X: no tag")]
    [InlineData("ETag: \"a\"", "ETag: \"b\"")]
    [InlineData("ETag: \"a\"", "ETag: W/\"a\"")]
    [InlineData("ETag: \"a\"", "ETag: \"a\"\nContent-Encoding: gzip")]
    [InlineData("Last-Modified: Fri, 20 Nov 2026 01:00:00 GMT\nDate: Sat, 21 Nov 2026 01:00:01 GMT", "Last-Modified: Sat, 21 Nov 2026 01:00:00 GMT\nDate: Sat, 21 Nov 2026 01:00:01 GMT")]
    public async Task A_part_of_what_may_be_another_version_is_not_joined(string first, string second)
    {
        var other = (byte[])Video.Clone();
        other[^1] ^= 1;
        using var server = new OddServer(
            OddServer.Answer($"200 OK\n{Mp4}\n{first}\nContent-Length: {Length}", Video[..300_000]),
            OddServer.Answer($"206 Partial Content\n{Mp4}\n{second}\nContent-Range: bytes 298976-{Video.Length - 1}/{Length}\nContent-Length: {Video.Length - 298_976}", other[298_976..]),
            OddServer.Answer($"200 OK\n{Mp4}\n{second}\nContent-Length: {Length}".Replace("\nContent-Encoding: gzip", "", StringComparison.Ordinal), other));

        await AssertVideoAsync(await DownloadAsync(server), other);

        Assert.Equal(3, server.Asked.Count);
    }

    [Fact]
    public async Task An_error_whose_words_break_off_is_asked_again()
    {
        using var server = new OddServer(
            OddServer.Answer($"503 Busy\nContent-Type: text/plain\nContent-Length: 1000", "a while"u8.ToArray()),
            OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {Length}", Video));

        await AssertVideoAsync(await DownloadAsync(server));
    }

    [Theory]
    [InlineData("//")]
    [InlineData("http://[")]
    [InlineData("http:")]
    public async Task A_redirect_to_nowhere_is_an_error(string location)
    {
        using var server = new OddServer(OddServer.Answer($"302 Found\nLocation: {location}\nContent-Length: 0"));

        await Assert.ThrowsAnyAsync<Sora2Exception>(() => DownloadAsync(server));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("gone\n")]
    public async Task A_short_text_is_told_and_spoils_nothing(string text)
    {
        using var server = new OddServer(
            OddServer.Answer($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {Length}", Video[..300_000]),
            OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {text.Length}", Encoding.ASCII.GetBytes(text)),
            OddServer.Answer($"206 Partial Content\n{Mp4}\nETag: \"a\"\nContent-Range: bytes 298976-{Video.Length - 1}/{Length}\nContent-Length: {Video.Length - 298_976}", Video[298_976..]));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server));
        Assert.Contains("text instead of a video: " + text.Trim(), error.Message, StringComparison.Ordinal);

        await AssertVideoAsync(await DownloadAsync(server));
    }

    [Fact]
    public async Task A_host_that_cuts_every_connection_is_no_failure_as_long_as_it_gets_on()
    {
        var answers = Enumerable.Range(0, 7).Select(i =>
        {
            var from = i == 0 ? 0 : (i * 100_000) - 1024;
            return OddServer.Answer($"206 Partial Content\n{Mp4}\nETag: \"a\"\nContent-Range: bytes {from}-{Video.Length - 1}/{Length}\nContent-Length: {Video.Length - from}", Video[from..Math.Min((i + 1) * 100_000, Video.Length)]);
        });
        using var server = new OddServer([.. answers]);

        await AssertVideoAsync(await DownloadAsync(server, options => options.DownloadRetries = 1));

        Assert.Equal(7, server.Asked.Count);
    }

    [Fact]
    public async Task A_key_that_comes_back_is_not_shown()
    {
        using var server = new OddServer(OddServer.Answer("403 Forbidden\nContent-Type: text/plain\nContent-Length: 40", "the key my-own-kind-of-key is no good.   "u8.ToArray()));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server, options => (options.ApiKey, options.BaseAddress) = ("my-own-kind-of-key", new Uri(server.Address, "/v1"))));

        Assert.Contains("Authorization: Bearer my-own-kind-of-key", server.Asked[0], StringComparison.Ordinal);
        Assert.DoesNotContain("my-own", error + error.RawBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_follows_redirects_itself_brings_nothing()
    {
        using var media = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {Length}", Video));
        using var api = new OddServer(OddServer.Answer($"302 Found\nLocation: {media.Address}\nContent-Length: 0"));
        using var following = new Following { InnerHandler = new SocketsHttpHandler() };
        var client = Client("juxin", options => (options.BaseAddress, options.AllowPrivateNetworkDownloads) = (new Uri(api.Address, "/"), false), following);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.DownloadAsync(TaskAt(api.Address), Target, cancellationToken: Token));

        Assert.Contains("was redirected", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_destination_that_gives_up_is_not_the_hosts_fault()
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {Length}", Video));
        using var gone = new GoneStream();

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(TaskAt(server.Address), gone, cancellationToken: Token));

        Assert.Contains("cannot be written: The browser is gone.", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task What_the_callers_progress_throws_is_the_callers()
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {Length}", Video));

        var error = await Assert.ThrowsAsync<IOException>(() => Client("juxin").Videos.DownloadAsync(TaskAt(server.Address), Target, progress: new SyncProgress<DownloadProgress>(_ => throw new IOException("The console is gone")), cancellationToken: Token));

        Assert.Equal("The console is gone", error.Message);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task What_belongs_to_others_stays()
    {
        using var server = new OddServer(OddServer.Answer("404 Not Found\nContent-Length: 0"));
        await File.WriteAllTextAsync(Target + ".partial", "somebody else's", Token);
        await File.WriteAllTextAsync(Target + ".partial.json", "and this", Token);

        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server));

        Assert.Equal(("somebody else's", "and this"), (await File.ReadAllTextAsync(Target + ".partial", Token), await File.ReadAllTextAsync(Target + ".partial.json", Token)));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_refused_before_anything_is_fetched()
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {Length}", Video));

        await Assert.ThrowsAsync<Sora2ValidationException>(() => Client("juxin").Videos.DownloadAsync(TaskAt(server.Address), Path.Combine(Folder, new string('x', 260) + ".mp4"), cancellationToken: Token));

        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task A_part_of_an_image_is_no_image()
    {
        using var server = new OddServer(OddServer.Answer("206 Partial Content\nContent-Type: image/png\nContent-Range: bytes 0-77/9999\nContent-Length: 78", TinyImages.Png));

        await Assert.ThrowsAsync<Sora2ValidationException>(() => Client("juxin").Storyboards.CreateAsync(ThreeShots(ImageInput.FromUrl(server.Address)), Token));

        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Writers_that_come_and_go_never_show_half_a_file()
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {Length}", Video));
        var client = Client("juxin");
        var sizes = new List<long>();

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (_, token) =>
        {
            try
            {
                await client.Videos.DownloadAsync(TaskAt(server.Address), Target, cancellationToken: token);
            }
            catch (DownloadException e)
            {
                Assert.Contains("it is in use", e.Message, StringComparison.Ordinal);
            }

            if (new FileInfo(Target) is { Exists: true, Length: var size })
            {
                lock (sizes)
                {
                    sizes.Add(size);
                }
            }
        });

        Assert.All(sizes, size => Assert.Equal(Video.Length, size));
        Assert.Equal([Target], Directory.GetFiles(Folder));
    }

    private static VideoTask TaskAt(Uri url) => new() { Platform = "elsewhere", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = url };

    private Task<DownloadedVideo> DownloadAsync(OddServer server, Action<Sora2ClientOptions>? configure = null) =>
        Client("juxin", configure).Videos.DownloadAsync(TaskAt(server.Address), Target, new DownloadOptions { ComputeSha256 = true }, cancellationToken: Token);

    private async Task AssertVideoAsync(DownloadedVideo video, byte[]? expected = null)
    {
        expected ??= Video;
        Assert.Equal(expected, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal((expected.Length, await DigestAsync(Target)), (video.Bytes, video.Sha256));
        Assert.Equal([Target], Directory.GetFiles(Folder));
    }

    private sealed class Following : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.Location is not { } location)
            {
                return response;
            }

            request.RequestUri = location;
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class GoneStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new TaskCanceledException("The browser is gone");
    }
}
