using System.Collections.Concurrent;
using System.Globalization;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Many concurrent downloads with random faults; <c>SORA2_SOAK_DOWNLOADS</c> sets how many.</summary>
[Collection(nameof(RunsAlone))]
public sealed class SoakTests(ITestOutputHelper output) : DownloadTest
{
    private const int AtOnce = 32;
    private const int WarmUp = 64;

    private static readonly int Downloads =
        int.Parse(Environment.GetEnvironmentVariable("SORA2_SOAK_DOWNLOADS") ?? "64", CultureInfo.InvariantCulture);

    private readonly ConcurrentBag<string> _reported = [];

    [Fact]
    public async Task Every_file_is_complete_or_reported_and_nothing_is_left_over()
    {
        var task = await FinishedAsync(); // One for all, as a fault applies to the next request of any download.
        var hash = await Simulator.VideoSha256Async(task.Id, Token);
        await RunAsync(task, hash, -WarmUp, WarmUp); // Fills the pools of both sides.
        var before = await Footprint.AtRestAsync(Footprint.OpenDescriptors);
        _reported.Clear();

        var (requests, resumed) = await RunAsync(task, hash, 0, Downloads);

        var after = await Footprint.AtRestAsync(before.Descriptors);
        var memory = $"{before.Memory / 1024} KB live before, {after.Memory / 1024} KB after";
        var descriptors = $"{before.Descriptors} descriptors before, {after.Descriptors} after";
        output.WriteLine($"{Downloads} complete and equal, {_reported.Count} reported and downloaded again");
        output.WriteLine($"{requests} requests, {resumed} resumed; {memory}; {descriptors}");
        Assert.Empty(Directory.GetFiles(Folder));
        Assert.True(after.Descriptors <= before.Descriptors + AtOnce, descriptors);
        Assert.True(after.Memory - before.Memory < 16 * 1024 * 1024, memory);
    }

    protected override void Configure(Sora2SimulatorOptions options)
    {
        base.Configure(options);
        (options.MinimumVideoBytes, options.RecordBodies) = (3_000_000, false);
    }

    private async Task<(int Requests, int Resumed)> RunAsync(VideoTask task, string hash, int first, int count)
    {
        var options = Options("juxin");
        options.RetryDelay = TimeSpan.FromMilliseconds(1);
        using (var client = new Sora2Client(options))
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token };
            await Parallel.ForAsync(first, first + count, parallel, async (seed, _) =>
            {
                var random = new Random(seed);
                for (var faults = random.Next(4); faults > 0; faults--)
                {
                    Simulator.Faults.On("media", SimulatorOperation.Media).Then(Fault(random, task));
                }

                await DownloadAsync(client, task, hash, seed);
            });
        }

        var requests = Simulator.Ledger.Of(SimulatorOperation.Media);
        Simulator.Ledger.Clear();
        Simulator.Faults.Clear();
        return (requests.Count, requests.Count(request => request.StatusCode == 206));
    }

    /// <summary>Downloads until it succeeds; each failure has to be reported and to leave no file of the name.</summary>
    private async Task DownloadAsync(Sora2Client client, VideoTask task, string hash, int seed)
    {
        var target = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{seed}.mp4"));
        var options = new DownloadOptions { ComputeSha256 = seed % 2 == 0, IdleTimeout = TimeSpan.FromMilliseconds(500) };
        for (var calls = 0; ; calls++)
        {
            Assert.True(calls < 50, "The download never succeeds.");
            try
            {
                var video = await client.Videos.DownloadAsync(task, target, options, cancellationToken: Token);
                Assert.Equal(hash, await DigestAsync(target));
                Assert.Equal(options.ComputeSha256 ? hash : null, video.Sha256);
                Assert.Equal([target], Directory.GetFiles(Folder, Path.GetFileName(target) + "*"));
                File.Delete(target);
                return;
            }
            catch (DownloadException e)
            {
                Assert.False(File.Exists(target));
                _reported.Add(e.Message);
            }
        }
    }

    private static SimulatorFault Fault(Random random, VideoTask task) => random.Next(16) switch
    {
        0 or 1 or 2 => SimulatorFault.CutBody(random.NextDouble()),
        3 => SimulatorFault.CutBody(random.NextDouble(), announceLength: false),
        4 => SimulatorFault.ResetMidBody(),
        5 => SimulatorFault.Stall(random.NextDouble()),
        6 => SimulatorFault.WrongLength(random.Next(1, 100_000)),
        7 => SimulatorFault.WrongLength(-random.Next(1, 100_000)),
        8 => SimulatorFault.Redirect(302, task.VideoUrl!),
        9 => SimulatorFault.Expired(random.Next(3) switch { 0 => 403, 1 => 404, _ => 410 }),
        10 => SimulatorFault.IgnoreRange(),
        11 => SimulatorFault.WrongRange(),
        12 => SimulatorFault.MislabelledRange(),
        13 => SimulatorFault.RangeNotSatisfiable(),
        14 => random.Next(2) == 0
            ? SimulatorFault.WithoutValidator()
            : SimulatorFault.CutBody(random.NextDouble()).And(SimulatorFault.WithoutValidator()),
        _ => SimulatorFault.WrongContent(),
    };
}
