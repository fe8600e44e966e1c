using System.Net.Http.Headers;
using System.Text;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class MediaTests : SimulatorHttpTest
{
    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Finished_video_is_an_mp4_with_its_index_in_front(string platform)
    {
        var link = await FinishedVideoAsync(platform);

        var video = await SendAsync(HttpMethod.Get, link);

        Assert.Equal((200, "video/mp4"), (video.Status, video.ContentHeaders.ContentType!.MediaType));
        Assert.Equal(video.Bytes.Length, video.ContentHeaders.ContentLength);
        Assert.Equal("bytes", Assert.Single(video.Headers.AcceptRanges));
        Assert.Equal("ftyp", Encoding.ASCII.GetString(video.Bytes, 4, 4));
        Assert.InRange(video.Bytes.AsSpan().IndexOf("moov"u8), 0, video.Bytes.AsSpan().IndexOf("mdat"u8));
        Assert.Equal(Simulator.MediaBaseAddress.Port, link.Port);
        Assert.Equal("media", Simulator.Ledger.Requests[^1].Platform);
    }

    [Fact]
    public async Task Video_has_the_requested_length_and_orientation()
    {
        var sizes = new HashSet<int>();
        string[] lengths = ["10", "15", "25"];
        foreach (var (seconds, ratio) in lengths.SelectMany(seconds => new[] { (seconds, "16:9"), (seconds, "9:16") }))
        {
            var body = $$"""{"model":"sora-2-pro","prompt":"x","aspect_ratio":"{{ratio}}","duration":"{{seconds}}"}""";
            var id = (await PostAsync("zhenzhen", "/v2/videos/generations", body)).TaskId;
            Clock.Advance(TimeSpan.FromSeconds(270));
            var video = (await SendAsync(HttpMethod.Get, LinkIn(await QueryAsync("zhenzhen", id)))).Bytes;

            Assert.Equal(double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), Mp4.Seconds(video));
            Assert.Equal(ratio == "16:9", Mp4.Width(video) > Mp4.Height(video));
            sizes.Add(video.Length);
        }

        Assert.Equal(6, sizes.Count);
    }

    [Theory]
    [InlineData("bytes=0-99", 0, 99)]
    [InlineData("bytes=100-", 100, -1)]
    [InlineData("bytes=-50", -50, -1)]
    [InlineData("bytes=100-99999999", 100, -1)]
    public async Task Range_returns_that_part(string range, int from, int to)
    {
        var link = await FinishedVideoAsync();
        var whole = (await SendAsync(HttpMethod.Get, link)).Bytes;
        from = from < 0 ? whole.Length + from : from;
        to = to < 0 ? whole.Length - 1 : to;

        var part = await SendAsync(HttpMethod.Get, link, headers: headers => headers.TryAddWithoutValidation("Range", range));

        Assert.Equal(206, part.Status);
        Assert.Equal(whole[from..(to + 1)], part.Bytes);
        Assert.Equal($"bytes {from}-{to}/{whole.Length}", part.ContentHeaders.ContentRange!.ToString());
    }

    [Fact]
    public async Task Range_beyond_the_end_is_not_satisfiable()
    {
        var link = await FinishedVideoAsync();

        var reply = await SendAsync(HttpMethod.Get, link, headers: headers => headers.Range = new RangeHeaderValue(100_000_000, null));

        Assert.Equal(416, reply.Status);
        Assert.StartsWith("bytes */", reply.ContentHeaders.ContentRange!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 206)]
    [InlineData(false, 200)]
    public async Task If_range_decides_between_the_part_and_the_complete_file(bool same, int status)
    {
        var link = await FinishedVideoAsync();
        var tag = (await SendAsync(HttpMethod.Get, link)).Headers.ETag!;

        var reply = await SendAsync(HttpMethod.Get, link, headers: headers =>
        {
            headers.Range = new RangeHeaderValue(10, null);
            headers.IfRange = new RangeConditionHeaderValue(same ? tag : new EntityTagHeaderValue("\"other\""));
        });

        Assert.Equal(status, reply.Status);
    }

    [Fact]
    public async Task Head_request_gets_the_length_and_no_body()
    {
        var link = await FinishedVideoAsync();

        var reply = await SendAsync(HttpMethod.Head, link);

        Assert.Equal(200, reply.Status);
        Assert.NotEqual(0, reply.ContentHeaders.ContentLength);
        Assert.Empty(reply.Bytes);
    }

    [Fact]
    public async Task Request_with_the_key_is_refused_and_recorded()
    {
        var link = await FinishedVideoAsync();

        var bearer = await SendAsync(HttpMethod.Get, link, key: Simulator.ApiKey);
        var other = await SendAsync(HttpMethod.Get, link, key: "another");
        var header = await SendAsync(HttpMethod.Get, link, headers: headers => headers.Add("X-Api-Key", Simulator.ApiKey));
        var query = await SendAsync(HttpMethod.Get, new Uri($"{link}&key={Simulator.ApiKey}"));

        Assert.All([bearer, other, header, query], reply => Assert.Equal(403, reply.Status));
        var entries = Simulator.Ledger.Of(SimulatorOperation.Media);
        Assert.Equal([true, false, true, true], entries.Select(entry => entry.CarriedKey));
        Assert.All(entries, entry =>
        {
            var recorded = string.Join('\n', entry.Headers.Values) + entry.PathAndQuery;
            Assert.DoesNotContain(Simulator.ApiKey, recorded, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Link_works_only_with_its_signature_and_until_it_expires()
    {
        var link = await FinishedVideoAsync();

        Assert.Equal(403, (await SendAsync(HttpMethod.Get, new Uri(link, link.AbsolutePath))).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Get, new Uri(link, "/videos/other.mp4"))).Status);
        Assert.Equal(405, (await SendAsync(HttpMethod.Post, link)).Status);
        Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(403, (await SendAsync(HttpMethod.Get, link)).Status);
    }
}
