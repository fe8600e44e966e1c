using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class ConnectionFaultTests : SimulatorHttpTest
{
    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Drop_before_accept_bills_nothing(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.DropBeforeAccept());

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(platform));

        var request = Assert.Single(Simulator.Ledger.Requests);
        Assert.Equal((null, false, null), (request.StatusCode, request.WasBilled, request.TaskId));
        Assert.Equal("DropBeforeAccept", request.Fault!.ToString());
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Drop_after_accept_bills_a_task_that_is_not_reported_to_the_client(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.DropAfterAccept());

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(platform));

        var request = Assert.Single(Simulator.Ledger.Requests);
        Assert.Equal((null, true), (request.StatusCode, request.WasBilled));
        Assert.Equal(200, (await QueryAsync(platform, request.TaskId!)).Status);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Reset_in_the_middle_of_the_body_follows_the_headers(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.ResetMidBody());

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(platform));

        Assert.Equal((200, true), (Simulator.Ledger.Requests[0].StatusCode, Simulator.Ledger.Requests[0].WasBilled));
    }

    [Fact]
    public async Task Cut_body_with_its_length_announced_sends_exactly_its_part_and_then_an_error()
    {
        var link = await FinishedVideoAsync();
        var whole = (await SendAsync(HttpMethod.Get, link)).Bytes;
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6));

        using var response = await OpenAsync(link);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var part = new byte[(int)(whole.Length * 0.6)];
        await body.ReadExactlyAsync(part, Cancellation);

        Assert.Equal(whole.Length, response.Content.Headers.ContentLength);
        Assert.Equal(whole[..part.Length], part);
        await Assert.ThrowsAnyAsync<IOException>(() => body.ReadAsync(new byte[1], Cancellation).AsTask());
    }

    [Fact]
    public async Task Cut_body_without_a_length_is_complete_to_http()
    {
        var link = await FinishedVideoAsync();
        var whole = (await SendAsync(HttpMethod.Get, link)).Bytes;
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6, announceLength: false));

        var reply = await SendAsync(HttpMethod.Get, link);

        Assert.Equal(200, reply.Status);
        Assert.Equal(whole[..(int)(whole.Length * 0.6)], reply.Bytes);
    }

    [Fact]
    public async Task Stalled_body_sends_nothing_until_the_simulator_stops()
    {
        var link = await FinishedVideoAsync();
        var length = (await SendAsync(HttpMethod.Get, link)).Bytes.Length;
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Stall());

        using var response = await OpenAsync(link);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[length / 2], Cancellation);
        var more = body.ReadAsync(new byte[1], Cancellation).AsTask();

        Assert.False(more.IsCompleted);
        await Simulator.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => more);
    }

    [Fact]
    public async Task Trickled_body_arrives_slowly_and_completely()
    {
        var link = await FinishedVideoAsync();
        var whole = (await SendAsync(HttpMethod.Get, link)).Bytes;
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Trickle(4, TimeSpan.FromSeconds(5)));
        var began = Clock.GetUtcNow();

        var arriving = SendAsync(HttpMethod.Get, link);
        for (var piece = 0; piece < 4; piece++)
        {
            await Clock.WaitForTimerAsync(Cancellation);
            Assert.False(arriving.IsCompleted);
            Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(whole, (await arriving).Bytes);
        Assert.Equal(TimeSpan.FromSeconds(20), Clock.GetUtcNow() - began);
    }

    [Fact]
    public async Task Delayed_create_is_billed_before_its_response()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.Delay(TimeSpan.FromSeconds(15)));

        var creating = CreateAsync("juxin");
        await Simulator.Ledger.WaitForAsync(request => request.WasBilled, Cancellation);

        Assert.False(creating.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(200, (await creating).Status);
    }

    [Fact]
    public async Task Client_that_disconnects_during_a_delay_is_billed()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.Delay(Timeout.InfiniteTimeSpan));
        using var http = new HttpClient();
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Simulator.JuxinBaseAddress, "/v1/video/create"));
        request.Headers.Authorization = new("Bearer", Simulator.ApiKey);
        request.Content = new StringContent(
            """{"model":"sora-2-all","prompt":"x","duration":10,"orientation":"portrait","images":[]}""",
            System.Text.Encoding.UTF8,
            "application/json");

        var creating = http.SendAsync(request, cancelling.Token);
        await Simulator.Ledger.WaitForAsync(seen => seen.WasBilled, Cancellation);
        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }
}
