using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>Many videos at once, over real sockets: how many run, how each ends, and that nothing is paid twice or lost.</summary>
public sealed class BatchTests : SimulatorTest
{
    [Theory]
    [AllPlatforms]
    public async Task Failures_affect_only_their_items_and_only_those_are_created_again(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.None, times: 6).Then(SimulatorFault.TaskFails())
            .Then(SimulatorFault.None, times: 9).Then(SimulatorFault.QuotaExhausted())
            .Then(SimulatorFault.None, times: 12).Then(SimulatorFault.RateLimited(TimeSpan.FromSeconds(2)));
        var client = Client(platform, Hurry);
        var reports = new List<BatchProgress>();

        var items = await ToListAsync(client.Videos.GenerateBatchAsync(
            Requests(50).Select((request, index) => request with { Key = $"key-{index}" }).ToList(),
            new BatchOptions
            {
                MaxConcurrency = 5,
                StopOnFatal = false,
                Progress = new SyncProgress<BatchProgress>(reports.Add),
            },
            Token));

        Assert.Equal(Enumerable.Range(0, 50), items.Select(item => item.Index).Order());
        Assert.Equal((48, 49), (items.Count(item => item.State == BatchItemState.Succeeded), Simulator.Ledger.BilledCreates));
        var failed = items.Where(item => item.State != BatchItemState.Succeeded).ToList();
        Assert.Equal(
            [Sora2ErrorKind.InsufficientQuota, Sora2ErrorKind.InputModeration],
            failed.Select(item => ((Sora2Exception)item.Error!).Kind).Order());
        Assert.All(failed, item => Assert.Equal(BatchItemState.Failed, item.State));
        Assert.All(items, item => Assert.Equal(($"key-{item.Index}", $"video {item.Index}"), (item.Request.Key, item.Request.GetPrompt())));
        AssertEachTaskIsOfItsOwnRequest(items, platform);
        Assert.Equal(5, MostAtOnce(platform));
        AssertReported(reports, items, mostRunning: 5);

        var again = await ToListAsync(client.Videos.ResumeBatchAsync(items, cancellationToken: Token));

        Assert.Equal(failed.Select(item => item.Index).Order(), again.Select(item => item.Index).Order());
        Assert.All(
            again,
            item => Assert.Equal((BatchItemState.Succeeded, $"key-{item.Index}", null), (item.State, item.Request.Key, item.Error)));
        Assert.Equal(51, Simulator.Ledger.BilledCreates);
        AssertEachTaskIsOfItsOwnRequest(again, platform);
    }

    [Theory]
    [AllPlatforms]
    public async Task Empty_account_ends_further_creates_and_the_other_items_can_be_resumed(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.None, times: 4)
            .Then(SimulatorFault.QuotaExhausted(429), times: 3);
        var client = Client(platform);

        var items = await ToListAsync(client.Videos.GenerateBatchAsync(Requests(20), new BatchOptions { MaxConcurrency = 3 }, Token));

        Assert.Equal(20, items.Count);
        Assert.Equal((4, 4), (items.Count(item => item.State == BatchItemState.Succeeded), Simulator.Ledger.BilledCreates));
        Assert.InRange(items.Count(item => item.State == BatchItemState.Failed), 1, 3);
        Assert.All(
            items.Where(item => item.State is not (BatchItemState.Succeeded or BatchItemState.Failed)),
            item => Assert.Equal((BatchItemState.NotStarted, null, null), (item.State, item.TaskId, item.Error)));
        Assert.InRange(Simulator.Ledger.Count(SimulatorOperation.CreateVideo), 5, 7);

        Simulator.Faults.Clear();
        var again = await ToListAsync(client.Videos.ResumeBatchAsync(items, cancellationToken: Token));

        Assert.Equal(16, again.Count(item => item.State == BatchItemState.Succeeded));
        Assert.Equal(20, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task Wrong_key_ends_a_batch_after_a_few_calls(string platform)
    {
        var client = Client(platform, options => options.ApiKey = "test-key-wrong");

        var items = await ToListAsync(client.Videos.GenerateBatchAsync(Requests(200), new BatchOptions { MaxConcurrency = 2 }, Token));

        Assert.Equal((200, 0), (items.Count, Simulator.Ledger.BilledCreates));
        Assert.InRange(Simulator.Ledger.Requests.Count, 1, 2);
        Assert.Equal(200 - Simulator.Ledger.Requests.Count, items.Count(item => item.State == BatchItemState.NotStarted));
    }

    [Theory]
    [AllPlatforms]
    public async Task Cancellation_does_not_throw_and_yields_every_accepted_task_with_its_id(string platform)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(SimulatorFault.Status(200, """{"status":102}"""), times: int.MaxValue);
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.None, times: 2)
            .Then(SimulatorFault.Delay(TimeSpan.FromMilliseconds(300)));
        var client = Client(platform);
        var batch = ToListAsync(client.Videos.GenerateBatchAsync(Requests(10), new BatchOptions { MaxConcurrency = 3 }, cancel.Token));
        await Simulator.Ledger.WaitForAsync(request => request.WasBilled && Simulator.Ledger.BilledCreates == 3, Token);

        await cancel.CancelAsync();

        var items = await batch;
        Assert.Equal(10, items.Count);
        Assert.Equal(BilledIds(platform), items.Where(item => item.State == BatchItemState.Canceled).Select(item => item.TaskId).Order());
        Assert.Equal(7, items.Count(item => item is { State: BatchItemState.NotStarted, TaskId: null }));

        Simulator.Faults.Clear();
        var again = await ToListAsync(
            client.Videos.ResumeBatchAsync(items.Where(item => item.TaskId is not null), cancellationToken: Token));

        Assert.Equal((3, 3), (again.Count(item => item.State == BatchItemState.Succeeded), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [AllPlatforms]
    public async Task Leaving_the_loop_creates_nothing_more_and_every_id_was_reported(string platform)
    {
        var reported = new HashSet<string>(StringComparer.Ordinal);
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.None)
            .Then(SimulatorFault.Delay(TimeSpan.FromMilliseconds(300)), times: 1000);
        var read = 0;

        await foreach (var _ in Client(platform).Videos.GenerateBatchAsync(
            Endless(() => read++),
            new BatchOptions
            {
                MaxConcurrency = 2,
                Progress = new SyncProgress<BatchProgress>(progress => reported.Add(progress.Item.TaskId!)),
            },
            Token))
        {
            break;
        }

        var billed = BilledIds(platform);
        Assert.Equal(billed, reported.Order());
        Assert.InRange(billed.Count, 1, 4);
        Assert.InRange(read, 2, 5);
    }

    [Fact]
    public async Task Consumer_that_stops_reading_stops_spending()
    {
        var read = 0;
        var batch = Client("juxin").Videos.GenerateBatchAsync(
            Endless(() => Interlocked.Increment(ref read)), new BatchOptions { MaxConcurrency = 2 }, Token).GetAsyncEnumerator(Token);
        await batch.MoveNextAsync();
        await Simulator.Ledger.WaitForAsync(request => Simulator.Ledger.BilledCreates == 5, Token);

        // One was read; the batch runs at most four more ahead.
        Assert.Equal(5, Volatile.Read(ref read));
        for (var i = 0; i < 4; i++)
        {
            Assert.True(await batch.MoveNextAsync());
        }

        await batch.DisposeAsync();
        Assert.InRange(Simulator.Ledger.BilledCreates, 5, 9);
    }

    [Theory]
    [AllPlatforms]
    public async Task Create_of_unknown_outcome_is_repeated_only_on_request(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.None).Then(SimulatorFault.DropAfterAccept());
        var client = Client(platform);

        var items = await ToListAsync(client.Videos.GenerateBatchAsync(Requests(4), cancellationToken: Token));
        var again = await ToListAsync(client.Videos.ResumeBatchAsync(items, cancellationToken: Token));

        var unknown = Assert.Single(again);
        Assert.Equal((BatchItemState.SubmissionUnknown, null, 4), (unknown.State, unknown.TaskId, Simulator.Ledger.BilledCreates));
        Assert.Same(items.Single(item => item.State == BatchItemState.SubmissionUnknown).Error, unknown.Error);

        var forced = await ToListAsync(client.Videos.ResumeBatchAsync(again, new BatchOptions { CreateUnknownAgain = true }, Token));

        Assert.Equal((BatchItemState.Succeeded, 5), (Assert.Single(forced).State, Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [AllPlatforms]
    public async Task Unknown_outcome_with_an_id_is_waited_for(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.CutBody(0.99));
        var client = Client(platform);

        var item = Assert.Single(await ToListAsync(client.Videos.GenerateBatchAsync(Requests(1), cancellationToken: Token)));
        var again = Assert.Single(
            await ToListAsync(client.Videos.ResumeBatchAsync([item], new BatchOptions { CreateUnknownAgain = true }, Token)));

        Assert.Equal(
            (BatchItemState.SubmissionUnknown, BatchItemState.Succeeded, 1), (item.State, again.State, Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [AllPlatforms]
    public async Task Unfinished_task_is_waited_for_and_not_created_again(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(SimulatorFault.Status(401, """{"error":{"message":"无效的令牌"}}"""));
        var client = Client(platform);

        var items = await ToListAsync(
            client.Videos.GenerateBatchAsync(Requests(2), new BatchOptions { MaxConcurrency = 1, StopOnFatal = false }, Token));
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(SimulatorFault.StatusScript(["\"queued\""]));
        var late = await ToListAsync(
            client.Videos.GenerateBatchAsync(Requests(1), new BatchOptions { Wait = new WaitOptions { Timeout = TimeSpan.Zero } }, Token));
        var again = await ToListAsync(client.Videos.ResumeBatchAsync([items[0], late[0] with { Index = 7 }], cancellationToken: Token));

        Assert.Equal([BatchItemState.Unfinished, BatchItemState.Succeeded], items.Select(item => item.State));
        Assert.Equal(
            (Sora2ErrorKind.Authentication, (bool?)true),
            (((Sora2Exception)items[0].Error!).Kind, ((Sora2Exception)items[0].Error!).MayHaveBeenCharged));
        Assert.IsType<WaitTimeoutException>(late[0].Error);
        Assert.Equal((2, 3), (again.Count(item => item.State == BatchItemState.Succeeded), Simulator.Ledger.BilledCreates));
        Assert.Equal([items[0].TaskId, late[0].TaskId], again.OrderBy(item => item.Index).Select(item => item.TaskId));
    }

    [Theory]
    [AllPlatforms]
    public async Task Failed_download_keeps_its_task_and_is_repeated_without_a_create(string platform)
    {
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.WrongContent());
        var client = Client(platform);
        var options = new BatchOptions
        {
            DownloadTo = Path.Combine(Folder, "videos"),
            Download = new DownloadOptions { ComputeSha256 = true },
        };

        var items = await ToListAsync(client.Videos.GenerateBatchAsync(Requests(5), options, Token));

        var broken = Assert.Single(items, item => item.State == BatchItemState.DownloadFailed);
        Assert.IsType<DownloadException>(broken.Error);
        Assert.NotNull(broken.VideoTask!.VideoUrl);
        Assert.Equal(
            4, items.Count(item => item is { State: BatchItemState.Succeeded, Video.Sha256: not null } && File.Exists(item.Video.Path)));

        var again = Assert.Single(await ToListAsync(client.Videos.ResumeBatchAsync(items, options, Token)));

        Assert.Equal((BatchItemState.Succeeded, broken.TaskId, 5), (again.State, again.Video!.TaskId, Simulator.Ledger.BilledCreates));
        Assert.Equal(5, Directory.GetFiles(options.DownloadTo, "*.mp4").Length);
    }

    [Theory]
    [AllPlatforms]
    public async Task Resuming_downloads_the_videos_of_a_batch_that_downloaded_none(string platform)
    {
        var client = Client(platform);
        var items = await ToListAsync(client.Videos.GenerateBatchAsync(Requests(2), cancellationToken: Token));

        var again = await ToListAsync(client.Videos.ResumeBatchAsync(items, new BatchOptions { DownloadTo = Folder }, Token));

        Assert.Equal(
            (2, 2, 2), (again.Count(item => item.Video is not null), Directory.GetFiles(Folder).Length, Simulator.Ledger.BilledCreates));
        Assert.Empty(await ToListAsync(client.Videos.ResumeBatchAsync(again, new BatchOptions { DownloadTo = Folder }, Token)));
    }

    [Fact]
    public async Task Download_blocks_no_task_and_keeps_the_paid_task_when_cancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Stall());
        var seen = new List<BatchItem>();

        await foreach (var item in Client("zhenzhen").Videos.GenerateBatchAsync(
            Requests(2), new BatchOptions { MaxConcurrency = 1, DownloadTo = Folder }, cancel.Token))
        {
            seen.Add(item);
            await cancel.CancelAsync();
        }

        // Either download may be the first, which stalls.
        Assert.Equal([BatchItemState.Succeeded, BatchItemState.Canceled], seen.Select(item => item.State));
        Assert.Equal([0, 1], seen.Select(item => item.Index).Order());
        Assert.True(seen[1].VideoTask!.IsCompleted);
    }

    [Theory]
    [AllPlatforms]
    public async Task Limits_of_the_client_apply_as_well(string platform)
    {
        var items = await ToListAsync(Client(platform, options => options.MaxRunningTasks = 2).Videos.GenerateBatchAsync(
            Requests(10), new BatchOptions { MaxConcurrency = 5 }, Token));

        Assert.All(items, item => Assert.Equal(BatchItemState.Succeeded, item.State));
        Assert.Equal(2, MostAtOnce(platform));
    }

    [Fact]
    public async Task Sequence_that_throws_ends_the_batch_after_the_running_tasks()
    {
        var seen = new List<BatchItem>();
        IEnumerable<VideoRequest> broken = [.. Requests(3), null!, .. Requests(3)];

        var error = await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (var item in Client("juxin").Videos.GenerateBatchAsync(broken, cancellationToken: Token))
            {
                seen.Add(item);
            }
        });

        Assert.Contains("Request 3", error.Message, StringComparison.Ordinal);
        Assert.Equal((3, 3), (seen.Count(item => item.State == BatchItemState.Succeeded), Simulator.Ledger.BilledCreates));
    }

    [Fact]
    public async Task Progress_that_throws_ends_the_creates_and_loses_no_task()
    {
        var seen = new List<BatchItem>();

        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var item in Client("zhenzhen").Videos.GenerateBatchAsync(
                Requests(30),
                new BatchOptions
                {
                    MaxConcurrency = 2,
                    Progress = new SyncProgress<BatchProgress>(_ => throw new FormatException("an error of the caller")),
                },
                Token))
            {
                seen.Add(item);
            }
        });

        Assert.InRange(Simulator.Ledger.BilledCreates, 1, 2);
        Assert.Equal(BilledIds("zhenzhen"), seen.Where(item => item.State == BatchItemState.Succeeded).Select(item => item.TaskId).Order());
    }

    [Fact]
    public async Task Enumerating_a_batch_twice_is_refused()
    {
        var batch = Client("juxin").Videos.GenerateBatchAsync(Requests(2), cancellationToken: Token);
        await ToListAsync(batch);

        await Assert.ThrowsAsync<InvalidOperationException>(() => ToListAsync(batch));

        Assert.Equal(2, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Cancelled_token_starts_nothing()
    {
        var items = await ToListAsync(
            Client("juxin").Videos.GenerateBatchAsync(Requests(3), cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal((3, 0), (items.Count(item => item.State == BatchItemState.NotStarted), Simulator.Ledger.Requests.Count));
        Assert.Empty(await ToListAsync(
            Client("juxin").Videos.GenerateBatchAsync(Endless(() => { }), cancellationToken: new CancellationToken(canceled: true))));
    }

    [Fact]
    public void Invalid_options_and_items_are_refused_at_once()
    {
        var videos = Client("juxin").Videos;
        var item = new BatchItem { Index = 3, Request = new VideoRequest("a"), State = BatchItemState.Failed };

        Assert.Throws<Sora2ValidationException>(
            () => videos.GenerateBatchAsync(Requests(1), new BatchOptions { MaxConcurrency = 0 }, Token));
        Assert.Throws<Sora2ValidationException>(() => videos.GenerateBatchAsync(Requests(1), new BatchOptions { DownloadTo = " " }, Token));
        Assert.Throws<Sora2ValidationException>(
            () => videos.ResumeBatchAsync([item], new BatchOptions { Wait = new WaitOptions { PollInterval = TimeSpan.Zero } }, Token));
        Assert.Contains(
            "#3",
            Assert.Throws<ArgumentException>(
                () => videos.ResumeBatchAsync([item, item with { State = BatchItemState.Succeeded }], cancellationToken: Token)).Message,
            StringComparison.Ordinal);
    }

    private static IReadOnlyList<VideoRequest> Requests(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new VideoRequest($"video {index}"))];

    private static IEnumerable<VideoRequest> Endless(Action read)
    {
        while (true)
        {
            read();
            yield return new VideoRequest("again");
        }
    }

    private static async Task<List<BatchItem>> ToListAsync(IAsyncEnumerable<BatchItem> batch)
    {
        var items = new List<BatchItem>();
        await foreach (var item in batch)
        {
            items.Add(item);
        }

        return items;
    }

    private List<string?> BilledIds(string platform) =>
        [
            .. Simulator.Ledger.Of(SimulatorOperation.CreateVideo, platform)
                .Where(create => create.WasBilled)
                .Select(create => create.TaskId)
                .Order(),
        ];

    private void AssertEachTaskIsOfItsOwnRequest(List<BatchItem> items, string platform)
    {
        var prompts = Simulator.Ledger.Of(SimulatorOperation.CreateVideo, platform)
            .Where(create => create.WasBilled)
            .ToDictionary(create => create.TaskId!, create => create.Json!.Value.GetProperty("prompt").GetString());
        Assert.All(
            items.Where(item => item.TaskId is not null),
            item => Assert.Equal((item.Request.GetPrompt(), item.TaskId), (prompts[item.TaskId!], item.VideoTask!.Id)));
    }

    /// <summary>The most tasks that ran at once as the platform saw it: from the create to the last query of a task.</summary>
    private int MostAtOnce(string platform)
    {
        var requests = Simulator.Ledger.Requests.Where(request => request.Platform == platform).ToList();
        var (running, most) = (0, 0);
        for (var i = 0; i < requests.Count; i++)
        {
            running += requests[i].WasBilled ? 1 : 0;
            most = Math.Max(most, running);
            var isLastQuery = requests[i].Operation == SimulatorOperation.Query
                && requests.FindLastIndex(request => request.TaskId == requests[i].TaskId) == i;
            running -= isLastQuery ? 1 : 0;
        }

        return most;
    }

    private static void AssertReported(List<BatchProgress> reports, List<BatchItem> items, int mostRunning)
    {
        Assert.All(reports, report => Assert.InRange(report.Running, 0, mostRunning));
        Assert.All(reports, report => Assert.Equal(items.Count, report.Queued + report.Running + report.Downloading + report.Done));
        Assert.Equal(reports.Select(report => report.Done).Order(), reports.Select(report => report.Done));
        Assert.Equal(
            (items.Count, 2, 0, 100.0), (reports[^1].Done, reports[^1].Failed, reports[^1].Queued!.Value, reports[^1].Percent!.Value));
        Assert.All(
            items.Where(item => item.TaskId is not null),
            item => Assert.Equal(BatchItemState.Running, reports.First(report => report.Item.TaskId == item.TaskId).Item.State));
    }
}
