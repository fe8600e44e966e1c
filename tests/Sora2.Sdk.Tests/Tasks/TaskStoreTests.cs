namespace Sora2.Sdk.Tests.Tasks;

/// <summary>The contract of both stores.</summary>
public sealed class TaskStoreTests : IDisposable
{
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 1, 2, 3, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("sora2-store").FullName;
    private readonly List<FileTaskStore> _open = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _open.ForEach(store => store.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Saved_record_is_found_listed_replaced_and_removed(string kind)
    {
        var store = Store(kind);
        await store.SaveAsync(Record("b", TaskRecordState.Submitting), Token);
        await store.SaveAsync(Record("a", TaskRecordState.Running, "t-1"), Token);
        await store.SaveAsync(Record("b", TaskRecordState.Running, "t-2"), Token);

        Assert.Equal(
            [Record("a", TaskRecordState.Running, "t-1"), Record("b", TaskRecordState.Running, "t-2")], await store.ListAsync(Token));
        Assert.Equal("b", (await store.FindAsync("juxin", "t-2", Token))!.Key);
        Assert.Null(await store.FindAsync("zhenzhen", "t-2", Token));
        Assert.True(await store.RemoveAsync("b", Token));
        Assert.False(await store.RemoveAsync("b", Token));
        Assert.Null(await store.FindAsync("juxin", "t-2", Token));
        Assert.Equal("a", Assert.Single(await store.ListAsync(Token)).Key);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Only_old_refused_failed_and_downloaded_records_are_pruned(string kind)
    {
        var store = Store(kind);
        foreach (var state in Enum.GetValues<TaskRecordState>())
        {
            await store.SaveAsync(Record("old-" + state, state), Token);
            await store.SaveAsync(Record("new-" + state, state) with { UpdatedAt = Then.AddDays(2) }, Token);
        }

        var clock = new VirtualClock();
        clock.Advance(Then.AddDays(3) - clock.GetUtcNow());
        Assert.Equal(3, await store.PruneAsync(TimeSpan.FromDays(2), clock, Token));

        var left = (await store.ListAsync(Token)).Select(record => record.Key);
        Assert.DoesNotContain(left, key => key is "old-Refused" or "old-Failed" or "old-Downloaded");
        Assert.Equal((Enum.GetValues<TaskRecordState>().Length * 2) - 3, left.Count());
    }

    [Fact]
    public async Task Reopened_file_store_has_every_field()
    {
        var record = Record("20260101-x", TaskRecordState.Downloaded, "sora-2:task_x") with
        {
            Client = "main",
            Kind = TaskRecordKind.Storyboard,
            Prompt = "小猫 \"plays\"\n@a.b",
            Model = "sora-2",
            Duration = TimeSpan.FromSeconds(7.5),
            Path = "/v/小猫.mp4",
            Bytes = 5_000_000_000,
            Error = "why",
        };
        await Store("file").SaveAsync(record, Token);
        CloseAll();

        Assert.Equal(record, Assert.Single(await Store("file").ListAsync(Token)));
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "20260101-x.json"), Token);
        Assert.Contains("\"prompt\": \"小猫 ", text, StringComparison.Ordinal);
        Assert.Contains("\"state\": \"Downloaded\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crash_at_any_byte_of_a_write_leaves_the_old_record()
    {
        var before = Record("a", TaskRecordState.Submitting);
        var store = Store("file");
        await store.SaveAsync(before, Token);
        await store.SaveAsync(Record("b", TaskRecordState.Running, "t"), Token);
        CloseAll();
        var next = await File.ReadAllBytesAsync(Path.Combine(_folder, "b.json"), Token);

        for (var written = 0; written <= next.Length; written++)
        {
            await File.WriteAllBytesAsync(Path.Combine(_folder, "a.json.tmp"), next[..written], Token);
            Assert.Equal(before, (await Store("file").ListAsync(Token))[0]);
            // the next write removes the unfinished file
            await Store("file", reopen: false).SaveAsync(Record("b", TaskRecordState.Running, "t"), Token);
            CloseAll();
            Assert.False(File.Exists(Path.Combine(_folder, "a.json.tmp")));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData(" \n")]
    [InlineData("""{"key":"another","platform":"juxin","state":"Running",TIMES}""")]
    [InlineData("{\"key\":\"a\",\"platform\":\"juxin\",\"state\":\"Dancing\"}")]
    [InlineData("""{"key":"a","platform":null,"state":"Running",TIMES}""")]
    [InlineData("""{"key":"a","platform":"juxin","state":99,TIMES}""")]
    public async Task Damaged_file_is_an_unknown_record_and_stays_until_it_is_removed(string template)
    {
        const string Times = """ "createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z" """;
        var content = template.Replace("TIMES", Times, StringComparison.Ordinal);
        var path = Path.Combine(_folder, "a.json");
        await File.WriteAllTextAsync(path, content, Token);

        var record = Assert.Single(await Store("file").ListAsync(Token));

        Assert.Equal("a", record.Key);
        Assert.Equal(TaskRecordState.Unknown, record.State);
        Assert.Contains(path, record.Error, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(path, Token));
        Assert.True(await Store("file", reopen: false).RemoveAsync("a", Token));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Use_after_dispose_throws()
    {
        var store = (FileTaskStore)Store("file");
        store.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ListAsync(Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("c:a")]
    [InlineData(".lock")]
    public async Task Key_that_leads_out_of_the_directory_is_refused(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store("file").SaveAsync(Record(key, TaskRecordState.Running), Token));

    [Fact]
    public async Task Second_record_of_a_task_is_found_after_the_first_is_removed()
    {
        var store = Store("file");
        await store.SaveAsync(Record("a", TaskRecordState.Failed, "t"), Token);
        await store.SaveAsync(Record("b", TaskRecordState.Running, "t"), Token);

        await store.RemoveAsync("a", Token);

        Assert.Equal("b", (await store.FindAsync("juxin", "t", Token))!.Key);
    }

    [Fact]
    public async Task Concurrent_writers_lose_no_record()
    {
        var store = Store("file");
        await Parallel.ForAsync(0, 100, Token, async (i, token) =>
        {
            await store.SaveAsync(Record("k" + (i % 10), TaskRecordState.Submitting), token);
            await store.SaveAsync(Record("k" + (i % 10), TaskRecordState.Running, "t" + (i % 10)), token);
        });
        CloseAll();

        Assert.Equal(10, (await Store("file").ListAsync(Token)).Count);
        Assert.Equal(11, Directory.GetFiles(_folder).Length); // and the lock
    }

    private static TaskRecord Record(string key, TaskRecordState state, string? taskId = null) =>
        new() { Key = key, Platform = "juxin", State = state, TaskId = taskId, CreatedAt = Then, UpdatedAt = Then };

    private ITaskStore Store(string kind, bool reopen = true)
    {
        if (kind == "memory")
        {
            return new MemoryTaskStore();
        }

        if (reopen)
        {
            _open.Add(new FileTaskStore(_folder));
        }

        return _open[^1];
    }

    private void CloseAll()
    {
        _open.ForEach(store => store.Dispose());
        _open.Clear();
    }
}
