using System.Net;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Tasks;

/// <summary>What a client writes down, and when.</summary>
public sealed class TaskJournalTests
{
    private static readonly Storyboard TwoShots = new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(4)).AddShot("b", TimeSpan.FromSeconds(6)).Build();

    private readonly BreakableStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [AllPlatforms]
    public async Task The_intent_is_durable_before_the_request_and_the_id_right_after(string name)
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
        Assert.Equal((TaskRecordState.Submitting, null, "小猫", TimeSpan.FromSeconds(15)), (intent.State, intent.TaskId, intent.Prompt, intent.Duration));
        var record = Assert.Single(_store.Records);
        Assert.Equal(intent with { State = TaskRecordState.Running, TaskId = "task-1" }, record);
        Assert.Equal((name, TaskRecordKind.Video), (record.Platform, record.Kind));
    }

    [Theory]
    [AllPlatforms]
    public async Task A_storyboard_is_recorded_as_one(string name)
    {
        using var client = Client(Platform(name), new StubHandler(TestClients.Accepted(Platform(name))));

        await client.Storyboards.CreateAsync(TwoShots, Token);

        var record = Assert.Single(_store.Records);
        Assert.Equal((TaskRecordKind.Storyboard, TaskRecordState.Running, TwoShots.ToPrompt(), TimeSpan.FromSeconds(10)), (record.Kind, record.State, record.Prompt, record.Duration));
    }

    [Fact]
    public async Task A_refused_create_is_recorded_as_refused()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"额度不足"}}""", HttpStatusCode.Forbidden)));

        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        var record = Assert.Single(_store.Records);
        Assert.Equal(TaskRecordState.Refused, record.State);
        Assert.Contains("额度不足", record.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_outcome_is_recorded_as_unknown_with_the_id_that_came()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json("""{"id":"video_5c6a605a-30c0","status":"que""")));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((TaskRecordState.Unknown, error.TaskId), (_store.Records[0].State, _store.Records[0].TaskId));
    }

    [Fact]
    public async Task The_reason_of_an_unknown_outcome_is_told_once_in_the_record_and_when_it_is_resumed()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"upstream broke down"}}""", HttpStatusCode.InternalServerError)));

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(2, _store.Records[0].Error!.Split("upstream broke down").Length);
        Assert.DoesNotContain("It is not known whether", _store.Records[0].Error, StringComparison.Ordinal);
        await foreach (var open in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Equal((2, 2), (open.Error!.Message.Split("upstream broke down").Length, open.Error.Message.Split("It is not known whether").Length));
        }
    }

    [Theory]
    [InlineData(true, TaskRecordState.Unknown)]
    [InlineData(false, TaskRecordState.Refused)]
    public async Task A_create_that_was_cancelled_may_have_been_sent_if_it_had_begun_to_leave(bool hadBegun, TaskRecordState state)
    {
        using var cancel = new CancellationTokenSource();
        using var client = Client(Sora2Platform.Juxin, new HandlerOf(async (request, token) =>
        {
            if (hadBegun)
            {
                await request.Content!.ReadAsByteArrayAsync(token);
            }

            // Not awaited: what the cancellation lets go on includes the disposing of the client, which waits for this very send.
            _ = cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancel.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new OperationCanceledException(cancel.Token);
        }));

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token));

        Assert.Equal(hadBegun, error is SubmissionCanceledException { Platform: "juxin" });
        Assert.Equal(state, Assert.Single(_store.Records).State);
    }

    [Fact]
    public async Task A_create_that_is_cancelled_between_two_attempts_was_not_taken()
    {
        using var cancel = new CancellationTokenSource();
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"too fast"}}""", HttpStatusCode.TooManyRequests)), options => (options.TaskStore, options.TimeProvider) = (_store, new VirtualClock()));
        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);

        Assert.Equal(TaskRecordState.Refused, Assert.Single(_store.Records).State);
    }

    [Theory]
    [InlineData("""{"id":"task-1","status":"failed","fail_reason":"why"}""", TaskRecordState.Failed)]
    [InlineData("""{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4"}""", TaskRecordState.Completed)]
    public async Task A_create_that_is_answered_with_an_end_is_recorded_so(string answer, TaskRecordState state)
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler(answer));

        await client.Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal(state, Assert.Single(_store.Records).State);
    }

    [Fact]
    public async Task What_cannot_be_made_is_not_recorded()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("{}"));

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest("a") { Duration = TimeSpan.FromSeconds(25) }, Token));

        Assert.Empty(_store.Records);
    }

    [Fact]
    public async Task An_intent_that_is_not_durable_is_not_sent()
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Juxin));
        using var client = Client(Sora2Platform.Juxin, api);
        _store.BreaksAt = _ => true;

        var error = await Assert.ThrowsAsync<Sora2Exception>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((Sora2ErrorKind.Storage, (bool?)false, "The disk is full"), (error.Kind, error.MayHaveBeenCharged, error.InnerException!.Message));
        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task An_intent_that_became_durable_though_its_saving_failed_is_not_reported()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("{}"));
        _store.BreaksAfter = record => record.State == TaskRecordState.Submitting;

        await Assert.ThrowsAsync<Sora2Exception>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(TaskRecordState.Refused, Assert.Single(_store.Records).State);
        Assert.Empty(await ResumedAsync(client));
    }

    [Fact]
    public async Task A_batch_does_not_pay_again_for_a_task_whose_id_could_not_be_written()
    {
        var api = new StubHandler((_, request) => StubHandler.Json(request.Method == HttpMethod.Post ? TestClients.Accepted(Sora2Platform.Juxin) : """{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4"}"""));
        using var client = Client(Sora2Platform.Juxin, api);
        _store.BreaksAt = record => record.State == TaskRecordState.Running;

        var items = await ToListAsync(client.Videos.GenerateBatchAsync([new VideoRequest("a"), new VideoRequest("b")], new BatchOptions { MaxConcurrency = 1 }, Token));
        Assert.Equal([(BatchItemState.Unfinished, "task-1"), (BatchItemState.NotStarted, null)], items.OrderBy(item => item.Index).Select(item => (item.State, item.TaskId)));

        _store.BreaksAt = _ => false;
        var again = await ToListAsync(client.Videos.ResumeBatchAsync(items.Where(item => item.TaskId is not null), cancellationToken: Token));
        Assert.Equal(BatchItemState.Succeeded, Assert.Single(again).State);
        Assert.Single(api.Sent, request => request.Method == "POST");
    }

    [Fact]
    public async Task An_accepted_task_whose_id_cannot_be_written_is_told_with_its_id()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler(TestClients.Accepted(Sora2Platform.Juxin)));
        _store.BreaksAt = record => record.State == TaskRecordState.Running;

        var error = await Assert.ThrowsAsync<Sora2Exception>(() => client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token));

        Assert.Equal((Sora2ErrorKind.Storage, "task-1", (bool?)true), (error.Kind, error.TaskId, error.MayHaveBeenCharged));
        Assert.Contains("WaitAsync(\"task-1\")", error.Message, StringComparison.Ordinal);
        Assert.Equal(TaskRecordState.Submitting, Assert.Single(_store.Records).State); // reported as unknown after a restart
    }

    [Fact]
    public async Task The_platforms_error_is_told_even_if_it_cannot_be_written()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"额度不足"}}""", HttpStatusCode.Forbidden)));
        _store.BreaksAt = record => record.State == TaskRecordState.Refused;

        Assert.Equal(Sora2ErrorKind.InsufficientQuota, (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token))).Kind);
    }

    [Fact]
    public async Task The_end_is_recorded_once_it_is_seen_and_never_taken_back()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("""{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4?sig=secret"}"""));
        await _store.SaveAsync(Record("k", TaskRecordState.Running, "task-1"), Token);

        await client.Videos.GetAsync("task-1", Token);
        Assert.Equal(TaskRecordState.Completed, _store.Records[0].State);

        await _store.SaveAsync(_store.Records[0] with { State = TaskRecordState.Downloaded }, Token);
        await client.Videos.GetAsync("task-1", Token);
        Assert.Equal(TaskRecordState.Downloaded, _store.Records[0].State);
    }

    [Fact]
    public async Task A_failed_task_is_recorded_with_the_reason()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("""{"id":"task-1","status":"failed","fail_reason":"违反政策"}"""));
        await _store.SaveAsync(Record("k", TaskRecordState.Running, "task-1"), Token);

        await Assert.ThrowsAsync<VideoTaskFailedException>(() => client.Videos.WaitAsync("task-1", cancellationToken: Token));

        Assert.Equal((TaskRecordState.Failed, "违反政策"), (_store.Records[0].State, _store.Records[0].Error));
    }

    [Fact]
    public async Task Resuming_waits_for_what_is_open_reports_what_is_unknown_and_creates_nothing()
    {
        var api = new StubHandler((_, request) => StubHandler.Json(request.RequestUri!.Query.Contains("failing", StringComparison.Ordinal)
            ? """{"id":"failing","status":"failed","fail_reason":"why"}"""
            : """{"id":"x","status":"completed","video_url":"https://media.example.com/v.mp4"}"""));
        using var client = Client(Sora2Platform.Juxin, api);
        foreach (var state in Enum.GetValues<TaskRecordState>())
        {
            await _store.SaveAsync(Record("with-id-" + state, state, "task-" + state), Token);
            await _store.SaveAsync(Record("without-" + state, state), Token);
        }

        await _store.SaveAsync(Record("failing", TaskRecordState.Running, "failing"), Token);
        await _store.SaveAsync(Record("other-platform", TaskRecordState.Running, "task-z") with { Platform = "zhenzhen" }, Token);
        await _store.SaveAsync(Record("other-client", TaskRecordState.Running, "task-c") with { Client = "other" }, Token);

        var resumed = await ResumedAsync(client);

        Assert.Equal(
            ["failing:VideoTaskFailedException", "with-id-Completed:", "with-id-Running:", "with-id-Submitting:", "with-id-Unknown:", "without-Completed:SubmissionUnknownException", "without-Running:SubmissionUnknownException", "without-Submitting:SubmissionUnknownException", "without-Unknown:SubmissionUnknownException"],
            resumed.Select(item => $"{item.Record.Key}:{item.Error?.GetType().Name}").Order(StringComparer.Ordinal));
        Assert.All(resumed, item => Assert.True(item.Task is null != item.Error is null));
        Assert.All(api.Sent, request => Assert.Equal("GET", request.Method));
        Assert.Equal(TaskRecordState.Unknown, (await _store.ListAsync(Token)).Single(record => record.Key == "without-Submitting").State);
        Assert.Equal(TaskRecordState.Completed, (await _store.FindAsync("juxin", "task-Unknown", Token))!.State);
    }

    [Fact]
    public async Task What_this_client_is_sending_at_the_moment_is_not_lost()
    {
        var sending = new TaskCompletionSource();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        using var client = Client(Sora2Platform.Juxin, new SlowHandler(sending, answer));
        var create = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await sending.Task;

        Assert.Empty(await ResumedAsync(client));

        answer.SetResult(StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin)));
        Assert.Equal("task-1", (await create).Id);
    }

    [Fact]
    public async Task What_another_client_of_this_process_is_sending_is_not_lost_either()
    {
        var sending = new TaskCompletionSource();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        using var one = Client(Sora2Platform.Juxin, new SlowHandler(sending, answer));
        using var two = Client(Sora2Platform.Juxin, new StubHandler("{}"));
        var create = one.Videos.CreateAsync(new VideoRequest("a"), Token);
        await sending.Task;

        Assert.Empty(await ResumedAsync(two));

        answer.SetResult(StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin)));
        await create;
        Assert.Equal("task-1", Assert.Single(_store.Records).TaskId);
    }

    [Fact]
    public async Task A_create_that_ends_while_resuming_is_told_of_unknown_ones_keeps_its_id()
    {
        var sending = new TaskCompletionSource();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        await _store.SaveAsync(Record("0", TaskRecordState.Unknown), Token);
        using var client = Client(Sora2Platform.Juxin, new SlowHandler(sending, answer));
        var create = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await sending.Task;

        await foreach (var item in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Equal("0", item.Record.Key);
            answer.SetResult(StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin)));
            await create;
        }

        Assert.Contains(_store.Records, record => record is { TaskId: "task-1", State: TaskRecordState.Running });
    }

    [Fact]
    public async Task Whoever_leaves_at_an_unknown_one_starts_no_wait()
    {
        var api = new StubHandler("""{"id":"running","status":"queued"}""");
        using var client = Client(Sora2Platform.Juxin, api);
        await _store.SaveAsync(Record("a", TaskRecordState.Running, "running"), Token);
        await _store.SaveAsync(Record("b", TaskRecordState.Unknown), Token);

        await foreach (var item in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Equal("b", item.Record.Key);
            break;
        }

        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task What_the_callers_progress_throws_ends_resuming_at_once()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("""{"id":"running","status":"queued"}"""));
        await _store.SaveAsync(Record("a", TaskRecordState.Running, "one"), Token);
        await _store.SaveAsync(Record("b", TaskRecordState.Running, "two"), Token);
        var told = 0;

        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (var _ in client.Videos.ResumeAsync(progress: new Teller(_ => throw (++told == 1 ? new FormatException() : new OperationCanceledException())), cancellationToken: Token))
            {
            }
        });
    }

    [Fact]
    public async Task A_client_that_is_disposed_while_ends_are_written_leaves_nobody_waiting()
    {
        await _store.SaveAsync(Record("a", TaskRecordState.Running, "a"), Token);
        await _store.SaveAsync(Record("b", TaskRecordState.Running, "b"), Token);
        var client = Client(Sora2Platform.Juxin, new StubHandler((_, request) => StubHandler.Json($$"""{"id":"{{request.RequestUri!.Query[4..]}}","status":"completed","video_url":"https://media.example.com/v.mp4"}""")));
        var hold = new TaskCompletionSource();
        _store.Saving = hold.Task;
        var waits = new[] { client.Videos.WaitAsync("a", cancellationToken: Token), client.Videos.WaitAsync("b", cancellationToken: Token) };

        client.Dispose();
        hold.SetResult();

        Assert.Equal(["a", "b"], (await Task.WhenAll(waits)).Select(task => task.Id));
    }

    [Fact]
    public async Task A_client_that_is_disposed_ends_its_waits_with_their_ids()
    {
        var client = Client(Sora2Platform.Juxin, new StubHandler((_, request) => StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin))));
        var generating = client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        client.Dispose();

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => generating);
        Assert.Equal("task-1", error.Data["Sora2.TaskId"]);
        Assert.Contains("task-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_told_as_one()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("{}"));
        _store.ListBreaks = true;

        Assert.Equal(Sora2ErrorKind.Storage, (await Assert.ThrowsAsync<Sora2Exception>(() => ResumedAsync(client))).Kind);
    }

    [Fact]
    public async Task A_cancelled_create_that_had_left_keeps_its_slot()
    {
        using var cancel = new CancellationTokenSource();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var sent = 0;
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new HandlerOf(async (request, token) =>
            {
                await request.Content!.ReadAsByteArrayAsync(token);
                sent++;
                return await answer.Task.WaitAsync(token);
            }),
            options => (options.MaxRunningTasks, options.TimeProvider) = (1, new VirtualClock()));
        var first = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);
        var second = client.Videos.CreateAsync(new VideoRequest("b"), Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.Equal((1, false), (sent, second.IsCompleted));
        answer.SetException(new IOException("The client is disposed once this has ended."));
    }

    [Fact]
    public async Task Whoever_stops_listening_stops_the_waiting_and_loses_no_record()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler((_, request) => StubHandler.Json(request.RequestUri!.Query.Contains("done", StringComparison.Ordinal)
            ? """{"id":"done","status":"completed","video_url":"https://media.example.com/v.mp4"}"""
            : """{"id":"running","status":"queued"}""")));
        await _store.SaveAsync(Record("a", TaskRecordState.Running, "running"), Token);
        await _store.SaveAsync(Record("b", TaskRecordState.Running, "done"), Token);

        await foreach (var item in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Equal("b", item.Record.Key);
            break;
        }

        Assert.Equal([TaskRecordState.Running, TaskRecordState.Completed], _store.Records.Select(record => record.State));
    }

    [Fact]
    public void Without_a_store_there_is_nothing_to_resume()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler("{}"));

        Assert.Contains("TaskStore", Assert.Throws<Sora2ValidationException>(() => client.Videos.ResumeAsync(cancellationToken: Token)).Message, StringComparison.Ordinal);
    }

    private static Sora2Platform Platform(string name) => Sora2Platform.BuiltIn.Single(platform => platform.Name == name);

    private static TaskRecord Record(string key, TaskRecordState state, string? taskId = null) =>
        new() { Key = key, Platform = "juxin", State = state, TaskId = taskId, Prompt = "a", CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch };

    private static Task<List<ResumedTask>> ResumedAsync(Sora2Client client) => ToListAsync(client.Videos.ResumeAsync(cancellationToken: Token));

    [Fact]
    public async Task A_failed_record_becomes_completed_when_a_later_response_says_so()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler("""{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4"}"""));
        await _store.SaveAsync(Record("k", TaskRecordState.Failed, "task-1") with { Error = "busy" }, Token);

        await client.Videos.GetAsync("task-1", Token);

        Assert.Equal((TaskRecordState.Completed, null), (_store.Records[0].State, _store.Records[0].Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_finished_task_can_be_had_while_its_store_is_broken(bool cannotBeRead)
    {
        using var heard = new Listening("broken-store-" + cannotBeRead);
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler("""{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4"}"""),
            options => (options.TaskStore, options.TimeProvider, options.LoggerFactory) = (_store, new VirtualClock(), heard),
            name: heard.ClientName);
        await _store.SaveAsync(Record("k", TaskRecordState.Running, "task-1") with { Client = heard.ClientName }, Token);
        _store.BreaksAt = _ => true;
        _store.FindBreaks = cannotBeRead;

        Assert.NotNull((await client.Videos.GetAsync("task-1", Token)).VideoUrl);
        Assert.NotNull((await client.Videos.WaitAsync("task-1", cancellationToken: Token)).VideoUrl);
        Assert.NotNull(Assert.Single(await ResumedAsync(client)).Task);

        Assert.Contains(heard.Lines, line => line is { Id: 42, Level: Microsoft.Extensions.Logging.LogLevel.Warning } && line.Text.Contains("task-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_hangs_keeps_nobody_from_a_finished_task_who_cancels()
    {
        using var cancel = new CancellationTokenSource();
        using var client = Client(Sora2Platform.Juxin, new StubHandler("""{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4"}"""));
        await _store.SaveAsync(Record("k", TaskRecordState.Running, "task-1"), Token);
        var hold = new TaskCompletionSource();
        _store.Saving = hold.Task;
        var wait = client.Videos.WaitAsync("task-1", cancellationToken: cancel.Token);
        Assert.False(wait.IsCompleted);

        await cancel.CancelAsync();

        Assert.NotNull((await wait).VideoUrl);
        hold.SetResult();
    }

    [Fact]
    public async Task A_store_that_hangs_after_a_create_gives_the_id_to_who_cancels()
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

        var error = await Assert.ThrowsAsync<Sora2Exception>(() => clock.RunAsync(create));
        Assert.Equal((Sora2ErrorKind.Storage, "task-1", (bool?)true), (error.Kind, error.TaskId, error.MayHaveBeenCharged));
        Assert.Equal(TimeSpan.FromSeconds(5), clock.Elapsed);
        hold.SetResult();
    }

    [Fact]
    public async Task What_this_process_waits_for_is_not_resumed()
    {
        var isDone = false;
        var clock = new VirtualClock();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((_, _) => StubHandler.Json(isDone ? """{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4"}""" : TestClients.Accepted(Sora2Platform.Juxin))),
            options => (options.TaskStore, options.TimeProvider) = (_store, clock));
        var generate = client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        Assert.Empty(await ResumedAsync(client));
        isDone = true;
        await clock.RunAsync(generate);

        Assert.Equal("task-1", Assert.Single(await ResumedAsync(client)).Task!.Id); // its video was never downloaded, and nobody waits any more
    }

    [Fact]
    public async Task Resuming_twice_takes_up_no_task_twice_until_the_first_is_through_with_it()
    {
        using var client = Client(Sora2Platform.Juxin, new StubHandler((_, request) => StubHandler.Json($$"""{"id":"{{request.RequestUri!.Query[4..]}}","status":"completed","video_url":"https://media.example.com/v.mp4"}""")));
        await _store.SaveAsync(Record("a", TaskRecordState.Running, "a"), Token);
        await _store.SaveAsync(Record("b", TaskRecordState.Running, "b"), Token);
        var seen = new List<string>();

        await foreach (var first in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            seen.Add(first.Task!.Id);
            Assert.DoesNotContain(first.Task.Id, (await ResumedAsync(client)).Select(second => second.Task!.Id)); // the first is downloading it, perhaps
        }

        Assert.Equal(["a", "b"], seen.Order());
        Assert.Equal(2, (await ResumedAsync(client)).Count);
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private Sora2Client Client(Sora2Platform platform, HttpMessageHandler api) => TestClients.Create(platform, api, options =>
    {
        (options.TaskStore, options.CreateRetries, options.QueryRetries, options.TimeProvider) = (_store, 0, 0, new VirtualClock());
    });

    /// <summary>A store whose writing fails where a test says.</summary>
    private sealed class BreakableStore : ITaskStore
    {
        private readonly MemoryTaskStore _records = new();

        public Func<TaskRecord, bool> BreaksAt { get; set; } = _ => false;

        public IReadOnlyList<TaskRecord> Records => _records.ListAsync().GetAwaiter().GetResult();

        public Func<TaskRecord, bool> BreaksAfter { get; set; } = _ => false;

        public bool ListBreaks { get; set; }

        public bool FindBreaks { get; set; }

        public Task Saving { get; set; } = Task.CompletedTask;

        public async Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default)
        {
            await Saving;
            await (BreaksAt(record) ? throw new IOException("The disk is full") : _records.SaveAsync(record, cancellationToken));
            if (BreaksAfter(record))
            {
                throw new TimeoutException("The answer was lost");
            }
        }

        public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default) =>
            FindBreaks ? throw new IOException("The disk is gone") : _records.FindAsync(platform, taskId, cancellationToken);

        public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default) => ListBreaks ? throw new IOException("The disk is gone") : _records.ListAsync(cancellationToken);

        public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => _records.RemoveAsync(key, cancellationToken);
    }

    private sealed class Teller(Action<VideoTask> tell) : IProgress<VideoTask>
    {
        public void Report(VideoTask value) => tell(value);
    }

    private sealed class HandlerOf(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => send(request, cancellationToken);
    }

    private sealed class SlowHandler(TaskCompletionSource sending, TaskCompletionSource<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sending.SetResult();
            return answer.Task;
        }
    }
}
