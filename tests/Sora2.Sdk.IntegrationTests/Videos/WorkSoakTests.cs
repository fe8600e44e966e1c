using System.Globalization;
using System.Net.NetworkInformation;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>
/// Batches are created, waited for and downloaded through faults, with one client and one task store as in an application.
/// <c>SORA2_SOAK_VIDEOS</c> sets the number of videos; a few are enough for every day.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class WorkSoakTests(ITestOutputHelper output) : SimulatorTest
{
    private const int BatchSize = 40;
    private static readonly int Videos = int.Parse(
        Environment.GetEnvironmentVariable("SORA2_SOAK_VIDEOS") ?? "120", CultureInfo.InvariantCulture);

    [Theory]
    [AllPlatforms]
    public async Task Each_video_is_paid_once_and_nothing_grows(string platform)
    {
        var options = Options(platform);
        Hurry(options);
        var store = new FileTaskStore(Path.Combine(Folder, "tasks"));
        (options.TaskStore, options.RetryDelay) = (store, TimeSpan.FromMilliseconds(10));
        int open;
        Footprint before, after;
        var (done, unknown, failed) = (0, 0, 0);
        using (var client = new Sora2Client(options))
        {
            await RunAsync(client, store, platform, 0); // Fills the pools of both sides.
            before = await Footprint.AtRestAsync(int.MaxValue);

            for (var batch = 1; batch * BatchSize <= Videos; batch++)
            {
                var items = await RunAsync(client, store, platform, batch);
                done += items.Count(item => item.State == BatchItemState.Succeeded);
                unknown += items.Count(item => item.State == BatchItemState.SubmissionUnknown);
                failed += items.Count(
                    item => item.State is BatchItemState.Failed or BatchItemState.DownloadFailed or BatchItemState.Unfinished);
            }

            after = await Footprint.AtRestAsync(before.Descriptors);
            open = Connections();
        }

        output.WriteLine(
            $"{platform}: {done} done, {unknown} unknown, {failed} failed; "
            + $"{before.Memory / 1024} KB live before, {after.Memory / 1024} KB after; "
            + $"{before.Descriptors} descriptors before, {after.Descriptors} after; {open} connections of the client at the end.");
        Assert.Equal(Videos / BatchSize * BatchSize, done + unknown + failed);
        Assert.True(done > Videos / 2, $"{done} of {Videos} done");
        // 72 to the API and at least 32 to the media host, each counted at one end.
        Assert.True(open <= 2 * 72, $"{open} connections open");
        Assert.True(after.Descriptors <= before.Descriptors + 100, $"{before.Descriptors} descriptors before, {after.Descriptors} after");
        Assert.True(after.Memory - before.Memory < 16 * 1024 * 1024, $"{before.Memory} bytes live before, {after.Memory} after");
    }

    private static SimulatorFault OnCreate(Random chance) => chance.Next(6) switch
    {
        0 => SimulatorFault.DropAfterAccept(),
        1 => SimulatorFault.DropBeforeAccept(),
        2 => SimulatorFault.Saturated(),
        3 => SimulatorFault.ServerError().AfterAccept(),
        4 => SimulatorFault.TaskFails(),
        _ => SimulatorFault.RateLimited(TimeSpan.FromSeconds(2)),
    };

    private static SimulatorFault OnQuery(Random chance) => chance.Next(5) switch
    {
        0 => SimulatorFault.Html(502),
        1 => SimulatorFault.ServerError(),
        2 => SimulatorFault.TruncatedJson(),
        3 => SimulatorFault.DropBeforeAccept(),
        _ => SimulatorFault.RateLimited(),
    };

    private static SimulatorFault OnMedia(Random chance) => chance.Next(5) switch
    {
        0 or 1 => SimulatorFault.CutBody(chance.NextDouble()),
        2 => SimulatorFault.ResetMidBody(),
        3 => SimulatorFault.Expired(),
        _ => SimulatorFault.CutBody(chance.NextDouble(), announceLength: false),
    };

    protected override void Configure(Sora2SimulatorOptions options) =>
        (options.TaskDuration, options.MinimumVideoBytes, options.RecordBodies) = (TimeSpan.FromSeconds(20), 300_000, false);

    private int Connections() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Count(connection =>
        connection.State == TcpState.Established && connection.RemoteEndPoint.Port == AddressOf("juxin").Port);

    /// <summary>Runs one batch, each time with other faults; every billed create is reported.</summary>
    private async Task<List<BatchItem>> RunAsync(Sora2Client client, ITaskStore store, string platform, int batch)
    {
        var chance = new Random(batch);
        for (var i = 0; i < BatchSize / 4; i++)
        {
            Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(OnCreate(chance));
            Simulator.Faults.On(platform, SimulatorOperation.Query).Then(OnQuery(chance));
            Simulator.Faults.On("media", SimulatorOperation.Media).Then(OnMedia(chance));
        }

        var folder = Path.Combine(Folder, batch.ToString(CultureInfo.InvariantCulture));
        var items = await client.Videos.GenerateBatchAsync(
            Enumerable.Range(0, BatchSize).Select(i => new VideoRequest($"video {batch}-{i}")),
            new BatchOptions { MaxConcurrency = 20, DownloadTo = folder },
            Token).CollectAsync();

        var billed = Simulator.Ledger.BilledCreates;
        var known = items.Count(item => item.TaskId is not null);
        var unknown = items.Count(item => item.State == BatchItemState.SubmissionUnknown && item.TaskId is null);
        Assert.True(known <= billed && billed <= known + unknown, $"{known} ids and {unknown} unknown outcomes for {billed} paid creates");
        Assert.All(
            items.Where(item => item.State == BatchItemState.Succeeded),
            item => Assert.Equal(Simulator.VideoBytes(item.TaskId!), new FileInfo(item.Video!.Path!).Length));
        Simulator.Ledger.Clear();
        Simulator.Faults.Clear();
        Directory.Delete(folder, recursive: true);
        await store.PruneAsync(TimeSpan.Zero, cancellationToken: Token);
        return items;
    }
}
