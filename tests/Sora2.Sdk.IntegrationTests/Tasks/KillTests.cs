using System.Security.Cryptography;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Tasks;

/// <summary>A program that is killed repeatedly loses nothing that was paid for, and pays for nothing twice.</summary>
[Collection(nameof(RunsAlone))] // needs the whole machine
public sealed class KillTests(ITestOutputHelper output) : SimulatorTest
{
    private const int Videos = 50;
    private const int Kills = 20;

    [Fact]
    public async Task Program_killed_twenty_times_downloads_every_accepted_task_and_pays_for_none_twice()
    {
        // Slow enough that kills happen at every step, such as after sending a create or half way through a video.
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.Delay(TimeSpan.FromMilliseconds(40)), times: int.MaxValue);
        Simulator.Faults.On("media", SimulatorOperation.Media)
            .Then(SimulatorFault.Trickle(24, TimeSpan.FromMilliseconds(10)), times: int.MaxValue);
        var random = new Random(5);
        for (var kill = 0; kill < Kills; kill++)
        {
            // More videos than the worker can finish before it is killed, even on a busy machine.
            using var worker = Worker.Start(Simulator, "juxin", Folder, videos: (await RecordsAsync()).Count + Videos);
            var end = Simulator.Ledger.Requests.Count + random.Next(1, 10);
            Assert.True(
                await worker.UntilAsync(() => Simulator.Ledger.Requests.Count >= end, Token), "The worker ended before it was killed.");
            await Task.Delay(random.Next(150), Token); // a moment between requests
            await worker.KillAsync(Token);
        }

        var videos = Math.Max(Videos, (await RecordsAsync()).Count);
        using (var last = Worker.Start(Simulator, "juxin", Folder, videos))
        {
            var (code, text) = await last.EndAsync(Token);
            Assert.True(code == 0, text);
        }

        var records = await RecordsAsync();
        var downloaded = records.Where(record => record.State == TaskRecordState.Downloaded).ToList();
        var unknown = records.Where(record => record.State == TaskRecordState.Unknown).ToList();
        var paid = Simulator.Ledger.BilledCreates;
        var media = Simulator.Ledger.Of(SimulatorOperation.Media);
        output.WriteLine(
            $"{Kills} kills; {records.Count} records: {downloaded.Count} downloaded, {unknown.Count} reported unknown; {paid} paid; "
            + $"{media.Count} media requests, {media.Count(request => request.StatusCode == 206)} resumed.");

        Assert.Equal(videos, records.Count);
        Assert.Equal(videos, downloaded.Count + unknown.Count);
        Assert.InRange(paid, downloaded.Count, downloaded.Count + unknown.Count);
        Assert.Equal(downloaded.Count, downloaded.Select(record => record.TaskId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            downloaded.Select(record => record.Path!).Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(Folder, "videos")).Order(StringComparer.Ordinal));
        foreach (var record in downloaded)
        {
            await using var file = File.OpenRead(record.Path!);
            var sha256 = Convert.ToHexString(await SHA256.HashDataAsync(file, Token)).ToLowerInvariant();
            Assert.Equal(await Simulator.VideoSha256Async(record.TaskId!, Token), sha256);
        }
    }

    /// <summary>Returns the records that a worker left; no other process uses the store then.</summary>
    private async Task<IReadOnlyList<TaskRecord>> RecordsAsync()
    {
        using var store = new FileTaskStore(Path.Combine(Folder, "records"));
        return await store.RecordsAsync(Token);
    }

    protected override void Configure(Sora2SimulatorOptions options)
    {
        (options.MinimumVideoBytes, options.RecordBodies) = (24_000_000, false);
        (options.TaskDuration, options.SpeedFactor) = (TimeSpan.FromSeconds(100), 500);
    }
}
