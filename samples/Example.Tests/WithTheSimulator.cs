using Sora2.Sdk.Simulator;

namespace Example;

/// <summary>Over real sockets: what the platforms do, and what it costs. A simulator for each test here, so that its ledger holds what this test did and nothing else.</summary>
public sealed class WithTheSimulator : IAsyncLifetime
{
    private readonly SimulatorFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Sora2Simulator Simulator => _fixture.Simulator;

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_clip_is_on_the_disk_and_was_paid_for_once()
    {
        using var sora = _fixture.Connect();

        var clip = await new ClipService(sora, _fixture.Folder).MakeAsync("A corgi surfs", Token);

        Assert.Equal(ClipState.Ready, clip.State);
        Assert.Equal(await Simulator.VideoSha256Async(clip.TaskId!, Token), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(clip.Path!, Token))));
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task A_lost_answer_is_never_ordered_again()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.DropAfterAccept());
        using var sora = _fixture.Connect();

        var clip = await new ClipService(sora, _fixture.Folder).MakeAsync("A corgi surfs", Token);

        Assert.Equal(ClipState.AskSomebody, clip.State);
        Assert.Equal(1, Simulator.Ledger.BilledCreates); // the platform made it, and only once
    }

    [Fact]
    public async Task A_prompt_that_moderation_stops_is_told_as_such()
    {
        using var sora = _fixture.Connect();

        var clip = await new ClipService(sora, _fixture.Folder).MakeAsync("Something [fail]", Token);

        Assert.Equal(ClipState.Refused, clip.State);
        Assert.NotNull(clip.TaskId);
    }

    [Fact]
    public async Task Half_an_hour_of_patience_passes_in_a_moment()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.StatusScript(Enumerable.Repeat("\"in_progress\"", 100)));
        using var sora = _fixture.Connect(options =>
        {
            options.TimeProvider = new FastClock(factor: 10_000);
            options.PollInterval = TimeSpan.FromSeconds(30);
            options.WaitTimeout = TimeSpan.FromMinutes(30);
            options.CreateTimeout = options.QueryTimeout = TimeSpan.FromHours(100); // by that clock, too
        });

        var clip = await new ClipService(sora, _fixture.Folder).MakeAsync("A corgi surfs", Token);

        Assert.Equal(ClipState.Later, clip.State);
        Assert.NotNull(clip.TaskId);
    }
}
