using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Tasks;

/// <summary>Tasks and creates while the store is broken.</summary>
public sealed class BrokenStoreTests : IDisposable
{
    private static readonly string Done = Responses.Completed("task-1");

    private static readonly TaskRecord Record = new()
    {
        Id = "k",
        PlatformName = "juxin",
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
        ["a full disk"] = () => throw new IOException("The disk is full"),
        ["a programming error"] = () => throw new InvalidOperationException("Not connected"),
        ["a timeout"] = () => throw new TaskCanceledException("The database did not respond", new TimeoutException()),
        ["an error of the SDK"] = () => throw new StorageException("Locked") { Path = "/tasks" },
        ["a failed task"] = () => Task.FromException(new IOException("The disk is full")),
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Finished_task_is_returned_whatever_its_store_throws(string failure, bool whenRead)
    {
        var store = new ThrowingStore { Find = whenRead ? Throws[failure] : null, Save = Throws[failure] };
        using var client = Client(store, Done);

        Assert.NotNull((await client.Videos.GetAsync("task-1", Token)).VideoUrl);
        Assert.NotNull((await client.Videos.WaitAsync("task-1", cancellationToken: Token)).VideoUrl);
        Assert.NotNull(Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync()).VideoTask);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Video_whose_outcome_cannot_be_saved_is_returned(string failure, bool whenRead)
    {
        var store = new ThrowingStore { Find = whenRead ? Throws[failure] : null };
        using var client = Client(store, Done);
        store.SaveOf = record => record.State == TaskRecordState.Completed && store.Saved.Any(
            saved => saved.State == TaskRecordState.Running) ? Throws[failure] : null;

        Assert.NotNull((await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token)).VideoUrl);
    }

    [Theory]
    [InlineData("a full disk")]
    [InlineData("a programming error")]
    [InlineData("a timeout")]
    [InlineData("a failed task")]
    public async Task Request_that_cannot_be_saved_is_not_sent(string failure)
    {
        var api = new StubHandler(Done);
        using var client = TestClients.Create(
            Sora2Platform.Juxin, api, options => options.TaskStore = new ThrowingStore { Save = Throws[failure] });

        var error = await Assert.ThrowsAsync<StorageException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(Sora2ErrorKind.Storage, error.Kind);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Equal(failure == "an error of the SDK" ? "/tasks" : null, error.Path);
        Assert.Empty(api.Sent);
    }

    [Fact]
    public async Task Finished_and_lost_tasks_of_a_read_only_directory_are_returned()
    {
        using (var writer = new FileTaskStore(_folder))
        {
            await writer.UpdateAsync(Record, Token);
            await writer.TryAddAsync(Record with { Id = "lost", TaskId = null, State = TaskRecordState.Submitting }, Token);
        }

        File.Delete(Path.Combine(_folder, ".sora2-tasks.lock"));
        Directory.CreateDirectory(Path.Combine(_folder, ".sora2-tasks.lock")); // nothing can be written, even as root
        using var store = new FileTaskStore(_folder);
        using var client = Client(store, Done);

        Assert.NotNull((await client.Videos.GetAsync("task-1", Token)).VideoUrl);
        Assert.NotNull((await client.Videos.WaitAsync("task-1", cancellationToken: Token)).VideoUrl);
        var resumed = await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync();
        Assert.Equal(["lost", "k"], resumed.Select(task => task.Record.Id));
        Assert.IsType<SubmissionUnknownException>(resumed[0].Error);
        Assert.NotNull(resumed[1].VideoTask);
    }

    private static Sora2Client Client(ITaskStore store, string response) =>
        TestClients.Create(Sora2Platform.Juxin, new StubHandler(response), options => options.TaskStore = store);

    private sealed class ThrowingStore : WrappedStore
    {
        public ThrowingStore() => Inner.UpdateAsync(Record).GetAwaiter().GetResult();

        public Func<Task>? Find { get; init; }

        public Func<Task>? Save { get; init; }

        public Func<TaskRecord, Func<Task>?>? SaveOf { get; set; }

        public List<TaskRecord> Saved { get; } = [];

        protected override Task SaveAsync(TaskRecord record, Func<Task> save)
        {
            if ((Save ?? SaveOf?.Invoke(record)) is { } fails)
            {
                return fails();
            }

            Saved.Add(record);
            return save();
        }

        protected override Task ReadAsync() => Find?.Invoke() ?? Task.CompletedTask;
    }
}
