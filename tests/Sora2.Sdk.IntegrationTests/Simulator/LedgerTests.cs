using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class LedgerTests : SimulatorHttpTest
{
    [Fact]
    public async Task Only_accepted_requests_are_billed()
    {
        await CreateAsync("juxin");
        await CreateAsync("juxin", "model", "\"gone\"");
        await CreateAsync("zhenzhen");
        await QueryAsync("zhenzhen", "unknown");
        await PostAsync("zhenzhen", "/sora/v1/characters", """{"timestamps":"1,3","url":"https://example.com/a.mp4"}""");

        Assert.Equal(3, Simulator.Ledger.BilledCreates);
        Assert.Equal([true, false, true, false, true], Simulator.Ledger.Requests.Select(request => request.WasBilled));
        Assert.Equal([200, 503, 200, 400, 200], Simulator.Ledger.Requests.Select(request => request.StatusCode!.Value));
        Assert.Equal(2, Simulator.Ledger.Count(SimulatorOperation.CreateVideo, "juxin"));
        Assert.Equal(3, Simulator.Ledger.Count(SimulatorOperation.CreateVideo));
    }

    [Fact]
    public async Task Snapshot_does_not_change()
    {
        await CreateAsync("juxin");
        var before = Simulator.Ledger.Requests;

        await CreateAsync("juxin");

        Assert.Single(before);
    }

    [Fact]
    public async Task Clearing_removes_requests_but_not_tasks()
    {
        var id = (await CreateAsync("juxin")).TaskId;

        Simulator.Ledger.Clear();

        Assert.Empty(Simulator.Ledger.Requests);
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
        Assert.Equal(200, (await QueryAsync("juxin", id)).Status);
    }

    [Fact]
    public async Task Request_can_be_waited_for_before_and_after_it_arrives()
    {
        var coming = Simulator.Ledger.WaitForAsync(request => request.Operation == SimulatorOperation.Query, Cancellation);
        await CreateAsync("juxin");
        Assert.False(coming.IsCompleted);

        await QueryAsync("juxin", "x");

        Assert.Equal("x", (await coming).TaskId);
        Assert.True((await Simulator.Ledger.WaitForAsync(request => request.WasBilled, Cancellation)).WasBilled);
    }

    [Fact]
    public async Task Watching_returns_each_request_once_and_continues_after_clearing()
    {
        await CreateAsync("juxin");
        await using var watch = Simulator.Ledger.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await watch.MoveNextAsync();
        Assert.Equal("juxin", watch.Current.Platform);
        Simulator.Ledger.Clear();

        await CreateAsync("zhenzhen");
        await watch.MoveNextAsync();

        Assert.Equal("zhenzhen", watch.Current.Platform);
    }

    [Fact]
    public async Task Request_is_formatted_as_one_line()
    {
        var id = (await CreateAsync("zhenzhen")).TaskId;

        Assert.Equal($"zhenzhen  POST /v2/videos/generations  200  billed  {id}", Simulator.Ledger.Requests[0].ToString());
    }

    [Fact]
    public async Task Incomplete_request_is_recorded_without_a_status()
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(System.Net.IPAddress.Loopback, Simulator.JuxinBaseAddress.Port, Cancellation);
        var incomplete = "POST /v1/video/create HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"model\""u8.ToArray();
        await client.GetStream().WriteAsync(incomplete, Cancellation);
        client.Close();

        var request = await Simulator.Ledger.WaitForAsync(_ => true, Cancellation);

        Assert.Equal((SimulatorOperation.CreateVideo, null, false), (request.Operation, request.StatusCode, request.WasBilled));
    }
}
