using System.Security.Cryptography;
using Sora2.Sdk.Simulator;

namespace Example;

/// <summary>Tests over real sockets: what is sent, and what it costs.</summary>
/// <remarks>Each test has its own simulator, so that the ledger contains the requests of this test only.</remarks>
public sealed class WithTheSimulator : IAsyncLifetime
{
    private readonly SimulatorFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Sora2Simulator Simulator => _fixture.Simulator;

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_clip_is_saved_and_billed_once()
    {
        using var sora = _fixture.Connect();

        var clip = await new ClipService(sora, _fixture.Folder).MakeAsync("A corgi surfs", Token);

        Assert.Equal(ClipState.Ready, clip.State);
        var hash = SHA256.HashData(await File.ReadAllBytesAsync(clip.Path!, Token));
        Assert.Equal(await Simulator.VideoSha256Async(clip.TaskId!, Token), Convert.ToHexStringLower(hash));
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task A_clip_is_not_ordered_again_when_the_response_is_lost()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.DropAfterAccept());
        using var sora = _fixture.Connect();

        var clip = await new ClipService(sora, _fixture.Folder).MakeAsync("A corgi surfs", Token);

        Assert.Equal(ClipState.NeedsReview, clip.State);
        Assert.Equal(1, Simulator.Ledger.BilledCreates); // the platform accepted it, and it was sent only once
    }

    [Fact]
    public async Task A_prompt_refused_by_moderation_is_reported_as_refused()
    {
        using var sora = _fixture.Connect();

        var clip = await new ClipService(sora, _fixture.Folder).MakeAsync("Something [fail]", Token);

        Assert.Equal(ClipState.Refused, clip.State);
        Assert.NotNull(clip.TaskId);
    }

    [Fact]
    public async Task A_wait_of_half_an_hour_times_out_in_a_moment()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.StatusScript(Enumerable.Repeat("\"in_progress\"", 100)));
        using var sora = _fixture.Connect(options =>
        {
            options.TimeProvider = new FastClock(factor: 10_000);
            options.PollInterval = TimeSpan.FromSeconds(30);
            options.WaitTimeout = TimeSpan.FromMinutes(30);
            options.CreateTimeout = options.QueryTimeout = TimeSpan.FromHours(100); // these run on the same fast clock
        });

        var clip = await new ClipService(sora, _fixture.Folder).MakeAsync("A corgi surfs", Token);

        Assert.Equal(ClipState.Later, clip.State);
        Assert.NotNull(clip.TaskId);
    }
}
