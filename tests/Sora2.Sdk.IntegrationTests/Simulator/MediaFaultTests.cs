using System.Net.Http.Headers;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class MediaFaultTests : SimulatorHttpTest
{
    [Fact]
    public async Task Wrong_content_is_sent_with_the_type_of_a_video()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.WrongContent());

        Assert.Equal((200, "video/mp4", "NoSuchKey"), (reply.Status, reply.ContentHeaders.ContentType!.MediaType, reply.ErrorMessage));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Expired_link_returns_the_expiry_error(int status)
    {
        var reply = await SendWithFaultAsync(SimulatorFault.Expired(status));

        Assert.Equal(status, reply.Status);
        Assert.Contains("expired", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_can_redirect_to_another_host()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.Redirect(302, new Uri("http://127.0.0.1:1/third-host.mp4")));

        Assert.Equal((302, "third-host.mp4"), (reply.Status, reply.Headers.Location!.Segments[^1]));
    }

    [Fact]
    public async Task Range_can_be_ignored()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.IgnoreRange(), new RangeHeaderValue(100, 199));

        Assert.Equal(200, reply.Status);
        Assert.True(reply.Bytes.Length > 100);
    }

    [Fact]
    public async Task Another_range_can_be_returned()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.WrongRange(), new RangeHeaderValue(100, 199));

        Assert.Equal(206, reply.Status);
        Assert.Equal((0, 99), (reply.ContentHeaders.ContentRange!.From, reply.ContentHeaders.ContentRange.To));
        Assert.Equal(100, reply.Bytes.Length);
    }

    [Fact]
    public async Task Other_bytes_can_be_returned_under_the_requested_range()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.MislabelledRange(), new RangeHeaderValue(100, 199));

        Assert.Equal(206, reply.Status);
        Assert.Equal((100, 199), (reply.ContentHeaders.ContentRange!.From, reply.ContentHeaders.ContentRange.To));
        Assert.Equal("ftyp"u8, reply.Bytes.AsSpan(4, 4));
        Assert.Equal(100, reply.Bytes.Length);
    }

    [Theory]
    [InlineData(true, 416)]
    [InlineData(false, 200)]
    public async Task Satisfiable_range_can_be_refused(bool isRange, int status)
    {
        var reply = await SendWithFaultAsync(SimulatorFault.RangeNotSatisfiable(), isRange ? new RangeHeaderValue(100, 199) : null);

        Assert.Equal(status, reply.Status);
    }

    [Fact]
    public async Task Too_large_length_ends_in_a_connection_that_closes_early()
    {
        var link = await FinishedVideoAsync();
        var length = Simulator.VideoBytes(TaskId);
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.WrongLength(5));

        using var response = await OpenAsync(link);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[length], Cancellation);

        Assert.Equal(length + 5, response.Content.Headers.ContentLength);
        await Assert.ThrowsAnyAsync<IOException>(() => body.ReadAsync(new byte[1], Cancellation).AsTask());
    }

    [Fact]
    public async Task Too_small_length_sends_a_shortened_file_in_good_order()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.WrongLength(-5));

        Assert.Equal(200, reply.Status);
        Assert.Equal(Simulator.VideoBytes(TaskId) - 5, reply.ContentHeaders.ContentLength);
        Assert.Equal(reply.Bytes.Length, reply.ContentHeaders.ContentLength);
    }

    [Fact]
    public async Task Two_faults_can_be_combined()
    {
        var link = await FinishedVideoAsync();
        var whole = (await SendAsync(HttpMethod.Get, link)).Bytes;
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6).And(SimulatorFault.WithoutValidator()));

        using var response = await OpenAsync(link);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var part = new byte[(int)(whole.Length * 0.6)];
        await body.ReadExactlyAsync(part, Cancellation);

        Assert.Null(response.Headers.ETag);
        Assert.Equal(whole[..part.Length], part);
        await Assert.ThrowsAnyAsync<IOException>(() => body.ReadAsync(new byte[1], Cancellation).AsTask());
        Assert.Equal("CutBody and WithoutValidator", Simulator.Ledger.Requests[^1].Fault!.ToString());
    }

    [Fact]
    public async Task Range_is_truncated_by_its_own_length()
    {
        var link = await FinishedVideoAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.5, announceLength: false));

        var reply = await SendAsync(HttpMethod.Get, link, headers: headers => headers.Range = new RangeHeaderValue(100, 199));

        Assert.Equal((206, 50), (reply.Status, reply.Bytes.Length));
    }

    [Fact]
    public async Task Error_response_can_be_truncated_and_bills_nothing()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.CutBody(0.5, announceLength: false).And(SimulatorFault.ServerError(502)));

        var reply = await CreateAsync("juxin");

        Assert.Equal((502, false), (reply.Status, reply.Text.EndsWith('}')));
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    private async Task<Reply> SendWithFaultAsync(SimulatorFault fault, RangeHeaderValue? range = null)
    {
        var link = await FinishedVideoAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(fault);
        return await SendAsync(HttpMethod.Get, link, headers: headers => headers.Range = range);
    }
}
