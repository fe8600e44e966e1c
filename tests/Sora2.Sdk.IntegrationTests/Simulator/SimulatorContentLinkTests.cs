using System.Net.Http.Headers;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Videos on the platform's own host, which requires the key.</summary>
public class SimulatorContentLinkTests : SimulatorHttpTest
{
    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Video_is_on_the_platforms_host_and_requires_the_key(string platform)
    {
        var link = await FinishedVideoAsync(platform);

        var video = await SendAsync(HttpMethod.Get, link, key: Simulator.ApiKey);

        Assert.Equal(new Uri(BaseOf(platform), $"/v1/videos/{Uri.EscapeDataString(TaskId)}/content"), link);
        Assert.Equal((200, "video/mp4"), (video.Status, video.ContentHeaders.ContentType!.MediaType));
        Assert.Equal(10, Mp4.Seconds(video.Bytes));
        var request = Simulator.Ledger.Requests[^1];
        Assert.Equal((platform, SimulatorOperation.Media, TaskId), (request.Platform, request.Operation, request.TaskId));
        Assert.True(request.AuthorizationMatched);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Request_without_the_key_gets_the_usual_error(string platform)
    {
        var link = await FinishedVideoAsync(platform);

        Assert.Equal(401, (await SendAsync(HttpMethod.Get, link)).Status);
        Assert.Equal(401, (await SendAsync(HttpMethod.Head, link, key: "another")).Status);
        Assert.Equal(401, (await SendAsync(HttpMethod.Get, link, key: "another")).Status);
        Assert.StartsWith("无效的令牌", (await SendAsync(HttpMethod.Get, link)).ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Ranges_and_faults_work_as_on_the_media_host(string platform)
    {
        var link = await FinishedVideoAsync(platform);
        var whole = await SendAsync(HttpMethod.Get, link, key: Simulator.ApiKey);
        Simulator.Faults.On(platform, SimulatorOperation.Media).Then(SimulatorFault.None).Then(SimulatorFault.ChangedFile());

        var part = await ResumeAsync(link, whole.Headers.ETag!);
        var changed = await ResumeAsync(link, whole.Headers.ETag!);

        Assert.Equal((206, 200), (part.Status, changed.Status));
        Assert.Equal(whole.Bytes[100..], part.Bytes);
        Assert.NotEqual(whole.Headers.ETag, changed.Headers.ETag);
    }

    [Fact]
    public async Task Only_the_platforms_own_tasks_have_a_video()
    {
        var link = await FinishedVideoAsync("zhenzhen");

        Assert.Equal(404, (await GetAsync("juxin", link.AbsolutePath)).Status);
        Assert.Equal(404, (await GetAsync("zhenzhen", "/v1/videos/unknown/content")).Status);
    }

    [Fact]
    public async Task Media_host_still_refuses_the_key()
    {
        Assert.Equal(403, (await GetAsync("media", "/videos/any.mp4")).Status);
    }

    protected override void Configure(Sora2SimulatorOptions options) => options.VideoLinkKind = VideoLinkKind.Content;

    private Task<Reply> ResumeAsync(Uri link, EntityTagHeaderValue tag)
    {
        return SendAsync(HttpMethod.Get, link, key: Simulator.ApiKey, headers: SetRange);

        void SetRange(HttpRequestHeaders headers)
        {
            headers.Range = new RangeHeaderValue(100, null);
            headers.IfRange = new RangeConditionHeaderValue(tag);
        }
    }
}
