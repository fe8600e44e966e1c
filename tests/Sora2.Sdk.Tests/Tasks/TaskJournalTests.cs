using System.Net;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Tasks;

/// <summary>The records that a client saves, and when.</summary>
public sealed class TaskJournalTests
{
    private static readonly Storyboard TwoShots = new StoryboardBuilder()
        .AddShot("a", TimeSpan.FromSeconds(4))
        .AddShot("b", TimeSpan.FromSeconds(6))
        .Build();

    private readonly BreakableStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [AllPlatforms]
    public async Task Intent_is_saved_before_the_request_and_the_id_right_after(string name)
    {
        var platform = Platform(name);
        IReadOnlyList<TaskRecord> atSending = [];
        var api = new StubHandler((_, _) =>
        {
            atSending = _store.Records;
            return StubHandler.Json(TestClients.Accepted(platform));
        });
        using var client = Client(platform, api);

        await client.Videos.CreateAsync(new VideoRequest("小猫") { Duration = TimeSpan.FromSeconds(15) }, Token);

        var intent = Assert.Single(atSending);
        Assert.Equal(TaskRecordState.Submitting, intent.State);
        Assert.Null(intent.TaskId);
        Assert.Equal("小猫", intent.Prompt);
        Assert.Equal(TimeSpan.FromSeconds(15), intent.Duration);
        var record = Assert.Single(_store.Records);
        Assert.Equal(intent with { State = TaskRecordState.Running, TaskId = "task-1" }, record);
        Assert.Equal(name, record.PlatformName);
        Assert.Equal(TaskRecordKind.Video, record.Kind);
    }

    [Theory]
    [AllPlatforms]
    public async Task Storyboard_is_recorded_as_a_storyboard(string name)
    {
        using var client = Client(Platform(name), new StubHandler(TestClients.Accepted(Platform(name))));

        await client.Videos.CreateAsync(TwoShots, Token);

        var record = Assert.Single(_store.Records);
        Assert.Equal(TaskRecordKind.Storyboard, record.Kind);
        Assert.Equal(TaskRecordState.Running, record.State);
        Assert.Equal(TwoShots.ToPrompt(), record.Prompt);
        Assert.Equal(TimeSpan.FromSeconds(10), record.Duration);
    }

    [Fact]
    public async Task Refused_create_is_recorded_as_refused()
    {
        using var client = Client(
            Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"额度不足"}}""", HttpStatusCode.Forbidden)));

        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        var record = Assert.Single(_store.Records);
        Assert.Equal(TaskRecordState.Refused, record.State);
        Assert.Contains("额度不足", record.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_outcome_is_recorded_with_the_id_that_was_received()
    {
        using var client = Client(
            Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json("""{"id":"video_5c6a605a-30c0","status":"que""")));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(TaskRecordState.Unknown, _store.Records[0].State);
        Assert.Equal(error.TaskId, _store.Records[0].TaskId);
    }

    [Fact]
    public async Task Reason_of_an_unknown_outcome_is_given_once_in_the_record_and_on_resuming()
    {
        using var client = Client(
            Sora2Platform.Juxin,
            new StubHandler(
                (_, _) => StubHandler.Json("""{"error":{"message":"upstream broke down"}}""", HttpStatusCode.InternalServerError)));

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(2, _store.Records[0].Error!.Split("upstream broke down").Length);
        await foreach (var open in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Equal(2, open.Error!.Message.Split("upstream broke down").Length);
        }
    }

    [Theory]
    [InlineData(true, TaskRecordState.Unknown)]
    [InlineData(false, TaskRecordState.Refused)]
    public async Task Canceled_create_is_unknown_if_sending_had_begun(bool hadBegun, TaskRecordState state)
    {
        using var cancel = new CancellationTokenSource();
        using var client = Client(Sora2Platform.Juxin, new HandlerOf(async (request, token) =>
        {
            if (hadBegun)
            {
                await request.Content!.ReadAsByteArrayAsync(token);
            }

            // Not awaited: the continuation disposes the client, which waits for this request.
            _ = cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancel.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new OperationCanceledException(cancel.Token);
        }));

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token));

        Assert.Equal(hadBegun, error is SubmissionCanceledException { PlatformName: "juxin" });
        await client.DisposeAsync(); // waits for the outcome
        Assert.Equal(state, Assert.Single(_store.Records).State);
    }

    [Fact]
    public async Task Create_canceled_between_two_attempts_is_refused()
    {
        using var cancel = new CancellationTokenSource();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"too fast"}}""", HttpStatusCode.TooManyRequests)),
            options => (options.TaskStore, options.TimeProvider) = (_store, new VirtualClock()));
        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);

        Assert.Equal(TaskRecordState.Refused, Assert.Single(_store.Records).State);
    }

    [Theory]
    [InlineData("""{"id":"task-1","status":"failed","fail_reason":"why"}""", TaskRecordState.Failed)]
    [InlineData("""{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4"}""", TaskRecordState.Completed)]
    public async Task Create_response_with_a_final_status_is_recorded(string response, TaskRecordState state)
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler(response));

        await client.Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal(state, Assert.Single(_store.Records).State);
    }

    [Fact]
    public async Task Invalid_request_is_not_recorded()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("{}"));

        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.CreateAsync(new VideoRequest("a") { Duration = TimeSpan.FromSeconds(25) }, Token));

        Assert.Empty(_store.Records);
    }

    [Fact]
    public async Task Intent_that_cannot_be_saved_is_not_sent()
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Juxin));
        using var client = Client(Sora2Platform.Juxin, api);
        _store.BreaksAt = _ => true;

        var error = await Assert.ThrowsAsync<StorageException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(Sora2ErrorKind.Storage, error.Kind);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Equal("The disk is full", error.InnerException!.Message);
        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task Intent_that_was_saved_although_the_save_failed_is_refused()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("{}"));
        _store.BreaksAfter = record => record.State == TaskRecordState.Submitting;

        await Assert.ThrowsAsync<StorageException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(TaskRecordState.Refused, Assert.Single(_store.Records).State);
        Assert.Empty(await ResumedAsync(client));
    }

    [Fact]
    public async Task Batch_does_not_pay_again_for_a_task_whose_id_could_not_be_saved()
    {
        var api = new StubHandler((_, request) => StubHandler.Json(
            request.Method == HttpMethod.Post ? TestClients.Accepted(Sora2Platform.Juxin) : Responses.Completed("task-1")));
        using var client = Client(Sora2Platform.Juxin, api);
        _store.BreaksAt = record => record.State == TaskRecordState.Running;

        VideoRequest[] requests = [new VideoRequest("a"), new VideoRequest("b")];
        var items = await client.Videos.GenerateBatchAsync(requests, new BatchOptions { MaxConcurrency = 1 }, Token).CollectAsync();
        Assert.Equal(
            [(BatchItemState.Unfinished, "task-1"), (BatchItemState.NotStarted, null)],
            items.OrderBy(item => item.Index).Select(item => (item.State, item.TaskId)));

        _store.BreaksAt = _ => false;
        var again = await client.Videos.ResumeBatchAsync(
            items.Where(item => item.TaskId is not null), cancellationToken: Token).CollectAsync();
        Assert.Equal(BatchItemState.Succeeded, Assert.Single(again).State);
        Assert.Single(api.Sent, request => request.Method == "POST");
    }

    [Fact]
    public async Task Accepted_task_whose_id_cannot_be_saved_is_reported_with_its_id()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler(TestClients.Accepted(Sora2Platform.Juxin)));
        _store.BreaksAt = record => record.State == TaskRecordState.Running;

        var error = await Assert.ThrowsAsync<StorageException>(
            () => client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token));

        Assert.Equal(Sora2ErrorKind.Storage, error.Kind);
        Assert.Equal("task-1", error.TaskId);
        Assert.True(error.MayHaveBeenCharged);
        Assert.Contains("WaitAsync", error.Message, StringComparison.Ordinal);
        Assert.Equal(TaskRecordState.Submitting, Assert.Single(_store.Records).State); // reported as unknown after a restart
    }

    [Fact]
    public async Task Platform_error_is_thrown_even_if_it_cannot_be_saved()
    {
        using var client = Client(
            Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"额度不足"}}""", HttpStatusCode.Forbidden)));
        _store.BreaksAt = record => record.State == TaskRecordState.Refused;

        Assert.Equal(
            Sora2ErrorKind.InsufficientQuota,
            (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token))).Kind);
    }

    [Fact]
    public async Task Outcome_is_recorded_when_polled_and_never_reverted()
    {
        using var client = Client(
            Sora2Platform.Juxin,
            new StubHandler("""{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4?sig=secret"}"""));
        await _store.UpdateAsync(Record("k", TaskRecordState.Running, "task-1"), Token);

        await client.Videos.GetAsync("task-1", Token);
        Assert.Equal(TaskRecordState.Completed, _store.Records[0].State);

        await _store.UpdateAsync(_store.Records[0] with { State = TaskRecordState.Downloaded }, Token);
        await client.Videos.GetAsync("task-1", Token);
        Assert.Equal(TaskRecordState.Downloaded, _store.Records[0].State);
    }

    [Fact]
    public async Task Failed_task_is_recorded_with_the_reason()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("""{"id":"task-1","status":"failed","fail_reason":"违反政策"}"""));
        await _store.UpdateAsync(Record("k", TaskRecordState.Running, "task-1"), Token);

        await Assert.ThrowsAsync<VideoTaskFailedException>(() => client.Videos.WaitAsync("task-1", cancellationToken: Token));

        Assert.Equal(TaskRecordState.Failed, _store.Records[0].State);
        Assert.Equal("违反政策", _store.Records[0].Error);
    }

    [Fact]
    public async Task Resuming_waits_for_open_tasks_reports_unknown_ones_and_creates_nothing()
    {
        var api = new StubHandler((_, request) => StubHandler.Json(request.RequestUri!.Query.Contains("failing", StringComparison.Ordinal)
            ? """{"id":"failing","status":"failed","fail_reason":"why"}"""
            : Responses.Completed("x")));
        using var client = Client(Sora2Platform.Juxin, api);
        foreach (var state in Enum.GetValues<TaskRecordState>())
        {
            await _store.UpdateAsync(Record("with-id-" + state, state, "task-" + state), Token);
            await _store.UpdateAsync(Record("without-" + state, state), Token);
        }

        await _store.UpdateAsync(Record("failing", TaskRecordState.Running, "failing"), Token);
        await _store.UpdateAsync(Record("other-platform", TaskRecordState.Running, "task-z") with { PlatformName = "zhenzhen" }, Token);
        await _store.UpdateAsync(Record("other-client", TaskRecordState.Running, "task-c") with { ClientName = "other" }, Token);

        var resumed = await ResumedAsync(client);

        Assert.Equal(
            [
                "failing:VideoTaskFailedException",
                "with-id-Completed:",
                "with-id-Running:",
                "with-id-Submitting:",
                "with-id-Unknown:",
                "without-Completed:SubmissionUnknownException",
                "without-Running:SubmissionUnknownException",
                "without-Submitting:SubmissionUnknownException",
                "without-Unknown:SubmissionUnknownException",
            ],
            resumed.Select(item => $"{item.Record.Id}:{item.Error?.GetType().Name}").Order(StringComparer.Ordinal));
        Assert.All(resumed, item => Assert.True(item.VideoTask is null != item.Error is null));
        Assert.All(api.Sent, request => Assert.Equal("GET", request.Method));
        Assert.Equal(TaskRecordState.Unknown, (await _store.RecordsAsync(Token)).Single(record => record.Id == "without-Submitting").State);
        Assert.Equal(TaskRecordState.Completed, (await _store.FindAsync("task-Unknown", Token))!.State);
    }

    [Fact]
    public async Task Create_in_flight_is_not_resumed_by_the_same_client()
    {
        var sending = new TaskCompletionSource();
        var response = new TaskCompletionSource<HttpResponseMessage>();
        using var client = Client(Sora2Platform.Juxin, new SlowHandler(sending, response));
        var create = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await sending.Task;

        Assert.Empty(await ResumedAsync(client));

        response.SetResult(StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin)));
        Assert.Equal("task-1", (await create).Id);
    }

    [Fact]
    public async Task Create_in_flight_is_not_resumed_by_another_client_of_the_process()
    {
        var sending = new TaskCompletionSource();
        var response = new TaskCompletionSource<HttpResponseMessage>();
        using var one = Client(Sora2Platform.Juxin, new SlowHandler(sending, response));
        using var two = Client(Sora2Platform.Juxin, new StubHandler("{}"));
        var create = one.Videos.CreateAsync(new VideoRequest("a"), Token);
        await sending.Task;

        Assert.Empty(await ResumedAsync(two));

        response.SetResult(StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin)));
        await create;
        Assert.Equal("task-1", Assert.Single(_store.Records).TaskId);
    }

    [Fact]
    public async Task Create_that_completes_during_resuming_keeps_its_id()
    {
        var sending = new TaskCompletionSource();
        var response = new TaskCompletionSource<HttpResponseMessage>();
        await _store.UpdateAsync(Record("0", TaskRecordState.Unknown), Token);
        using var client = Client(Sora2Platform.Juxin, new SlowHandler(sending, response));
        var create = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await sending.Task;

        await foreach (var item in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Equal("0", item.Record.Id);
            response.SetResult(StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin)));
            await create;
        }

        Assert.Contains(_store.Records, record => record is { TaskId: "task-1", State: TaskRecordState.Running });
    }

    [Fact]
    public async Task Enumeration_that_stops_at_an_unknown_task_starts_no_wait()
    {
        var api = new StubHandler("""{"id":"running","status":"queued"}""");
        using var client = Client(Sora2Platform.Juxin, api);
        await _store.UpdateAsync(Record("a", TaskRecordState.Running, "running"), Token);
        await _store.UpdateAsync(Record("b", TaskRecordState.Unknown), Token);

        await foreach (var item in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Equal("b", item.Record.Id);
            break;
        }

        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task Exception_of_the_progress_handler_ends_resuming()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("""{"id":"running","status":"queued"}"""));
        await _store.UpdateAsync(Record("a", TaskRecordState.Running, "one"), Token);
        await _store.UpdateAsync(Record("b", TaskRecordState.Running, "two"), Token);
        var reports = 0;
        var progress = new SyncProgress<VideoTask>(_ => throw (++reports == 1 ? new FormatException() : new OperationCanceledException()));

        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var _ in client.Videos.ResumeAsync(progress: progress, cancellationToken: Token))
            {
            }
        });
    }

    [Fact]
    public async Task Waits_complete_if_the_client_is_disposed_while_outcomes_are_saved()
    {
        await _store.UpdateAsync(Record("a", TaskRecordState.Running, "a"), Token);
        await _store.UpdateAsync(Record("b", TaskRecordState.Running, "b"), Token);
        var client = Client(
            Sora2Platform.Juxin, new StubHandler((_, request) => StubHandler.Json(Responses.Completed(request.RequestUri!.Query[4..]))));
        var hold = new TaskCompletionSource();
        _store.Saving = hold.Task;
        var waits = new[]
        {
            client.Videos.WaitAsync("a", cancellationToken: Token),
            client.Videos.WaitAsync("b", cancellationToken: Token),
        };

        client.Dispose();
        hold.SetResult();

        Assert.Equal(["a", "b"], (await Task.WhenAll(waits)).Select(task => task.Id));
    }

    [Fact]
    public async Task Disposed_client_ends_its_waits_with_their_ids()
    {
        var client = Client(
            Sora2Platform.Juxin, new StubHandler((_, request) => StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin))));
        var generating = client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        client.Dispose();

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => generating);
        Assert.Equal("task-1", error.Data["Sora2.TaskId"]);
        Assert.Contains("task-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_that_cannot_be_read_is_a_storage_error()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("{}"));
        _store.ListBreaks = true;

        Assert.Equal(Sora2ErrorKind.Storage, (await Assert.ThrowsAsync<StorageException>(() => ResumedAsync(client))).Kind);
    }

    [Fact]
    public async Task Canceled_create_that_was_sent_keeps_its_slot()
    {
        using var cancel = new CancellationTokenSource();
        var response = new TaskCompletionSource<HttpResponseMessage>();
        var sent = 0;
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new HandlerOf(async (request, token) =>
            {
                await request.Content!.ReadAsByteArrayAsync(token);
                sent++;
                return await response.Task.WaitAsync(token);
            }),
            options => (options.MaxRunningTasks, options.TimeProvider) = (1, new VirtualClock()));
        var first = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);
        var second = client.Videos.CreateAsync(new VideoRequest("b"), Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.Equal(1, sent);
        Assert.False(second.IsCompleted);
        response.SetException(new IOException("The client can be disposed now."));
    }

    [Fact]
    public async Task Enumeration_that_stops_ends_the_waits_and_loses_no_record()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler((_, request) => StubHandler.Json(
            request.RequestUri!.Query.Contains("done", StringComparison.Ordinal)
            ? Responses.Completed("done")
            : """{"id":"running","status":"queued"}""")));
        await _store.UpdateAsync(Record("a", TaskRecordState.Running, "running"), Token);
        await _store.UpdateAsync(Record("b", TaskRecordState.Running, "done"), Token);

        await foreach (var item in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Equal("b", item.Record.Id);
            break;
        }

        Assert.Equal([TaskRecordState.Running, TaskRecordState.Completed], _store.Records.Select(record => record.State));
    }

    [Fact]
    public void Resuming_without_a_store_is_refused()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));

        Assert.Contains(
            "TaskStore",
            Assert.Throws<Sora2ValidationException>(() => client.Videos.ResumeAsync(cancellationToken: Token)).Message,
            StringComparison.Ordinal);
    }

    private static Sora2Platform Platform(string name) => Sora2Platform.BuiltIn.Single(platform => platform.Name == name);

    private static TaskRecord Record(string key, TaskRecordState state, string? taskId = null) => new()
    {
        Id = key,
        PlatformName = "juxin",
        State = state,
        TaskId = taskId,
        Prompt = "a",
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private static Task<List<ResumedTask>> ResumedAsync(Sora2Client client) =>
        client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync();

    [Fact]
    public async Task Failed_record_becomes_completed_after_a_later_response()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler(Responses.Completed("task-1")));
        await _store.UpdateAsync(Record("k", TaskRecordState.Failed, "task-1") with { Error = "busy" }, Token);

        await client.Videos.GetAsync("task-1", Token);

        Assert.Equal(TaskRecordState.Completed, _store.Records[0].State);
        Assert.Null(_store.Records[0].Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Finished_task_is_returned_while_its_store_is_broken(bool cannotBeRead)
    {
        using var telemetry = new Listening("broken-store-" + cannotBeRead);
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler(Responses.Completed("task-1")),
            options => (options.TaskStore, options.TimeProvider, options.LoggerFactory) = (_store, new VirtualClock(), telemetry),
            name: telemetry.ClientName);
        await _store.UpdateAsync(Record("k", TaskRecordState.Running, "task-1") with { ClientName = telemetry.ClientName }, Token);
        _store.BreaksAt = _ => true;
        _store.FindBreaks = cannotBeRead;

        Assert.NotNull((await client.Videos.GetAsync("task-1", Token)).VideoUrl);
        Assert.NotNull((await client.Videos.WaitAsync("task-1", cancellationToken: Token)).VideoUrl);
        Assert.NotNull(Assert.Single(await ResumedAsync(client)).VideoTask);

        var line = telemetry.Lines.First(line => line.Id == 42);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("task-1", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_returns_a_finished_task_whose_store_hangs()
    {
        using var cancel = new CancellationTokenSource();
        using var client = Client(Sora2Platform.Juxin, new StubHandler(Responses.Completed("task-1")));
        await _store.UpdateAsync(Record("k", TaskRecordState.Running, "task-1"), Token);
        var hold = new TaskCompletionSource();
        _store.Saving = hold.Task;
        var wait = client.Videos.WaitAsync("task-1", cancellationToken: cancel.Token);
        Assert.False(wait.IsCompleted);

        await cancel.CancelAsync();

        Assert.NotNull((await wait).VideoUrl);
        hold.SetResult();
    }

    [Fact]
    public async Task Cancellation_of_a_create_whose_store_hangs_reports_the_id()
    {
        var clock = new VirtualClock();
        using var cancel = new CancellationTokenSource();
        var hold = new TaskCompletionSource();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((_, _) =>
            {
                _store.Saving = hold.Task;
                return StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin));
            }),
            options => (options.TaskStore, options.TimeProvider) = (_store, clock));
        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAsync<StorageException>(() => clock.RunAsync(create));
        Assert.Equal(Sora2ErrorKind.Storage, error.Kind);
        Assert.Equal("task-1", error.TaskId);
        Assert.True(error.MayHaveBeenCharged);
        Assert.Equal(TimeSpan.FromSeconds(5), clock.Elapsed);
        hold.SetResult();
    }

    [Fact]
    public async Task Task_that_this_process_waits_for_is_not_resumed()
    {
        var isDone = false;
        var clock = new VirtualClock();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((_, _) => StubHandler.Json(isDone ? Responses.Completed("task-1") : TestClients.Accepted(Sora2Platform.Juxin))),
            options => (options.TaskStore, options.TimeProvider) = (_store, clock));
        var generate = client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        Assert.Empty(await ResumedAsync(client));
        isDone = true;
        await clock.RunAsync(generate);


        // Its video was not downloaded and the wait has ended.
        Assert.Equal("task-1", Assert.Single(await ResumedAsync(client)).VideoTask!.Id);
    }

    [Fact]
    public async Task Task_is_not_resumed_twice_at_the_same_time()
    {
        using var client = Client(
            Sora2Platform.Juxin, new StubHandler((_, request) => StubHandler.Json(Responses.Completed(request.RequestUri!.Query[4..]))));
        await _store.UpdateAsync(Record("a", TaskRecordState.Running, "a"), Token);
        await _store.UpdateAsync(Record("b", TaskRecordState.Running, "b"), Token);
        var seen = new List<string>();

        await foreach (var first in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            seen.Add(first.VideoTask!.Id);
            // the first enumeration may be downloading it
            Assert.DoesNotContain(first.VideoTask.Id, (await ResumedAsync(client)).Select(second => second.VideoTask!.Id));
        }

        Assert.Equal(["a", "b"], seen.Order());
        Assert.Equal(2, (await ResumedAsync(client)).Count);
    }

    private Sora2Client Client(Sora2Platform platform, HttpMessageHandler api) => TestClients.Create(platform, api, options =>
    {
        (options.TaskStore, options.CreateRetries, options.QueryRetries, options.TimeProvider) = (_store, 0, 0, new VirtualClock());
    });

    /// <summary>A store that fails where a test says.</summary>
    private sealed class BreakableStore : WrappedStore
    {
        public Func<TaskRecord, bool> BreaksAt { get; set; } = _ => false;

        public IReadOnlyList<TaskRecord> Records => Inner.RecordsAsync(CancellationToken.None).GetAwaiter().GetResult();

        public Func<TaskRecord, bool> BreaksAfter { get; set; } = _ => false;

        public bool ListBreaks { get; set; }

        public bool FindBreaks { get; set; }

        public Task Saving { get; set; } = Task.CompletedTask;

        public override IAsyncEnumerable<TaskRecord> ListAsync(
            TaskRecordFilter? filter = null, CancellationToken cancellationToken = default) =>
            ListBreaks ? throw new IOException("The disk is gone") : base.ListAsync(filter, cancellationToken);

        protected override async Task SaveAsync(TaskRecord record, Func<Task> save)
        {
            await Saving;
            await (BreaksAt(record) ? throw new IOException("The disk is full") : save());
            if (BreaksAfter(record))
            {
                throw new TimeoutException("The response was lost");
            }
        }

        protected override Task ReadAsync() => FindBreaks ? throw new IOException("The disk is gone") : Task.CompletedTask;
    }

    private sealed class HandlerOf(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            send(request, cancellationToken);
    }

    private sealed class SlowHandler(TaskCompletionSource sending, TaskCompletionSource<HttpResponseMessage> response) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sending.SetResult();
            return response.Task;
        }
    }
}
