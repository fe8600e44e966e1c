using System.Globalization;
using System.Text;
using static Sora2.Sdk.IntegrationTests.Downloads.Boxes;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>A truncated video is never accepted, and a complete one is accepted however it was sent.</summary>
public sealed class WholeVideoTests : DownloadTest
{
    private const string Mp4 = "Content-Type: video/mp4";

    private static readonly byte[] Start = [.. Box("ftyp", 20), .. Box("moov", 192)];
    private static readonly byte[] Plain = [.. Start, .. Box("mdat", 300_000)];
    private static readonly byte[] Open = [.. Start, .. Box("mdat", 100_000, size: 0)];
    private static readonly byte[] Fragmented =
        [.. Start, .. Enumerable.Range(0, 20).SelectMany(i => (byte[])[.. Box("moof", 60), .. Box("mdat", 5000 + i)])];

    private static readonly int FifthPair = Start.Length + Enumerable.Range(0, 5).Sum(i => 68 + 8 + 5000 + i);
    private static readonly byte[] WithRest = [.. Plain, 0, 0, 0, 0];

    public static TheoryData<string, byte[], int> Cuts => new()
    {
        { "media to the end", Open, 50_000 },
        { "fragments", Fragmented, FifthPair },
        { "before the media", Plain, Start.Length },
        { "a rest that is no box", WithRest, WithRest.Length - 2 },
    };

    [Theory]
    [MemberData(nameof(Cuts), DisableDiscoveryEnumeration = true)]
    public async Task Truncated_body_without_a_length_is_downloaded_again(string what, byte[] video, int cut)
    {
        Assert.NotEmpty(what);
        using var server = new OddServer(OddServer.Response($"200 OK\n{Mp4}", video[..cut]), OddServer.Response($"200 OK\n{Mp4}", video));

        await AssertSavedAsync(server, video);
    }

    [Theory]
    [MemberData(nameof(Cuts), DisableDiscoveryEnumeration = true)]
    public async Task Truncated_body_is_downloaded_again_if_the_host_announces_what_follows(string what, byte[] video, int cut)
    {
        Assert.NotEmpty(what);
        var rest = Math.Max(0, cut - 1024);
        using var server = new OddServer(
            OddServer.Response($"200 OK\n{Mp4}", video[..cut]),
            what == "before the media"
                ? OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {video.Length}", video)
                : OddServer.Part(Mp4, video, rest),
            OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {video.Length}", video));

        await AssertSavedAsync(server, video);
    }

    [Fact]
    public async Task Uncertain_end_that_is_the_same_twice_is_accepted()
    {
        foreach (var video in (byte[][])[Open, Fragmented, WithRest])
        {
            using var server = new OddServer(OddServer.Response($"200 OK\n{Mp4}", video));

            await AssertSavedAsync(server, video);

            Assert.Equal(2, server.Requests.Count);
        }
    }

    [Fact]
    public async Task Uncertain_end_is_requested_again_for_a_stream_as_well()
    {
        using var whole = new OddServer(OddServer.Response($"200 OK\n{Mp4}", Open));
        using var cut = new OddServer(
            OddServer.Response($"200 OK\n{Mp4}", Open[..50_000]), OddServer.Response($"200 OK\n{Mp4}", Open));
        using var stream = new MemoryStream();

        await Client("juxin").Videos.DownloadAsync(TaskAt(whole.Address), stream, cancellationToken: Token);
        var error = await Assert.ThrowsAsync<DownloadException>(
            () => Client("juxin").Videos.DownloadAsync(TaskAt(cut.Address), new MemoryStream(), cancellationToken: Token));

        Assert.Equal(Open, stream.ToArray());
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Complete_video_of_known_boxes_takes_one_request()
    {
        using var server = new OddServer(OddServer.Response($"200 OK\n{Mp4}", Plain));

        await AssertSavedAsync(server, Plain);

        Assert.Contains("Accept-Encoding: identity", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fragments_after_the_announced_length_are_found()
    {
        var rest = FifthPair - 1024;
        using var server = new OddServer(
            OddServer.Response($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {FifthPair}", Fragmented),
            OddServer.Part($"{Mp4}\nETag: \"a\"", Fragmented, rest),
            OddServer.Response($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {Fragmented.Length}", Fragmented),
            OddServer.Response($"416 Range Not Satisfiable\nContent-Range: bytes */{Fragmented.Length}\nContent-Length: 0"));

        await AssertSavedAsync(server, Fragmented);

        Assert.Equal(4, server.Requests.Count);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Range: bytes={rest}-"), server.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("416 Range Not Satisfiable")]
    [InlineData("403 Forbidden")]
    [InlineData("404 Not Found")]
    [InlineData("500 Oops")]
    [InlineData("no response")]
    public async Task Fragments_of_an_announced_length_are_accepted_after_any_refusal_of_the_second_request(string status)
    {
        using var server = new OddServer(
            OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {Fragmented.Length}", Fragmented),
            status == "no response" ? [] : OddServer.Response($"{status}\nContent-Length: 0"));

        await AssertSavedAsync(server, Fragmented);
    }

    [Fact]
    public async Task Refusal_of_a_part_without_a_length_proves_nothing()
    {
        using var server = new OddServer(
            OddServer.Response($"200 OK\n{Mp4}", Fragmented[..FifthPair]),
            OddServer.Response("416 Range Not Satisfiable\nContent-Length: 0"),
            OddServer.Response($"200 OK\n{Mp4}", Fragmented),
            OddServer.Response($"200 OK\n{Mp4}", Fragmented),
            OddServer.Response("416 Range Not Satisfiable\nContent-Length: 0"),
            OddServer.Response($"200 OK\n{Mp4}", Fragmented));

        await AssertSavedAsync(server, Fragmented);

        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Web_page_after_an_empty_box_is_no_video()
    {
        byte[] page = [.. Box("ftyp", 20), .. Box("moov", 0, size: 0), .. "<html>gone</html>"u8];
        using var server = new OddServer(OddServer.Response($"200 OK\n{Mp4}", page));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server));

        Assert.Contains("not a complete MP4", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Chunked_and_compressed_bodies_are_accepted()
    {
        byte[] chunked = [.. Encoding.ASCII.GetBytes($"{Plain.Length:x}\r\n"), .. Plain, .. "\r\n0\r\n\r\n"u8];
        using var cut = new OddServer(
            OddServer.Response($"200 OK\n{Mp4}\nTransfer-Encoding: chunked", chunked[..^5]),
            OddServer.Response($"200 OK\n{Mp4}\nTransfer-Encoding: chunked", chunked));
        using var packed = new OddServer(OddServer.Response($"200 OK\n{Mp4}\nContent-Encoding: gzip", Gzip(Plain)));

        await AssertSavedAsync(cut, Plain);
        await AssertSavedAsync(packed, Plain);

        Assert.Equal((2, 1), (cut.Requests.Count, packed.Requests.Count));
    }

    public static TheoryData<string, byte[]> Saved => new()
    {
        { "zeros at the end", WithRest },
        { "a line break at the end", [.. Plain, .. "\n"u8] },
        { "the end of a form at the end", [.. Plain, .. "\r\n--x"u8] },
        { "skip before ftyp", [.. Box("skip", 8), .. Plain] },
        { "styp before ftyp", [.. Box("styp", 8), .. Plain] },
        { "QuickTime without ftyp", [.. Box("free", 20), .. Plain[28..]] },
        { "media first", [.. Box("ftyp", 20), .. Box("mdat", 9000), .. Box("moov", 192)] },
    };

    [Theory]
    [MemberData(nameof(Saved), DisableDiscoveryEnumeration = true)]
    public async Task Complete_video_with_unusual_boxes_is_accepted(string what, byte[] video)
    {
        Assert.NotEmpty(what);
        using var server = new OddServer(OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {video.Length}", video));

        await AssertSavedAsync(server, video);

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("Content-Range: bytes 0-{last}/*")]
    [InlineData("Content-Range: bytes 0-{last}/*\nContent-Length: {length}")]
    [InlineData("Content-Range: bytes 0-{last}/{length}")]
    [InlineData("Content-Length: {length}")]
    [InlineData("X: neither")]
    public async Task Complete_video_with_status_206_is_accepted(string headers)
    {
        headers = headers
            .Replace("{last}", $"{Plain.Length - 1}", StringComparison.Ordinal)
            .Replace("{length}", $"{Plain.Length}", StringComparison.Ordinal);
        using var server = new OddServer(OddServer.Response($"206 Partial Content\n{Mp4}\n{headers}", Plain));

        await AssertSavedAsync(server, Plain);

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("Content-Type: multipart/byteranges; boundary=x")]
    [InlineData(Mp4 + "\nContent-Range: bytes 100-300235/300236")]
    public async Task Later_part_or_several_parts_are_not_accepted_as_the_video(string headers)
    {
        using var server = new OddServer(
            OddServer.Response($"206 Partial Content\n{headers}", "--x\r\n\r\n"u8.ToArray(), Plain, "\r\n--x--"u8.ToArray()),
            OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {Plain.Length}", Plain));

        await AssertSavedAsync(server, Plain);
    }

    [Theory]
    [InlineData("409 Conflict", """{"error":{"message":"Video is not ready yet"}}""")]
    [InlineData("425 Too Early", "")]
    [InlineData("202 Accepted", """{"status":"processing"}""")]
    [InlineData("204 No Content", "")]
    [InlineData("304 Not Modified", "")]
    [InlineData("400 Bad Request", """{"error":{"message":"The video is not ready"}}""")]
    [InlineData("200 OK", """{"id":"t","status":"in_progress","progress":90}""")]
    [InlineData("200 OK", "Video is still processing")]
    public async Task Video_that_is_not_ready_is_requested_again(string status, string body)
    {
        var length = body.Length == 0 ? "" : $"\nContent-Length: {body.Length}";
        using var server = new OddServer(
            OddServer.Response($"{status}\nContent-Type: application/json{length}", Encoding.UTF8.GetBytes(body)),
            OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {Plain.Length}", Plain));

        await AssertSavedAsync(server, Plain);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Not_modified_is_not_reported_as_a_redirect()
    {
        using var server = new OddServer(OddServer.Response("304 Not Modified"));

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => DownloadAsync(server, configure: options => options.DownloadRetries = 0));

        Assert.Contains("304", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("redirect", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_in_a_response_is_followed_without_the_key()
    {
        using var video = new OddServer(OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {Plain.Length}", Plain));
        var json = $$"""{"id":"v","status":"completed","url":"{{video.Address}}"}""";
        using var api = new OddServer(OddServer.Response(
            $"200 OK\nContent-Type: application/json\nContent-Length: {json.Length}", Encoding.UTF8.GetBytes(json)));

        await AssertSavedAsync(api, Plain, options => options.BaseAddress = new Uri(api.Address, "/"));

        Assert.Contains("Authorization", Assert.Single(api.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", Assert.Single(video.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_to_the_api_in_a_response_of_a_media_host_is_followed_without_the_key()
    {
        using var api = new OddServer(OddServer.Response($"200 OK\n{Mp4}\nContent-Length: {Plain.Length}", Plain));
        var json = $$"""{"video_url":"{{api.Address}}"}""";
        using var media = new OddServer(OddServer.Response($"200 OK\nContent-Length: {json.Length}", Encoding.UTF8.GetBytes(json)));

        await AssertSavedAsync(media, Plain, options => options.BaseAddress = new Uri(api.Address, "/"));

        Assert.DoesNotContain("Authorization", Assert.Single(api.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_in_a_response_is_followed_once()
    {
        var json = """{"id":"v","status":"completed","url":"/another"}""";
        using var server = new OddServer(OddServer.Response($"200 OK\nContent-Length: {json.Length}", Encoding.UTF8.GetBytes(json)));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(server));

        Assert.False(error.IsTransient);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("401 Unauthorized", """{"error":"token out of date"}""")]
    [InlineData("400 Bad Request", "<Error><Code>ExpiredToken</Code></Error>")]
    [InlineData("400 Bad Request", "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")]
    public async Task Link_that_has_expired_is_replaced(string status, string body)
    {
        var task = await FinishedAsync();
        using var old = new OddServer(OddServer.Response($"{status}\nContent-Length: {body.Length}", Encoding.UTF8.GetBytes(body)));

        await AssertWholeAsync(await DownloadAsync(task with { VideoUrl = old.Address }), task);

        Assert.Single(old.Requests);
    }

    private async Task AssertSavedAsync(OddServer server, byte[] expected, Action<Sora2ClientOptions>? configure = null)
    {
        await DownloadAsync(server, configure: configure);
        Assert.Equal(expected, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal([Target], Directory.GetFiles(Folder));
        File.Delete(Target);
    }
}
