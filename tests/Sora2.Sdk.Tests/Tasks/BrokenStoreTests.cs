using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Tasks;

/// <summary>What can be had of a task while its store is broken, in whichever way.</summary>
public sealed class BrokenStoreTests : IDisposable
{
    private const string Done = """{"id":"task-1","status":"completed","video_url":"https://media.example.com/v.mp4"}""";

    private static readonly TaskRecord Record = new()
    {
        Key = "k",
        Platform = "juxin",
        State = TaskRecordState.Running,
        TaskId = "task-1",
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("sora2-broken").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Failures()
    {
        var all = new TheoryData<string, bool>();
        foreach (var failure in Throws.Keys)
        {
            all.Add(failure, true);
            all.Add(failure, false);
        }

        return all;
    }

    private static readonly Dictionary<string, Func<Task>> Throws = new(StringComparer.Ordinal)
    {
        ["the disk"] = () => throw new IOException("The disk is full"),
        ["a slip"] = () => throw new InvalidOperationException("Not connected"),
        ["a timeout"] = () => throw new TaskCanceledException("The database did not answer", new TimeoutException()),
        ["an error of the SDK"] = () => throw new Sora2Exception(Sora2ErrorKind.Storage, "Locked"),
        ["later"] = () => Task.FromException(new IOException("The disk is full")),
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_finished_task_can_be_had_whatever_its_store_throws(string failure, bool whenRead)
    {
        var store = new ThrowingStore { Find = whenRead ? Throws[failure] : null, Save = Throws[failure] };
        using var client = Client(store, Done);

        Assert.NotNull((await client.Videos.GetAsync("task-1", Token)).VideoUrl);
        Assert.NotNull((await client.Videos.WaitAsync("task-1", cancellationToken: Token)).VideoUrl);
        Assert.NotNull(Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync()).Task);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_video_whose_end_cannot_be_recorded_is_generated_all_the_same(string failure, bool whenRead)
    {
        var store = new ThrowingStore { Find = whenRead ? Throws[failure] : null };
        using var client = Client(store, Done);
        store.SaveOf = record => record.State == TaskRecordState.Completed && store.Saved.Any(saved => saved.State == TaskRecordState.Running) ? Throws[failure] : null;

        Assert.NotNull((await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token)).VideoUrl);
    }

    [Theory]
    [InlineData("the disk")]
    [InlineData("a slip")]
    [InlineData("a timeout")]
    [InlineData("later")]
    public async Task A_request_that_cannot_be_recorded_is_not_sent_and_told_as_that(string failure)
    {
        var api = new StubHandler(Done);
        using var client = TestClients.Create(Sora2Platform.Juxin, api, options => options.TaskStore = new ThrowingStore { Save = Throws[failure] });

        var error = await Assert.ThrowsAsync<Sora2Exception>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((Sora2ErrorKind.Storage, (bool?)false), (error.Kind, error.MayHaveBeenCharged));
        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task A_finished_task_of_a_folder_that_may_only_be_read_is_had_and_what_is_lost_is_told()
    {
        using (var writer = new FileTaskStore(_folder))
        {
            await writer.SaveAsync(Record, Token);
            await writer.SaveAsync(Record with { Key = "lost", TaskId = null, State = TaskRecordState.Submitting }, Token);
        }

        File.Delete(Path.Combine(_folder, ".sora2-tasks.lock"));
        Directory.CreateDirectory(Path.Combine(_folder, ".sora2-tasks.lock")); // whoever runs the tests, nothing can be written
        using var store = new FileTaskStore(_folder);
        using var client = Client(store, Done);

        Assert.NotNull((await client.Videos.GetAsync("task-1", Token)).VideoUrl);
        Assert.NotNull((await client.Videos.WaitAsync("task-1", cancellationToken: Token)).VideoUrl);
        var resumed = await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync();
        Assert.Equal(["lost", "k"], resumed.Select(task => task.Record.Key));
        Assert.IsType<SubmissionUnknownException>(resumed[0].Error);
        Assert.NotNull(resumed[1].Task);
    }

    private static Sora2Client Client(ITaskStore store, string answer) =>
        TestClients.Create(Sora2Platform.Juxin, new StubHandler(answer), options => options.TaskStore = store);

    private sealed class ThrowingStore : ITaskStore
    {
        public Func<Task>? Find { get; init; }

        public Func<Task>? Save { get; init; }

        public Func<TaskRecord, Func<Task>?>? SaveOf { get; set; }

        public List<TaskRecord> Saved { get; } = [];

        public Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default)
        {
            if ((Save ?? SaveOf?.Invoke(record)) is { } fails)
            {
                return fails();
            }

            Saved.Add(record);
            return Task.CompletedTask;
        }

        public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default) =>
            Find is null ? Task.FromResult<TaskRecord?>(Record) : Failed(Find());

        public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<TaskRecord>>([Record]);

        public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => Task.FromResult(false);

        private static async Task<TaskRecord?> Failed(Task failing)
        {
            await failing;
            return null;
        }
    }
}
