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
    public async Task A_create_that_was_cancelled_may_have_been_sent()
    {
        using var cancel = new CancellationTokenSource();
        using var client = Client(Sora2Platform.Juxin, new StubHandler((_, _) =>
        {
            cancel.Cancel();
            throw new OperationCanceledException(cancel.Token);
        }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token));

        Assert.Equal(TaskRecordState.Unknown, Assert.Single(_store.Records).State);
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

    private static async Task<List<ResumedTask>> ResumedAsync(Sora2Client client)
    {
        var resumed = new List<ResumedTask>();
        await foreach (var item in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            resumed.Add(item);
        }

        return resumed;
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

        public Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default) => BreaksAt(record) ? throw new IOException("The disk is full") : _records.SaveAsync(record, cancellationToken);

        public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default) => _records.FindAsync(platform, taskId, cancellationToken);

        public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default) => _records.ListAsync(cancellationToken);

        public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => _records.RemoveAsync(key, cancellationToken);
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
