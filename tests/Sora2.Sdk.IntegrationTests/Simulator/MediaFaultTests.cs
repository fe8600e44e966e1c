using System.Net.Http.Headers;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class MediaFaultTests : SimulatorTest
{
    [Fact]
    public async Task Wrong_content_comes_under_the_type_of_a_video()
    {
        var reply = await MeetAsync(SimulatorFault.WrongContent());

        Assert.Equal((200, "video/mp4", "NoSuchKey"), (reply.Status, reply.ContentHeaders.ContentType!.MediaType, reply.ErrorMessage));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_expired_link_says_so(int status)
    {
        var reply = await MeetAsync(SimulatorFault.Expired(status));

        Assert.Equal(status, reply.Status);
        Assert.Contains("expired", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_can_lead_elsewhere()
    {
        var reply = await MeetAsync(SimulatorFault.Redirect(302, new Uri("http://127.0.0.1:1/third-host.mp4")));

        Assert.Equal((302, "third-host.mp4"), (reply.Status, reply.Headers.Location!.Segments[^1]));
    }

    [Fact]
    public async Task A_range_can_be_ignored()
    {
        var reply = await MeetAsync(SimulatorFault.IgnoreRange(), new RangeHeaderValue(100, 199));

        Assert.Equal(200, reply.Status);
        Assert.True(reply.Bytes.Length > 100);
    }

    [Fact]
    public async Task A_range_can_be_answered_with_another()
    {
        var reply = await MeetAsync(SimulatorFault.WrongRange(), new RangeHeaderValue(100, 199));

        Assert.Equal(206, reply.Status);
        Assert.Equal((0, 99), (reply.ContentHeaders.ContentRange!.From, reply.ContentHeaders.ContentRange.To));
        Assert.Equal(100, reply.Bytes.Length);
    }

    private async Task<Reply> MeetAsync(SimulatorFault fault, RangeHeaderValue? range = null)
    {
        var link = await FinishedVideoAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(fault);
        return await SendAsync(HttpMethod.Get, link, headers: headers => headers.Range = range);
    }
}
