using System.Globalization;
using System.Text;
using static Sora2.Sdk.IntegrationTests.Downloads.Boxes;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>A video that was cut in good order is not taken for whole, and one that is whole is not refused for how it came.</summary>
public sealed class WholeVideoTests : DownloadTest
{
    private const string Mp4 = "Content-Type: video/mp4";

    private static readonly byte[] Start = [.. Box("ftyp", 20), .. Box("moov", 192)];
    private static readonly byte[] Plain = [.. Start, .. Box("mdat", 300_000)];
    private static readonly byte[] Open = [.. Start, .. Box("mdat", 100_000, size: 0)];
    private static readonly byte[] Fragmented = [.. Start, .. Enumerable.Range(0, 20).SelectMany(i => (byte[])[.. Box("moof", 60), .. Box("mdat", 5000 + i)])];
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
    public async Task A_body_without_a_length_that_was_cut_in_good_order_is_fetched_anew(string what, byte[] video, int cut)
    {
        Assert.NotEmpty(what);
        using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}", video[..cut]), OddServer.Answer($"200 OK\n{Mp4}", video));

        await AssertSavedAsync(server, video);
    }

    [Theory]
    [MemberData(nameof(Cuts), DisableDiscoveryEnumeration = true)]
    public async Task So_it_is_if_the_host_can_say_what_follows(string what, byte[] video, int cut)
    {
        Assert.NotEmpty(what);
        var rest = Math.Max(0, cut - 1024);
        using var server = new OddServer(
            OddServer.Answer($"200 OK\n{Mp4}", video[..cut]),
            what == "before the media" ? OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {video.Length}", video) : OddServer.Answer($"206 Partial Content\n{Mp4}\nContent-Range: bytes {rest}-{video.Length - 1}/{video.Length}\nContent-Length: {video.Length - rest}", video[rest..]),
            OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {video.Length}", video));

        await AssertSavedAsync(server, video);
    }

    [Fact]
    public async Task Each_end_that_may_be_one_and_is_the_same_twice_counts()
    {
        foreach (var video in (byte[][])[Open, Fragmented, WithRest])
        {
            using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}", video));

            await AssertSavedAsync(server, video);

            Assert.Equal(2, server.Asked.Count);
        }
    }

    [Fact]
    public async Task A_stream_is_asked_about_once_more_as_well()
    {
        using var whole = new OddServer(OddServer.Answer($"200 OK\n{Mp4}", Open));
        using var cut = new OddServer(OddServer.Answer($"200 OK\n{Mp4}", Open[..50_000]), OddServer.Answer($"200 OK\n{Mp4}", Open));
        using var stream = new MemoryStream();

        await Client("juxin").Videos.DownloadAsync(TaskAt(whole.Address), stream, cancellationToken: Token);
        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(TaskAt(cut.Address), new MemoryStream(), cancellationToken: Token));

        Assert.Equal(Open, stream.ToArray());
        Assert.Contains("download again into a new one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_video_of_known_boxes_costs_one_request()
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}", Plain));

        await AssertSavedAsync(server, Plain);

        Assert.Contains("Accept-Encoding: identity", Assert.Single(server.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_that_is_too_short_for_fragments_shows_in_what_follows()
    {
        var rest = FifthPair - 1024;
        using var server = new OddServer(
            OddServer.Answer($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {FifthPair}", Fragmented),
            OddServer.Answer($"206 Partial Content\n{Mp4}\nETag: \"a\"\nContent-Range: bytes {rest}-{Fragmented.Length - 1}/{Fragmented.Length}\nContent-Length: {Fragmented.Length - rest}", Fragmented[rest..]),
            OddServer.Answer($"200 OK\n{Mp4}\nETag: \"a\"\nContent-Length: {Fragmented.Length}", Fragmented),
            OddServer.Answer($"416 Range Not Satisfiable\nContent-Range: bytes */{Fragmented.Length}\nContent-Length: 0"));

        await AssertSavedAsync(server, Fragmented);

        Assert.Equal(4, server.Asked.Count);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Range: bytes={rest}-"), server.Asked[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("416 Range Not Satisfiable")]
    [InlineData("403 Forbidden")]
    [InlineData("404 Not Found")]
    [InlineData("500 Oops")]
    [InlineData("no answer")]
    public async Task Fragments_of_an_announced_length_are_whole_whatever_is_said_to_a_second_question(string status)
    {
        using var server = new OddServer(
            OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {Fragmented.Length}", Fragmented),
            status == "no answer" ? [] : OddServer.Answer($"{status}\nContent-Length: 0"));

        await AssertSavedAsync(server, Fragmented);
    }

    [Fact]
    public async Task A_part_that_is_refused_without_a_length_proves_nothing()
    {
        using var server = new OddServer(
            OddServer.Answer($"200 OK\n{Mp4}", Fragmented[..FifthPair]),
            OddServer.Answer("416 Range Not Satisfiable\nContent-Length: 0"),
            OddServer.Answer($"200 OK\n{Mp4}", Fragmented),
            OddServer.Answer($"200 OK\n{Mp4}", Fragmented),
            OddServer.Answer("416 Range Not Satisfiable\nContent-Length: 0"),
            OddServer.Answer($"200 OK\n{Mp4}", Fragmented));

        await AssertSavedAsync(server, Fragmented);

        Assert.Equal(6, server.Asked.Count);
    }

    [Fact]
    public async Task A_page_behind_an_empty_box_is_no_video()
    {
        using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}", [.. Box("ftyp", 20), .. Box("moov", 0, size: 0), .. "<html>gone</html>"u8]));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(TaskAt(server.Address)));

        Assert.Contains("not a whole MP4. It came twice like this.", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Every_way_to_mark_the_end_of_a_body_is_taken()
    {
        byte[] chunked = [.. Encoding.ASCII.GetBytes($"{Plain.Length:x}\r\n"), .. Plain, .. "\r\n0\r\n\r\n"u8];
        using var cut = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nTransfer-Encoding: chunked", chunked[..^5]), OddServer.Answer($"200 OK\n{Mp4}\nTransfer-Encoding: chunked", chunked));
        using var packed = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nContent-Encoding: gzip", Gzip(Plain)));

        await AssertSavedAsync(cut, Plain);
        await AssertSavedAsync(packed, Plain);

        Assert.Equal((2, 1), (cut.Asked.Count, packed.Asked.Count));
    }

    public static TheoryData<string, byte[]> Saved => new()
    {
        { "zeros behind", WithRest },
        { "a line break behind", [.. Plain, .. "\n"u8] },
        { "the end of a form behind", [.. Plain, .. "\r\n--x"u8] },
        { "skip before ftyp", [.. Box("skip", 8), .. Plain] },
        { "styp before ftyp", [.. Box("styp", 8), .. Plain] },
        { "QuickTime without ftyp", [.. Box("free", 20), .. Plain[28..]] },
        { "media first", [.. Box("ftyp", 20), .. Box("mdat", 9000), .. Box("moov", 192)] },
    };

    [Theory]
    [MemberData(nameof(Saved), DisableDiscoveryEnumeration = true)]
    public async Task Whole_in_another_order_or_with_something_behind_it_is_saved(string what, byte[] video)
    {
        Assert.NotEmpty(what);
        using var server = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {video.Length}", video));

        await AssertSavedAsync(server, video);

        Assert.Single(server.Asked);
    }

    [Theory]
    [InlineData("Content-Range: bytes 0-{last}/*")]
    [InlineData("Content-Range: bytes 0-{last}/*\nContent-Length: {length}")]
    [InlineData("Content-Range: bytes 0-{last}/{length}")]
    [InlineData("Content-Length: {length}")]
    [InlineData("X: neither")]
    public async Task All_of_it_is_taken_though_it_is_called_a_part(string headers)
    {
        headers = headers.Replace("{last}", $"{Plain.Length - 1}", StringComparison.Ordinal).Replace("{length}", $"{Plain.Length}", StringComparison.Ordinal);
        using var server = new OddServer(OddServer.Answer($"206 Partial Content\n{Mp4}\n{headers}", Plain));

        await AssertSavedAsync(server, Plain);

        Assert.Single(server.Asked);
    }

    [Theory]
    [InlineData("Content-Type: multipart/byteranges; boundary=x")]
    [InlineData(Mp4 + "\nContent-Range: bytes 100-300235/300236")]
    public async Task What_is_a_part_or_several_is_not_taken_for_all(string headers)
    {
        using var server = new OddServer(
            OddServer.Answer($"206 Partial Content\n{headers}", "--x\r\n\r\n"u8.ToArray(), Plain, "\r\n--x--"u8.ToArray()),
            OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {Plain.Length}", Plain));

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
    public async Task A_video_that_is_not_ready_yet_is_asked_for_again(string status, string body)
    {
        using var server = new OddServer(
            OddServer.Answer($"{status}\nContent-Type: application/json{(body.Length == 0 ? "" : $"\nContent-Length: {body.Length}")}", Encoding.UTF8.GetBytes(body)),
            OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {Plain.Length}", Plain));

        await AssertSavedAsync(server, Plain);

        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task Not_modified_is_not_told_as_a_redirect()
    {
        using var server = new OddServer(OddServer.Answer("304 Not Modified"));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(TaskAt(server.Address), configure: options => options.DownloadRetries = 0));

        Assert.Contains("answered 304.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("redirect", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_names_the_video_is_followed_once_and_without_the_key()
    {
        using var video = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {Plain.Length}", Plain));
        var json = $$"""{"id":"v","status":"completed","url":"{{video.Address}}"}""";
        using var api = new OddServer(OddServer.Answer($"200 OK\nContent-Type: application/json\nContent-Length: {json.Length}", Encoding.UTF8.GetBytes(json)));

        await AssertSavedAsync(api, Plain, options => options.BaseAddress = new Uri(api.Address, "/"));

        Assert.Contains("Authorization", Assert.Single(api.Asked), StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", Assert.Single(video.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_media_host_that_names_the_api_gets_no_key_sent_there()
    {
        using var api = new OddServer(OddServer.Answer($"200 OK\n{Mp4}\nContent-Length: {Plain.Length}", Plain));
        var json = $$"""{"video_url":"{{api.Address}}"}""";
        using var media = new OddServer(OddServer.Answer($"200 OK\nContent-Length: {json.Length}", Encoding.UTF8.GetBytes(json)));

        await AssertSavedAsync(media, Plain, options => options.BaseAddress = new Uri(api.Address, "/"));

        Assert.DoesNotContain("Authorization", Assert.Single(api.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_that_name_each_other_come_to_an_end()
    {
        var json = """{"id":"v","status":"completed","url":"/another"}""";
        using var server = new OddServer(OddServer.Answer($"200 OK\nContent-Length: {json.Length}", Encoding.UTF8.GetBytes(json)));

        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(TaskAt(server.Address)));

        Assert.Contains("text instead of a video", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Asked.Count);
    }

    [Theory]
    [InlineData("401 Unauthorized", """{"error":"token out of date"}""")]
    [InlineData("400 Bad Request", "<Error><Code>ExpiredToken</Code></Error>")]
    [InlineData("400 Bad Request", "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")]
    public async Task A_link_that_is_too_old_is_replaced(string status, string body)
    {
        var task = await FinishedAsync();
        using var old = new OddServer(OddServer.Answer($"{status}\nContent-Length: {body.Length}", Encoding.UTF8.GetBytes(body)));

        await AssertWholeAsync(await DownloadAsync(task with { VideoUrl = old.Address }), task);

        Assert.Single(old.Asked);
    }

    private static VideoTask TaskAt(Uri url) => new() { Platform = "elsewhere", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = url };

    private Task<DownloadedVideo> DownloadAsync(VideoTask task, Action<Sora2ClientOptions>? configure = null) =>
        Client("juxin", configure).Videos.DownloadAsync(task, Target, cancellationToken: Token);

    private async Task AssertSavedAsync(OddServer server, byte[] expected, Action<Sora2ClientOptions>? configure = null)
    {
        await DownloadAsync(TaskAt(server.Address), configure);
        Assert.Equal(expected, await File.ReadAllBytesAsync(Target, Token));
        Assert.Equal([Target], Directory.GetFiles(Folder));
        File.Delete(Target);
    }
}
