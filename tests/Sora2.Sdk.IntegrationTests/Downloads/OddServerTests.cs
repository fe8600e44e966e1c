using System.Text;
using static Sora2.Sdk.IntegrationTests.Downloads.Boxes;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Incorrect servers: the result is the complete video, or no file.</summary>
public sealed class OddServerTests : DownloadTest
{
    private const string Mp4 = "Content-Type: video/mp4";
    private const string Tagged = $"{Mp4}\nETag: \"a\"";
    private static readonly byte[] Video = [.. Box("ftyp", 16), .. Box("moov", 3000), .. Box("mdat", 600_000)];
    private static readonly byte[] EndlessVideo =
        [.. Box("ftyp", 16), .. Box("moov", 3000), 0, 0, 0, 0, .. "mdat"u8, .. Box("what", 600_000)];
    private static readonly string Length = Video.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static TheoryData<string, string> WithoutAVersion => new()
    {
        { "a weak tag", $"200 OK\n{Mp4}\nETag: W/\"a\"\nContent-Length: {Length}" },
        { "no tag", $"200 OK\n{Mp4}\nContent-Length: {Length}" },
        {
            "a young date",
            $"200 OK\n{Mp4}\nLast-Modified: Sat, 21 Nov 2026 01:00:00 GMT\nDate: Sat, 21 Nov 2026 01:00:01 GMT\nContent-Length: {Length}"
        },
        { "no length", $"200 OK\n{Mp4}\nETag: \"a\"" },
        { "no ranges", $"200 OK\n{Mp4}\nETag: \"a\"\nAccept-Ranges: none\nContent-Length: {Length}" },
    };

    [Theory]
    [MemberData(nameof(WithoutAVersion))]
    public async Task Video_without_a_version_is_downloaded_completely(string what, string head)
    {
        Assert.NotEmpty(what);
        using var server = new OddServer(OddServer.Response(head, Video));

        await AssertVideoAsync(await DownloadAsync(server));
    }

    [Fact]
    public async Task Part_that_was_not_requested_is_continued()
    {
        using var server = new OddServer(
            OddServer.Response(
                $"206 Partial Content\n{Tagged}\nContent-Range: bytes 0-299999/{EndlessVideo.Length}\nContent-Length: 300000",
                EndlessVideo[..300_000]),
            OddServer.Part(Tagged, EndlessVideo, 298_976));

        await AssertVideoAsync(await DownloadAsync(server), EndlessVideo);

        Assert.Contains("Range: bytes=298976-", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Part_that_is_too_long_is_not_joined()
    {
        byte[] rest = [.. EndlessVideo[298_976..], .. new byte[5000]];
        using var server = new OddServer(
            OddServer.Response($"200 OK\n{Tagged}\nContent-Length: {EndlessVideo.Length}", EndlessVideo[..300_000]),
            OddServer.Response(
                $"206 Partial Content\n{Tagged}\nContent-Length: {rest.Length}\n"
                    + $"Content-Range: bytes 298976-{EndlessVideo.Length - 1}/{EndlessVideo.Length}",
                rest),
            OddServer.Response($"200 OK\n{Tagged}\nContent-Length: {EndlessVideo.Length}", EndlessVideo));

        await AssertVideoAsync(await DownloadAsync(server), EndlessVideo);

        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData("ETag: \"a\"", "X: no tag")]
    [InlineData("ETag: \"a\"", "ETag: \"b\"")]
    [InlineData("ETag: \"a\"", "ETag: W/\"a\"")]
    [InlineData("ETag: \"a\"", "ETag: \"a\"\nContent-Encoding: gzip")]
    [InlineData(
        "Last-Modified: Fri, 20 Nov 2026 01:00:00 GMT\nDate: Sat, 21 Nov 2026 01:00:01 GMT",
        "Last-Modified: Sat, 21 Nov 2026 01:00:00 GMT\nDate: Sat, 21 Nov 2026 01:00:01 GMT")]
    public async Task Part_of_a_possibly_different_version_is_not_joined(string first, string second)
    {
        var other = (byte[])Video.Clone();
        other[^1] ^= 1;
        using var server = new OddServer(
            OddServer.Response($"200 OK\n{Mp4}\n{first}\nContent-Length: {Length}", Video[..300_000]),
            OddServer.Part($"{Mp4}\n{second}", other, 298_976),
            OddServer.Response(
                $"200 OK\n{Mp4}\n{second}\nContent-Length: {Length}".Replace("\nContent-Encoding: gzip", "", StringComparison.Ordinal),
                other));

        await AssertVideoAsync(await DownloadAsync(server), other);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Error_with_a_truncated_message_is_retried()
    {
        using var server = new OddServer(
            OddServer.Response($"503 Busy\nContent-Type: text/plain\nContent-Length: 1000", "a while"u8.ToArray()),
            OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {Length}", Video));

        await AssertVideoAsync(await DownloadAsync(server));
    }

    [Theory]
    [InlineData("//")]
    [InlineData("http://[")]
    [InlineData("http:")]
    public async Task Redirect_to_an_address_that_is_not_valid_is_an_error(string location)
    {
        using var server = new OddServer(OddServer.Response($"302 Found\nLocation: {location}\nContent-Length: 0"));

        await Assert.ThrowsAnyAsync<Sora2Exception>(() => DownloadAsync(server));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("gone\n")]
    public async Task Short_text_is_reported_and_the_partial_file_is_kept(string text)
    {
        using var server = new OddServer(
            OddServer.Response($"200 OK\n{Tagged}\nContent-Length: {Length}", Video[..300_000]),
            OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {text.Length}", Encoding.ASCII.GetBytes(text)),
            OddServer.Part(Tagged, Video, 298_976));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server));
        Assert.Contains(": " + text.Trim(), error.Message, StringComparison.Ordinal);
        Assert.Equal(text, error.RawBody);

        await AssertVideoAsync(await DownloadAsync(server));
    }

    [Fact]
    public async Task Host_that_closes_every_connection_uses_no_retries_while_bytes_arrive()
    {
        var responses = Enumerable.Range(0, 7).Select(i =>
        {
            var from = i == 0 ? 0 : (i * 100_000) - 1024;
            return OddServer.Part(Tagged, Video, from, Video[from..Math.Min((i + 1) * 100_000, Video.Length)]);
        });
        using var server = new OddServer([.. responses]);

        await AssertVideoAsync(await DownloadAsync(server, configure: options => options.DownloadRetries = 1));

        Assert.Equal(7, server.Requests.Count);
    }

    [Fact]
    public async Task Key_that_the_host_echoes_is_redacted()
    {
        using var server = new OddServer(OddServer.Response(
            "403 Forbidden\nContent-Type: text/plain\nContent-Length: 40", "the key my-own-kind-of-key is no good.   "u8.ToArray()));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(
            server,
            configure: options => (options.ApiKey, options.BaseAddress) = ("my-own-kind-of-key", new Uri(server.Address, "/v1"))));

        Assert.Contains("Authorization: Bearer my-own-kind-of-key", server.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("my-own", error + error.RawBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_that_a_handler_follows_itself_is_refused()
    {
        using var media = new OddServer(OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {Length}", Video));
        using var api = new OddServer(OddServer.Response($"302 Found\nLocation: {media.Address}\nContent-Length: 0"));
        using var following = new Following { InnerHandler = new SocketsHttpHandler() };
        var client = Client(
            "juxin",
            options => (options.BaseAddress, options.AllowPrivateNetworkDownloads) = (new Uri(api.Address, "/"), false),
            following);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.DownloadAsync(TaskAt(api.Address), Target, cancellationToken: Token));

        Assert.Contains("redirect", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Cancellation_by_the_destination_is_a_write_error()
    {
        using var server = new OddServer(OddServer.Response($"200 OK\n{Tagged}\nContent-Length: {Length}", Video));
        using var gone = new GoneStream();

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => Client("juxin").Videos.DownloadAsync(TaskAt(server.Address), gone, cancellationToken: Token));

        Assert.Contains("The browser is gone.", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Exception_of_the_callers_progress_is_not_wrapped()
    {
        using var server = new OddServer(OddServer.Response($"200 OK\n{Tagged}\nContent-Length: {Length}", Video));

        var progress = new SyncProgress<DownloadProgress>(_ => throw new IOException("The console is gone"));
        var error = await Assert.ThrowsAsync<IOException>(
            () => Client("juxin").Videos.DownloadAsync(TaskAt(server.Address), Target, progress: progress, cancellationToken: Token));

        Assert.Equal("The console is gone", error.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Files_of_other_programs_are_kept()
    {
        using var server = new OddServer(OddServer.Response("404 Not Found\nContent-Length: 0"));
        await File.WriteAllTextAsync(Target + ".partial", "somebody else's", Token);
        await File.WriteAllTextAsync(Target + ".partial.json", "and this", Token);

        await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server));

        Assert.Equal("somebody else's", await File.ReadAllTextAsync(Target + ".partial", Token));
        Assert.Equal("and this", await File.ReadAllTextAsync(Target + ".partial.json", Token));
    }

    [Fact]
    public async Task File_name_that_is_too_long_is_refused_before_any_request()
    {
        using var server = new OddServer(OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {Length}", Video));

        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => DownloadAsync(server, Path.Combine(Folder, new string('x', 260) + ".mp4")));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Part_of_an_image_is_refused()
    {
        using var server = new OddServer(OddServer.Response(
            "206 Partial Content\nContent-Type: image/png\nContent-Range: bytes 0-77/9999\nContent-Length: 78", TinyImages.Png));

        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => Client("juxin").Videos.CreateAsync(ThreeShots(ImageInput.FromUrl(server.Address)), Token));

        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Concurrent_writers_never_leave_a_truncated_file()
    {
        using var server = new OddServer(OddServer.Response($"200 OK\n{Tagged}\nContent-Length: {Length}", Video));
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

    private async Task AssertVideoAsync(DownloadedVideo video, byte[]? expected = null)
    {
        expected ??= Video;
        Assert.Equal(expected, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal((expected.Length, await DigestAsync(Target)), (video.Length, video.Sha256));
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
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new TaskCanceledException("The browser is gone");
    }
}
