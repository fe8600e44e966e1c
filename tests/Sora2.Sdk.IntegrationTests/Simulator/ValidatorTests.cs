using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The validators and the hash of a file: <c>ETag</c>, <c>Last-Modified</c> and SHA-256.</summary>
public sealed class ValidatorTests : SimulatorHttpTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1_000_003)]
    public async Task Hash_of_a_video_is_available_without_downloading_it(long bytes)
    {
        await using var simulator = await Sora2Simulator.StartAsync(
            new() { TaskDuration = TimeSpan.Zero, MinimumVideoBytes = bytes },
            Cancellation);
        var (id, link) = await FinishedOnAsync(simulator);

        var video = (await SendAsync(HttpMethod.Get, link)).Bytes;

        Assert.Equal(video.Length, simulator.VideoBytes(id));
        Assert.Equal(Sha256(video), await simulator.VideoSha256Async(id, Cancellation));
    }

    [Fact]
    public async Task Unknown_task_has_no_hash()
    {
        var error = await Assert.ThrowsAsync<KeyNotFoundException>(() => Simulator.VideoSha256Async("unknown-task", Cancellation));

        Assert.Contains("unknown-task", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Video_has_a_last_modified_well_before_the_date_of_the_response()
    {
        var link = await FinishedVideoAsync();

        var first = await SendAsync(HttpMethod.Get, link);
        Clock.Advance(TimeSpan.FromHours(1));
        var second = await SendAsync(HttpMethod.Get, link);

        Assert.Equal(Clock.GetUtcNow(), second.Headers.Date);
        Assert.InRange(first.ContentHeaders.LastModified!.Value, DateTimeOffset.MinValue, first.Headers.Date!.Value.AddMinutes(-1));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(first.ContentHeaders.LastModified, second.ContentHeaders.LastModified);
    }

    [Theory]
    [InlineData(0, 206)]
    [InlineData(-1, 200)]
    [InlineData(1, 200)]
    public async Task If_range_accepts_only_the_date_of_the_file(int seconds, int status)
    {
        var link = await FinishedVideoAsync();
        var date = (await SendAsync(HttpMethod.Get, link)).ContentHeaders.LastModified!.Value.AddSeconds(seconds);

        var reply = await ResumeAsync(link, new RangeConditionHeaderValue(date));

        Assert.Equal(status, reply.Status);
    }

    [Fact]
    public async Task File_can_be_sent_without_a_validator()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.WithoutValidator());

        Assert.Equal((200, null, null), (reply.Status, reply.Headers.ETag, reply.ContentHeaders.LastModified));
    }

    [Fact]
    public async Task Weak_tag_is_sent_alone_and_returns_no_part()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.WeakValidator());

        Assert.True(reply.Headers.ETag!.IsWeak);
        Assert.Null(reply.ContentHeaders.LastModified);
        var link = await FinishedVideoAsync();
        var tag = reply.Headers.ETag.ToString();
        var resumed = await ResumeAsync(link, condition: null, headers => headers.TryAddWithoutValidation("If-Range", tag));
        Assert.Equal(200, resumed.Status);
    }

    [Fact]
    public async Task Date_can_be_sent_alone_and_returns_a_part()
    {
        var link = await FinishedVideoAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.LastModifiedOnly(), times: 2);

        var reply = await SendAsync(HttpMethod.Get, link);
        var resumed = await ResumeAsync(link, new RangeConditionHeaderValue(reply.ContentHeaders.LastModified!.Value));

        Assert.Equal((null, null), (reply.Headers.ETag, resumed.Headers.ETag));
        Assert.Equal(206, resumed.Status);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1_000_003, 0)]
    public async Task Changed_file_stays_changed(long bytes, int growth)
    {
        await using var simulator = await Sora2Simulator.StartAsync(
            new() { TaskDuration = TimeSpan.Zero, MinimumVideoBytes = bytes },
            Cancellation);
        var (id, link) = await FinishedOnAsync(simulator);
        simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.None).Then(SimulatorFault.ChangedFile());

        var old = await SendAsync(HttpMethod.Get, link);
        var oldHash = await simulator.VideoSha256Async(id, Cancellation);
        var changed = await ResumeAsync(link, new RangeConditionHeaderValue(old.Headers.ETag!));
        var after = await ResumeAsync(link, new RangeConditionHeaderValue(changed.ContentHeaders.LastModified!.Value));

        Assert.Equal((200, 206), (changed.Status, after.Status));
        Assert.Equal(old.Bytes.Length + growth, changed.Bytes.Length);
        Assert.NotEqual(old.Headers.ETag, changed.Headers.ETag);
        Assert.NotEqual(old.ContentHeaders.LastModified, changed.ContentHeaders.LastModified);
        Assert.Equal(changed.Bytes[10..], after.Bytes);
        Assert.Equal((Sha256(old.Bytes), Sha256(changed.Bytes)), (oldHash, await simulator.VideoSha256Async(id, Cancellation)));
        Assert.NotEqual(oldHash, Sha256(changed.Bytes));
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLower(CultureInfo.InvariantCulture);

    private async Task<Reply> SendWithFaultAsync(SimulatorFault fault)
    {
        var link = await FinishedVideoAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(fault);
        return await SendAsync(HttpMethod.Get, link);
    }

    private Task<Reply> ResumeAsync(Uri link, RangeConditionHeaderValue? condition, Action<HttpRequestHeaders>? more = null)
    {
        return SendAsync(HttpMethod.Get, link, headers: SetHeaders);

        void SetHeaders(HttpRequestHeaders headers)
        {
            headers.Range = new RangeHeaderValue(10, null);
            headers.IfRange = condition;
            more?.Invoke(headers);
        }
    }

    private async Task<(string Id, Uri Link)> FinishedOnAsync(Sora2Simulator simulator)
    {
        var videos = new Uri(simulator.ZhenzhenBaseAddress, "/v2/videos/generations");
        using var body = new StringContent(
            """{"model":"sora-2","prompt":"x","aspect_ratio":"16:9","duration":"10"}""",
            System.Text.Encoding.UTF8,
            "application/json");
        var id = (await SendAsync(HttpMethod.Post, videos, body, simulator.ApiKey)).TaskId;
        return (id, LinkIn(await SendAsync(HttpMethod.Get, new Uri($"{videos}/{id}"), key: simulator.ApiKey)));
    }
}
