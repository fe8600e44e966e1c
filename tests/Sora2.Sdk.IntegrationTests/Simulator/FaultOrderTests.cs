using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class FaultOrderTests : SimulatorHttpTest
{
    [Fact]
    public async Task Faults_are_applied_in_the_order_queued()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.None)
            .Then(SimulatorFault.Html(502), times: 2)
            .Then(SimulatorFault.ServerError());
        Assert.Equal(4, Simulator.Faults.Pending);

        var statuses = new List<int>();
        for (var at = 0; at < 5; at++)
        {
            statuses.Add((await CreateAsync("juxin")).Status);
        }

        Assert.Equal([200, 502, 502, 500, 200], statuses);
        Assert.Equal(0, Simulator.Faults.Pending);
        Assert.Null(Simulator.Ledger.Requests[0].Fault);
    }

    [Fact]
    public async Task Fault_waits_for_its_own_host_and_operation()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.ServerError());

        Assert.Equal(200, (await CreateAsync("zhenzhen")).Status);
        Assert.Equal(200, (await GetAsync("juxin", "/v1/models")).Status);
        Assert.Equal(500, (await CreateAsync("juxin")).Status);
    }

    [Fact]
    public async Task Storyboard_on_zhenzhen_takes_the_faults_for_storyboards()
    {
        Simulator.Faults.On("zhenzhen", SimulatorOperation.CreateStoryboard).Then(SimulatorFault.ServerError());

        Assert.Equal(200, (await CreateAsync("zhenzhen")).Status);
        Assert.Equal(500, (await CreateWithPromptAsync("zhenzhen", Shots("5sec"))).Status);
    }

    [Fact]
    public async Task Cleared_faults_are_not_applied()
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.ServerError(), times: int.MaxValue);
        Simulator.Faults.Clear();

        Assert.Equal(200, (await CreateAsync("juxin")).Status);
    }

    [Fact]
    public async Task Each_queued_fault_is_applied_once_to_concurrent_requests()
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.ServerError(), times: 20);

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(at => CreateAsync(at % 2 == 0 ? "juxin" : "zhenzhen")));

        Assert.Equal(20, replies.Count(reply => reply.Status == 500));
        Assert.Equal(40, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public void Invalid_arguments_are_rejected()
    {
        Assert.Throws<ArgumentException>(() => Simulator.Faults.On("unknown", SimulatorOperation.Query));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulatorFault.CutBody(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulatorFault.WrongLength(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulatorFault.Stall(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulatorFault.Status(199, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulatorFault.Delay(TimeSpan.FromSeconds(-5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SimulatorFault.NestedJsonError(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Simulator.Faults.On(SimulatorOperation.Query).Then(SimulatorFault.None, times: 0));
    }
}
