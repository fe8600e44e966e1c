using System.Globalization;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Tasks;

/// <summary>One key is paid for once: concurrently, in several processes, and after a process was killed.</summary>
public sealed class KeyedCreateTests(ITestOutputHelper output) : SimulatorTest
{
    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("SORA2_KEY_KILLS") ?? "4", CultureInfo.InvariantCulture);

    [Theory]
    [AllPlatforms]
    public async Task Fifty_concurrent_creates_of_a_key_are_one_request(string platform)
    {
        using var one = new FileTaskStore(Records);
        using var other = new FileTaskStore(Records);
        Sora2Client[] clients =
        [
            Client(platform, options => options.TaskStore = one),
            Client(platform, options => options.TaskStore = other),
        ];
        var request = new VideoRequest("小猫") { Key = "order 7", Metadata = new Dictionary<string, string> { ["page"] = "3" } };

        var tasks = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => Task.Run(() => clients[i % 2].Videos.CreateAsync(request, Token), Token)));

        var paid = Assert.Single(Simulator.Ledger.Of(SimulatorOperation.CreateVideo));
        Assert.All(tasks, task => Assert.Equal((paid.TaskId, "order 7", "3"), (task.Id, task.Key, task.Metadata["page"])));
        Assert.NotNull((await clients[1].Videos.GenerateAsync(request, cancellationToken: Token)).VideoUrl);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task Key_of_a_process_that_died_while_it_sent_is_unknown_and_sends_nothing(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.Delay(Timeout.InfiniteTimeSpan));
        using (var worker = Worker.Start(Simulator, platform, Folder, videos: 1, keyed: true))
        {
            Assert.True(await worker.UntilAsync(() => Simulator.Ledger.Count(SimulatorOperation.CreateVideo) == 1, Token));
            await worker.KillAsync(Token);
        }

        using var store = new FileTaskStore(Records);
        var client = Client(platform, options => options.TaskStore = store);
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<SubmissionUnknownException>(
                () => client.Videos.CreateAsync(new VideoRequest("Video 0") { Key = "0.json" }, Token));
            Assert.Contains("0.json", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, Simulator.Ledger.Count(SimulatorOperation.CreateVideo));
        var record = Assert.Single(await store.RecordsAsync(Token));
        await store.ResolveAsync(record, accepted: null, cancellationToken: Token);
        Assert.NotEmpty((await client.Videos.CreateAsync(new VideoRequest("Video 0") { Key = "0.json" }, Token)).Id);
    }

    [Theory]
    [AllPlatforms]
    public async Task Two_processes_make_one_batch_and_pay_for_each_key_once(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.Delay(TimeSpan.FromMilliseconds(100)), times: int.MaxValue);
        using var one = Worker.Start(Simulator, platform, Folder, videos: 8, keyed: true);
        using var other = Worker.Start(Simulator, platform, Folder, videos: 8, keyed: true);

        foreach (var (code, text) in await Task.WhenAll(one.EndAsync(Token), other.EndAsync(Token)))
        {
            Assert.True(code == 0, text);
        }

        Assert.Equal(8, Simulator.Ledger.Count(SimulatorOperation.CreateVideo));
        Assert.Equal(
            Enumerable.Range(0, 8).Select(i => FormattableString.Invariant($"{i}.json.mp4")),
            Directory.GetFiles(Path.Combine(Folder, "videos"), "*.mp4").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [AllPlatforms]
    public async Task Processes_that_are_killed_at_any_moment_pay_for_no_key_twice(string platform)
    {
        var videos = 6 * Kills;
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.Delay(TimeSpan.FromMilliseconds(30)), times: int.MaxValue);
        var random = new Random(15);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var one = Worker.Start(Simulator, platform, Folder, videos, keyed: true);
            using var other = Worker.Start(Simulator, platform, Folder, videos, keyed: true);
            var end = Simulator.Ledger.Requests.Count + random.Next(1, 8);
            await one.UntilAsync(() => Simulator.Ledger.Requests.Count >= end, Token);
            await one.KillAsync(Token);
            end = Simulator.Ledger.Requests.Count + random.Next(0, 4);
            await other.UntilAsync(() => Simulator.Ledger.Requests.Count >= end, Token);
            await other.KillAsync(Token);
        }

        using (var last = Worker.Start(Simulator, platform, Folder, videos, keyed: true))
        {
            var (code, text) = await last.EndAsync(Token);
            Assert.True(code == 0, text);
        }

        var creates = Simulator.Ledger.Of(SimulatorOperation.CreateVideo);
        using var store = new FileTaskStore(Records);
        var records = await store.RecordsAsync(Token);
        var unknown = records.Count(record => record.State == TaskRecordState.Unknown);
        output.WriteLine($"{Kills} kills of two processes: {creates.Count} creates for {videos} keys, {unknown} reported unknown.");

        // The kill may have cut a request; without its body it has no prompt, and the platform cannot have taken it.
        var whole = creates.Where(create => create.WasBilled || create.Json is not null);
        Assert.All(whole.GroupBy(PromptOf, StringComparer.Ordinal), group => Assert.Single(group));
        Assert.Equal(videos, records.Count);
        Assert.Equal(videos - unknown, records.Count(record => record.State == TaskRecordState.Downloaded));
        Assert.InRange(Simulator.Ledger.BilledCreates, videos - unknown, videos);
    }

    private string Records => Path.Combine(Folder, "records");

    private static string PromptOf(SimulatorRequest request) =>
        request.Json?.GetProperty("prompt").GetString() ?? Assert.Single(request.FormFields["prompt"]);
}
