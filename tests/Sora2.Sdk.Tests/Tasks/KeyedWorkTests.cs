using System.Net;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Tasks;
using Sora2.Sdk.Tests.Support;
using Sora2.Sdk.Videos;

namespace Sora2.Sdk.Tests.Tasks;

/// <summary>The same key twice is one piece of work.</summary>
public sealed class KeyedWorkTests : IDisposable
{
    private static readonly VideoRequest Request = new("a")
    {
        Key = "order 7",
        Metadata = new Dictionary<string, string> { ["page"] = "3" },
    };

    private readonly VirtualClock _clock = new();
    private readonly MemoryTaskStore _store = new();
    private readonly List<Sora2Client> _clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every state of a record, and what the next create of its key and the next resumed item become.</summary>
    public static TheoryData<string, TaskRecordState, string?, string, string, string> Table()
    {
        (TaskRecordState State, string? TaskId, string Create, string Resume, string ResumeUnknown)[] rows =
        [
            (TaskRecordState.Submitting, null, "unknown", "unknown", "task-1, attempt 2"),
            (TaskRecordState.Submitting, "t-0", "t-0", "t-0", "t-0"),
            (TaskRecordState.Unknown, null, "unknown", "unknown", "task-1, attempt 2"),
            (TaskRecordState.Unknown, "t-0", "unknown t-0", "unknown t-0", "unknown t-0"),
            (TaskRecordState.Refused, null, "task-1, attempt 2", "task-1, attempt 2", "task-1, attempt 2"),
            (TaskRecordState.Running, "t-0", "t-0", "t-0", "t-0"),
            (TaskRecordState.Running, null, "unknown", "unknown", "task-1, attempt 2"),
            (TaskRecordState.Failed, "t-0", "failed t-0", "task-1, attempt 2", "task-1, attempt 2"),
            (TaskRecordState.Completed, "t-0", "t-0", "t-0", "t-0"),
            (TaskRecordState.Downloaded, "t-0", "t-0", "t-0", "t-0"),
        ];
        var table = new TheoryData<string, TaskRecordState, string?, string, string, string>();
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            foreach (var row in rows)
            {
                table.Add(platform.Name, row.State, row.TaskId, row.Create, row.Resume, row.ResumeUnknown);
            }
        }

        return table;
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Record_of_a_key_decides_what_a_create_does(
        string platform, TaskRecordState state, string? taskId, string create, string resume, string resumeUnknown)
    {
        (Attempting How, string Becomes)[] cases =
        [
            (Attempting.Once, create),
            (new Attempting { AgainIfFailed = true }, resume),
            (new Attempting { AgainIfFailed = true, AgainIfUnknown = true }, resumeUnknown),
        ];
        foreach (var (how, becomes) in cases)
        {
            var store = new MemoryTaskStore();
            await store.UpdateAsync(Record(state, taskId) with { PlatformName = platform, Error = "why" }, Token);
            var api = new StubHandler(TestClients.Accepted(Platform(platform)));
            var client = Client(api, store, platform);

            Assert.Equal(becomes, await OutcomeAsync(client, store, how));

            Assert.Equal(becomes.Contains("attempt", StringComparison.Ordinal) ? 1 : 0, api.Sent.Count);
        }
    }

    [Fact]
    public async Task Task_of_a_key_has_what_its_record_says()
    {
        var client = Client(new StubHandler("{}"));
        await _store.UpdateAsync(
            Record(TaskRecordState.Running, "t-0") with { Prompt = "a", Model = "sora-2", Metadata = Request.Metadata }, Token);

        var task = await client.Videos.CreateAsync(Request, Token);

        Assert.Equal(("t-0", "a", "order 7", "3", "sora-2"), (task.Id, task.Prompt, task.Key, task.Metadata["page"], task.Model));
    }

    [Fact]
    public async Task Concurrent_creates_of_a_key_are_one_task_although_only_one_may_run()
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Juxin));
        var client = Client(api, configure: options => options.MaxRunningTasks = 1);

        var tasks = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.Videos.CreateAsync(Request, Token)));

        Assert.All(tasks, task => Assert.Equal("task-1", task.Id));
        Assert.Single(api.Sent);
        Assert.Single(await _store.RecordsAsync(Token));
    }

    [Fact]
    public async Task Create_waits_for_the_outcome_of_another_client_of_the_process()
    {
        var api = new HeldHandler();
        var (one, other) = (Client(api), Client(new StubHandler("{}")));
        var first = one.Videos.CreateAsync(Request, Token);
        await api.Sent;
        var second = other.Videos.CreateAsync(Request, Token);
        Assert.False(second.IsCompleted);

        api.Respond(TestClients.Accepted(Sora2Platform.Juxin));

        Assert.Equal("task-1", (await first).Id);
        Assert.Equal("task-1", (await second).Id);
    }

    [Fact]
    public async Task Create_waits_for_the_outcome_of_a_request_whose_caller_left()
    {
        var api = new HeldHandler();
        var client = Client(api);
        using var cancel = new CancellationTokenSource();
        var first = client.Videos.CreateAsync(Request, cancel.Token);
        await api.Sent;
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<SubmissionCanceledException>(() => first);
        var second = client.Videos.CreateAsync(Request, Token);

        api.Respond(TestClients.Accepted(Sora2Platform.Juxin));

        Assert.Equal("task-1", (await _clock.RunAsync(second)).Id);
    }

    [Fact]
    public async Task Create_waits_for_another_process_while_that_lives_and_gets_its_task()
    {
        var client = Client(new StubHandler("{}"));
        var intent = Record(TaskRecordState.Submitting) with { Owner = "another", HeartbeatAt = _clock.GetUtcNow() };
        await _store.UpdateAsync(intent, Token);
        var create = client.Videos.CreateAsync(Request, Token);
        for (var i = 0; i < 20; i++)
        {
            _clock.Advance(IntentOwner.Interval);
            Assert.False(create.IsCompleted);
            await _store.UpdateAsync(intent with { HeartbeatAt = _clock.GetUtcNow() }, Token);
        }

        await _store.UpdateAsync(intent with { State = TaskRecordState.Running, TaskId = "t-0" }, Token);

        Assert.Equal("t-0", (await _clock.RunAsync(create)).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)] // the clock of the other machine is an hour ahead
    public async Task Silent_owner_is_unknown_after_a_minute(int ahead)
    {
        var client = Client(new StubHandler("{}"));
        await _store.UpdateAsync(
            Record(TaskRecordState.Submitting) with { Owner = "another", HeartbeatAt = _clock.GetUtcNow().AddSeconds(ahead) }, Token);

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => _clock.RunAsync(client.Videos.CreateAsync(Request, Token)));

        Assert.Contains("order 7", error.Message, StringComparison.Ordinal);
        Assert.Equal(IntentOwner.MaxSilence, _clock.Elapsed);
        Assert.Equal(TaskRecordState.Unknown, Assert.Single(await _store.RecordsAsync(Token)).State);
    }

    [Fact]
    public async Task Process_that_sends_shows_that_it_lives_until_the_outcome_is_written()
    {
        var api = new HeldHandler();
        var client = Client(api);
        var create = client.Videos.CreateAsync(Request, Token);
        await api.Sent;
        for (var i = 1; i <= 3; i++)
        {
            _clock.Advance(IntentOwner.Interval);
            var intent = Assert.Single(await _store.RecordsAsync(Token));
            Assert.Equal((IntentOwner.This, _clock.Start + (i * IntentOwner.Interval)), (intent.Owner, intent.HeartbeatAt));
        }

        api.Respond(TestClients.Accepted(Sora2Platform.Juxin));
        await create;
        _clock.Advance(IntentOwner.Interval);

        var record = Assert.Single(await _store.RecordsAsync(Token));
        Assert.Equal((TaskRecordState.Running, _clock.Start + (3 * IntentOwner.Interval)), (record.State, record.HeartbeatAt));
    }

    [Fact]
    public async Task Intent_that_someone_else_ended_is_not_revived_by_a_heartbeat()
    {
        var api = new HeldHandler();
        var client = Client(api);
        var create = client.Videos.CreateAsync(Request, Token);
        await api.Sent;
        var intent = Assert.Single(await _store.RecordsAsync(Token));
        await _store.UpdateAsync(intent with { State = TaskRecordState.Unknown }, Token);

        _clock.Advance(IntentOwner.Interval);
        Assert.Equal(TaskRecordState.Unknown, Assert.Single(await _store.RecordsAsync(Token)).State);

        api.Respond(TestClients.Accepted(Sora2Platform.Juxin));
        await create;
        Assert.Equal("task-1", Assert.Single(await _store.RecordsAsync(Token)).TaskId); // what has happened is written
    }

    [Fact]
    public async Task Another_request_with_the_same_key_is_refused_before_sending()
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Juxin));
        var client = Client(api);
        await client.Videos.CreateAsync(Request, Token);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.CreateAsync(Request with { Prompt = "b" }, Token));

        Assert.Contains("order 7", error.Message, StringComparison.Ordinal);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Single(api.Sent);
        Assert.Equal("task-1", (await client.Videos.CreateAsync(Request with { Metadata = null! }, Token)).Id);
    }

    [Fact]
    public async Task Store_that_cannot_look_a_key_up_sends_nothing()
    {
        var api = new StubHandler("{}");
        var client = Client(api, new Unreadable());

        var error = await Assert.ThrowsAsync<StorageException>(() => client.Videos.CreateAsync(Request, Token));

        Assert.Equal((Sora2ErrorKind.Storage, false), (error.Kind, error.MayHaveBeenCharged));
        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task Attempt_that_another_process_began_meanwhile_is_waited_for()
    {
        var api = new StubHandler("{}");
        var store = new Overtaken();
        var client = Client(api, store);

        Assert.Equal("t-0", (await client.Videos.CreateAsync(Request, Token)).Id);

        Assert.Empty(api.Sent);
        Assert.Single(await store.RecordsAsync(Token));
    }

    [Fact]
    public async Task Disposed_client_ends_its_wait_for_another_process()
    {
        var client = Client(new StubHandler("{}"));
        await _store.UpdateAsync(
            Record(TaskRecordState.Submitting) with { Owner = "another", HeartbeatAt = _clock.GetUtcNow() }, Token);
        var create = client.Videos.CreateAsync(Request, Token);

        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => create);
    }

    [Fact]
    public async Task Refused_attempts_are_recorded_one_by_one()
    {
        var client = Client(new StubHandler((count, _) => count < 2
            ? StubHandler.Json("""{"error":{"message":"额度不足"}}""", HttpStatusCode.Forbidden)
            : StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin))));
        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(Request, Token));
        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(Request, Token));
        await client.Videos.CreateAsync(Request, Token);
        await client.Videos.CreateAsync(Request, Token);

        Assert.Equal(
            [(1, TaskRecordState.Refused), (2, TaskRecordState.Refused), (3, TaskRecordState.Running)],
            (await _store.RecordsAsync(Token)).Select(record => (record.Attempt, record.State)).Order());
    }

    [Fact]
    public async Task Create_without_a_key_or_a_store_is_sent_each_time()
    {
        var api = new StubHandler(TestClients.Accepted(Sora2Platform.Juxin));
        var (stored, alone) = (Client(api), Client(api, configure: options => options.TaskStore = null));
        foreach (var (client, request) in new[] { (stored, Request with { Key = null }), (alone, Request) })
        {
            await client.Videos.CreateAsync(request, Token);
            await client.Videos.CreateAsync(request, Token);
        }

        Assert.Equal(4, api.Sent.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    public async Task Key_that_is_no_name_is_refused(string key)
    {
        var client = Client(new StubHandler("{}"));

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(Request with { Key = key }, Token));
    }

    [Fact]
    public void Key_has_at_most_200_complete_characters()
    {
        var client = Client(new StubHandler("{}"));

        client.Videos.Validate(Request with { Key = new string('k', 200) });
        Assert.Throws<Sora2ValidationException>(() => client.Videos.Validate(Request with { Key = new string('k', 201) }));
        Assert.Throws<Sora2ValidationException>(() => client.Videos.Validate(Request with { Key = "half an emoji \uD83D" }));
    }

    [Fact]
    public async Task Wait_by_id_takes_key_prompt_and_metadata_from_the_record_with_one_read()
    {
        var store = new Counting();
        await store.UpdateAsync(Record(TaskRecordState.Running, "t-0") with { Prompt = "a", Metadata = Request.Metadata }, Token);
        var polls = 0;
        var api = new StubHandler((_, _) => StubHandler.Json(++polls < 4 ? Responses.Running : Responses.Completed("t-0")));
        var client = Client(api, store);
        var reports = new List<VideoTask>();

        var progress = new SyncProgress<VideoTask>(reports.Add);
        var task = await _clock.RunAsync(client.Videos.WaitAsync("t-0", progress: progress, cancellationToken: Token));

        Assert.Equal(2, store.Reads); // the second writes the end
        Assert.All([.. reports, task], seen => Assert.Equal(("order 7", "a", "3"), (seen.Key, seen.Prompt, seen.Metadata["page"])));
        Assert.Equal("order 7", (await client.Videos.GetAsync("t-0", Token)).Key);
        await foreach (var seen in client.Videos.WatchAsync("t-0", cancellationToken: Token))
        {
            Assert.Equal("order 7", seen.Key);
        }
    }

    [Fact]
    public async Task Generated_video_keeps_key_prompt_and_metadata_without_a_store()
    {
        var client = Client(
            new StubHandler((count, _) => StubHandler.Json(
                count == 0 ? TestClients.Accepted(Sora2Platform.Juxin) : Responses.Completed("task-1"))),
            configure: options => options.TaskStore = null);

        var task = await _clock.RunAsync(client.Videos.GenerateAsync(Request, cancellationToken: Token));

        Assert.Equal(("order 7", "a", "3"), (task.Key, task.Prompt, task.Metadata["page"]));
    }

    [Fact]
    public async Task Generating_a_key_again_polls_its_task_at_once()
    {
        await _store.UpdateAsync(Record(TaskRecordState.Completed, "task-1"), Token);
        var api = new StubHandler(Responses.Completed("task-1"));
        var client = Client(api);

        var task = await client.Videos.GenerateAsync(Request, cancellationToken: Token);

        Assert.NotNull(task.VideoUrl);
        Assert.Equal(TimeSpan.Zero, _clock.Elapsed);
        Assert.Equal("GET", Assert.Single(api.Sent).Method);
    }

    [Fact]
    public async Task Task_of_another_account_is_returned_and_not_waited_for()
    {
        await _store.UpdateAsync(Record(TaskRecordState.Running, "t-0") with { ClientName = "other" }, Token);
        var api = new StubHandler("{}");
        var client = Client(api);

        Assert.Equal("other", (await client.Videos.CreateAsync(Request, Token)).ClientName);
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.GenerateAsync(Request, cancellationToken: Token));
        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task Resumed_task_has_its_request_or_says_why_not()
    {
        var client = Client(new StubHandler((_, request) => StubHandler.Json(request.Method == HttpMethod.Post
            ? TestClients.Accepted(Sora2Platform.Juxin)
            : Responses.Completed("task-1"))));
        await client.Videos.CreateAsync(Request, Token);
        var resumed = Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
        Assert.Equal(Request, resumed.Request);
        Assert.Equal("order 7", resumed.VideoTask!.Key);

        var withImage = new VideoRequest("b") { Images = [ImageInput.FromBytes(TinyImages.Png)] };
        await client.Videos.CreateAsync(withImage, Token);
        var record = Assert.Single(await _store.RecordsAsync(Token), record => record.Key is null);
        Assert.Null(record.Request);
        Assert.Contains("KeepsImages", record.RequestNotKept, StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task Character_is_recorded_and_not_waited_for(string platform)
    {
        var client = Client(new StubHandler("""{"id":"ch_1","username":"abc.kitten"}"""), platform: platform);
        var request = CharacterRequest.FromUrl(new Uri("https://example.com/v.mp4?sig=secret"), new TimeRange(1, 3));

        await client.Characters.CreateAsync(request, Token);

        var record = Assert.Single(await _store.RecordsAsync(Token));
        Assert.Equal(
            (TaskRecordKind.Character, TaskRecordState.Completed, "abc.kitten", (string?)null),
            (record.Kind, record.State, record.Username, record.TaskId));
        Assert.Equal("https://example.com/v.mp4", record.Prompt);
        Assert.Empty(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
    }

    [Fact]
    public async Task Character_of_unknown_outcome_is_reported()
    {
        var client = Client(new StubHandler((_, _) => StubHandler.Json("""{"id":"ch_1","user""")));
        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Characters.CreateAsync(
            CharacterRequest.FromTask("task-0", new TimeRange(1, 3)), Token));

        var resumed = Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());

        Assert.Equal((TaskRecordKind.Character, TaskRecordState.Unknown), (resumed.Record.Kind, resumed.Record.State));
        Assert.IsType<SubmissionUnknownException>(resumed.Error);
    }

    private static Sora2Platform Platform(string name) => Sora2Platform.BuiltIn.Single(platform => platform.Name == name);

    private static TaskRecord Record(TaskRecordState state, string? taskId = null) => new()
    {
        Id = "k",
        Key = Request.Key,
        PlatformName = "juxin",
        State = state,
        TaskId = taskId,
        Fingerprint = RequestFingerprint.Of(Request),
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private static async Task<string> OutcomeAsync(Sora2Client client, ITaskStore store, Attempting how)
    {
        try
        {
            var task = await ((VideoClient)client.Videos).SubmitAsync(Request, how, Token);
            var attempt = (await store.FindByKeyAsync(Request.Key!, Token))!.Attempt;
            return attempt == 1 ? task.Id : FormattableString.Invariant($"{task.Id}, attempt {attempt}");
        }
        catch (SubmissionUnknownException e)
        {
            return $"unknown {e.TaskId}".TrimEnd();
        }
        catch (VideoTaskFailedException e)
        {
            Assert.Equal("why", e.VideoTask.FailureReason);
            return "failed " + e.TaskId;
        }
    }

    private Sora2Client Client(
        HttpMessageHandler api, ITaskStore? store = null, string platform = "juxin", Action<Sora2ClientOptions>? configure = null)
    {
        var client = TestClients.Create(Platform(platform), api, options =>
        {
            (options.TaskStore, options.TimeProvider, options.CreateRetries, options.QueryRetries) = (store ?? _store, _clock, 0, 0);
            configure?.Invoke(options);
        });
        _clients.Add(client);
        return client;
    }

    private sealed class Unreadable : WrappedStore
    {
        protected override Task ReadAsync() => throw new IOException("The disk is gone");
    }

    private sealed class Counting : WrappedStore
    {
        public int Reads { get; private set; }

        protected override Task ReadAsync()
        {
            Reads++;
            return Task.CompletedTask;
        }
    }

    /// <summary>Another process adds its record after this one has looked for the key.</summary>
    private sealed class Overtaken : WrappedStore
    {
        protected override async Task SaveAsync(TaskRecord record, Func<Task> save)
        {
            await Inner.UpdateAsync(Record(TaskRecordState.Running, "t-0"));
            await save();
        }
    }

    private sealed class HeldHandler : HttpMessageHandler
    {
        private readonly TaskCompletionSource _sent = new();
        private readonly TaskCompletionSource<HttpResponseMessage> _response = new();

        public Task Sent => _sent.Task;

        public void Respond(string json) => _response.SetResult(StubHandler.Json(json));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            _sent.SetResult();
            return await _response.Task;
        }
    }
}
