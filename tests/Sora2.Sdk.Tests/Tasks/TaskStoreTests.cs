using Sora2.Sdk.Submissions;

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
        await store.TryAddAsync(Record("b", TaskRecordState.Submitting), Token);
        await store.UpdateAsync(Record("a", TaskRecordState.Running, "t-1"), Token);
        await store.UpdateAsync(Record("b", TaskRecordState.Running, "t-2"), Token);

        Assert.Equal(
            [Record("a", TaskRecordState.Running, "t-1"), Record("b", TaskRecordState.Running, "t-2")], await store.RecordsAsync(Token));
        Assert.Equal("b", (await store.FindAsync(new TaskHandle("t-2") { PlatformName = "juxin" }, Token))!.Id);
        Assert.Null(await store.FindAsync(new TaskHandle("t-2") { PlatformName = "zhenzhen" }, Token));
        Assert.True(await store.RemoveAsync("b", Token));
        Assert.False(await store.RemoveAsync("b", Token));
        Assert.Null(await store.FindAsync(new TaskHandle("t-2") { PlatformName = "juxin" }, Token));
        Assert.Equal("a", Assert.Single(await store.RecordsAsync(Token)).Id);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Only_old_refused_failed_and_downloaded_records_are_pruned(string kind)
    {
        var store = Store(kind);
        foreach (var state in Enum.GetValues<TaskRecordState>())
        {
            await store.UpdateAsync(Record("old-" + state, state), Token);
            await store.UpdateAsync(Record("new-" + state, state) with { UpdatedAt = Then.AddDays(2) }, Token);
        }

        var clock = new VirtualClock();
        clock.Advance(Then.AddDays(3) - clock.GetUtcNow());
        Assert.Equal(3, await store.PruneAsync(TimeSpan.FromDays(2), clock, Token));

        var left = (await store.RecordsAsync(Token)).Select(record => record.Id);
        Assert.DoesNotContain(left, key => key is "old-Refused" or "old-Failed" or "old-Downloaded");
        Assert.Equal((Enum.GetValues<TaskRecordState>().Length * 2) - 3, left.Count());
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Key_is_added_once_for_each_attempt(string kind)
    {
        var store = Store(kind);
        var first = Keyed("1", attempt: 1);
        Assert.Same(first, await store.TryAddAsync(first, Token));
        Assert.Equal("1", (await store.TryAddAsync(Keyed("2", attempt: 1), Token)).Id);
        Assert.Equal("3", (await store.TryAddAsync(Keyed("3", attempt: 2), Token)).Id);
        Assert.Equal("3", (await store.TryAddAsync(Keyed("4", attempt: 1), Token)).Id);
        Assert.Equal("5", (await store.TryAddAsync(Keyed("5", attempt: 1) with { Key = "K" }, Token)).Id); // letter case counts
        Assert.Equal("6", (await store.TryAddAsync(Keyed("6", attempt: 1) with { Key = null }, Token)).Id);
        Assert.Equal("7", (await store.TryAddAsync(Keyed("7", attempt: 1) with { Key = null }, Token)).Id);

        Assert.Equal(("3", 2), ((await store.FindByKeyAsync("k", Token))!.Id, (await store.FindByKeyAsync("k", Token))!.Attempt));
        Assert.Null(await store.FindByKeyAsync("none", Token));
        await store.RemoveAsync("3", Token);
        Assert.Equal("1", (await store.FindByKeyAsync("k", Token))!.Id);
        Assert.Equal(["1", "5", "6", "7"], (await store.RecordsAsync(Token)).Select(record => record.Id));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    [InlineData("two stores over one folder")]
    public async Task Concurrent_additions_of_a_key_add_one(string kind)
    {
        var (one, other) = kind.StartsWith("two", StringComparison.Ordinal) ? (Store("file"), Store("file")) : (Store(kind), null);
        var added = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(async () =>
        {
            var record = Keyed(FormattableString.Invariant($"r{i:00}"), attempt: 1);
            return ((i % 2 == 0 ? other : null) ?? one).TryAddAsync(record, Token) is var adding && (await adding).Id == record.Id;
        })));

        Assert.Single(added, isAdded => isAdded);
        Assert.Single(await one.RecordsAsync(Token));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Record_that_changed_meanwhile_is_not_replaced(string kind)
    {
        var store = Store(kind);
        var read = Record("a", TaskRecordState.Submitting);
        await store.TryAddAsync(read, Token);
        var beating = read with { HeartbeatAt = Then };

        Assert.True(await store.TryUpdateAsync(beating, read, Token));
        Assert.False(await store.TryUpdateAsync(read with { State = TaskRecordState.Unknown }, read, Token));
        Assert.True(await store.TryUpdateAsync(beating with { State = TaskRecordState.Running, TaskId = "t" }, beating, Token));
        Assert.False(await store.TryUpdateAsync(Record("none", TaskRecordState.Running), read, Token));

        Assert.Equal("t", Assert.Single(await store.RecordsAsync(Token)).TaskId);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task List_is_filtered_and_paged_the_oldest_first(string kind)
    {
        var store = Store(kind);
        for (var i = 149; i >= 0; i--)
        {
            await store.UpdateAsync(
                Record(FormattableString.Invariant($"r{i:000}"), i % 2 == 0 ? TaskRecordState.Running : TaskRecordState.Failed) with
                {
                    ClientName = i % 3 == 0 ? "main" : "",
                    PlatformName = i % 5 == 0 ? "zhenzhen" : "juxin",
                },
                Token);
        }

        Assert.Equal(75, await CountAsync(new() { States = [TaskRecordState.Running] }));
        Assert.Equal(50, await CountAsync(new() { ClientName = "main" }));
        Assert.Equal(30, await CountAsync(new() { PlatformName = "zhenzhen" }));
        Assert.Equal(5, await CountAsync(new() { PlatformName = "zhenzhen", ClientName = "main", States = [TaskRecordState.Failed] }));
        Assert.Equal(
            ["r070", "r072", "r074"],
            (await store.ListAsync(new() { AfterId = "r068", Limit = 3, States = [TaskRecordState.Running] }, Token).CollectAsync())
                .Select(record => record.Id));
        Assert.Equal(0, await CountAsync(new() { AfterId = "r149" }));

        async Task<int> CountAsync(TaskRecordFilter filter) => (await store.ListAsync(filter, Token).CollectAsync()).Count;
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Task_is_found_by_its_id_alone(string kind)
    {
        var store = Store(kind);
        await store.UpdateAsync(Record("a", TaskRecordState.Running, "t-1"), Token);

        Assert.Equal("a", (await store.FindAsync("t-1", Token))!.Id);
        Assert.Equal("a", (await store.FindAsync((await store.FindAsync("t-1", Token))!.Handle!, Token))!.Id);
        Assert.Null(await store.FindAsync("t-2", Token));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task Unknown_outcome_is_resolved_as_accepted_or_not(string kind)
    {
        var store = Store(kind);
        foreach (var id in new[] { "a", "b" })
        {
            await store.UpdateAsync(Record(id, TaskRecordState.Unknown), Token);
        }

        var accepted = await store.ResolveAsync(Record("a", TaskRecordState.Unknown), "t-1", cancellationToken: Token);
        var refused = await store.ResolveAsync(Record("b", TaskRecordState.Unknown), accepted: null, cancellationToken: Token);

        Assert.Equal((TaskRecordState.Running, "t-1"), (accepted.State, accepted.TaskId));
        Assert.Equal((TaskRecordState.Refused, (string?)null), (refused.State, refused.TaskId));
        Assert.Equal([accepted.State, refused.State], (await store.RecordsAsync(Token)).Select(record => record.State));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => store.ResolveAsync(accepted, null, cancellationToken: Token));
        await Assert.ThrowsAsync<Sora2ValidationException>( // changed meanwhile
            () => store.ResolveAsync(Record("a", TaskRecordState.Unknown), null, cancellationToken: Token));
        await store.UpdateAsync(Record("a", TaskRecordState.Unknown), Token);
        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => store.ResolveAsync(Record("a", TaskRecordState.Unknown), "sora2:zhenzhen//t-1", cancellationToken: Token));
    }

    [Fact]
    public async Task Intent_that_is_being_sent_cannot_be_resolved()
    {
        var store = Store("file");
        await store.TryAddAsync(Record("a", TaskRecordState.Submitting), Token);
        var read = Assert.Single(await Store("file").RecordsAsync(Token));

        Assert.True(read.IsOwnerAlive);
        await Assert.ThrowsAsync<Sora2ValidationException>(() => store.ResolveAsync(read, null, cancellationToken: Token));
    }

    [Fact]
    public async Task Key_is_found_without_reading_other_files()
    {
        var store = Store("file");
        for (var i = 0; i < 10; i++)
        {
            var record = Keyed(FormattableString.Invariant($"r{i}"), attempt: 1);
            await store.TryAddAsync(record with { Key = FormattableString.Invariant($"k{i}") }, Token);
        }

        foreach (var path in Directory.GetFiles(_folder, "*.json").Where(path => Path.GetFileName(path) != "r3.json"))
        {
            // Same length and time: only a store that reads the file again notices the change.
            var written = File.GetLastWriteTimeUtc(path);
            await File.WriteAllTextAsync(path, new string(' ', (int)new FileInfo(path).Length), Token);
            File.SetLastWriteTimeUtc(path, written);
        }

        Assert.Equal("r3", (await store.FindByKeyAsync("k3", Token))!.Id);
        Assert.Null(await store.FindByKeyAsync("none", Token));
    }

    [Theory]
    [InlineData("\"Runn")]
    [InlineData("\"Archived\"}")]
    [InlineData("""
        "Running","request":{"kind":"song"}}
        """)]
    public async Task Key_of_a_damaged_record_is_unknown_and_not_free(string end)
    {
        const string Start = """{"id":"a","key":"k","attempt":3,"platformName":"juxin","fingerprint":"f","state":""";
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.json"), Start + end, Token);

        var found = (await Store("file").FindByKeyAsync("k", Token))!;

        Assert.Equal((TaskRecordState.Unknown, 3, "f"), (found.State, found.Attempt, found.Fingerprint));
        Assert.Equal("a", (await Store("file").TryAddAsync(Keyed("b", attempt: 1), Token)).Id);
    }

    [Fact]
    public async Task Request_with_images_is_read_back_as_it_was()
    {
        var request = new VideoRequest("小猫")
        {
            Key = "k",
            Metadata = new Dictionary<string, string> { ["page"] = "3" },
            Images =
            [
                ImageInput.FromFile("pictures/a.png"),
                ImageInput.FromUrl(new Uri("https://example.com/a.png")).AsLastFrame(),
                ImageInput.FromDataUri("data:image/png;base64," + Convert.ToBase64String(TinyImages.Png)),
                ImageInput.FromBytes(TinyImages.Jpeg),
            ],
        };
        var kept = KeptRequest.Of(request, keepsImages: true);
        await Store("file").UpdateAsync(
            Record("a", TaskRecordState.Running) with { Request = kept.Request, Metadata = request.Metadata }, Token);
        CloseAll();

        var read = Assert.Single(await Store("file").RecordsAsync(Token));

        Assert.Equal(RequestFingerprint.Of(request), RequestFingerprint.Of(read.Request!));
        Assert.Equal(("k", "3", "3"), (read.Request!.Key, read.Request.Metadata["page"], read.Metadata["page"]));
    }

    [Fact]
    public void Request_whose_images_do_not_survive_is_not_kept_and_says_why()
    {
        var bytes = new VideoRequest("a") { Images = [ImageInput.FromBytes(TinyImages.Png)] };
        var stream = new VideoRequest("a") { Images = [ImageInput.FromStream(new MemoryStream(TinyImages.Png))] };
        var large = new VideoRequest("a") { Images = [ImageInput.FromBytes(new byte[25 * 1024 * 1024])] };

        Assert.Same(bytes, KeptRequest.Of(bytes, keepsImages: true).Request);
        Assert.Contains("in memory", KeptRequest.Of(bytes, keepsImages: false).NotKept, StringComparison.Ordinal);
        Assert.Contains("stream", KeptRequest.Of(stream, keepsImages: true).NotKept, StringComparison.Ordinal);
        Assert.Contains("26214400 bytes", KeptRequest.Of(large, keepsImages: true).NotKept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reopened_file_store_has_every_field()
    {
        var record = Record("20260101-x", TaskRecordState.Downloaded, "sora-2:task_x") with
        {
            ClientName = "main",
            Kind = TaskRecordKind.Storyboard,
            Prompt = "小猫 \"plays\"\n@a.b",
            Model = "sora-2",
            Duration = TimeSpan.FromSeconds(7.5),
            Path = "/v/小猫.mp4",
            Length = 5_000_000_000,
            Error = "why",
        };
        await Store("file").UpdateAsync(record, Token);
        CloseAll();

        Assert.Equal(record, Assert.Single(await Store("file").RecordsAsync(Token)));
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "20260101-x.json"), Token);
        Assert.Contains("\"prompt\": \"小猫 ", text, StringComparison.Ordinal);
        Assert.Contains("\"state\": \"Downloaded\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crash_at_any_byte_of_a_write_leaves_the_old_record()
    {
        var before = Record("a", TaskRecordState.Submitting);
        var store = Store("file");
        await store.UpdateAsync(before, Token);
        await store.UpdateAsync(Record("b", TaskRecordState.Running, "t"), Token);
        CloseAll();
        var next = await File.ReadAllBytesAsync(Path.Combine(_folder, "b.json"), Token);

        for (var written = 0; written <= next.Length; written++)
        {
            await File.WriteAllBytesAsync(Path.Combine(_folder, "a.json.tmp"), next[..written], Token);
            Assert.Equal(before with { IsOwnerAlive = false }, (await Store("file").RecordsAsync(Token))[0]);
            // the next write removes the unfinished file
            await Store("file", reopen: false).UpdateAsync(Record("b", TaskRecordState.Running, "t"), Token);
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
    [InlineData("""{"id":"another","platformName":"juxin","state":"Running",TIMES}""")]
    [InlineData("{\"id\":\"a\",\"platformName\":\"juxin\",\"state\":\"Dancing\"}")]
    [InlineData("""{"id":"a","platformName":null,"state":"Running",TIMES}""")]
    [InlineData("""{"id":"a","platformName":"juxin","state":99,TIMES}""")]
    public async Task Damaged_file_is_an_unknown_record_and_stays_until_it_is_removed(string template)
    {
        const string Times = """ "createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z" """;
        var content = template.Replace("TIMES", Times, StringComparison.Ordinal);
        var path = Path.Combine(_folder, "a.json");
        await File.WriteAllTextAsync(path, content, Token);

        var record = Assert.Single(await Store("file").RecordsAsync(Token));

        Assert.Equal("a", record.Id);
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

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.RecordsAsync(Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("c:a")]
    [InlineData(".lock")]
    public async Task Key_that_leads_out_of_the_directory_is_refused(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store("file").UpdateAsync(Record(key, TaskRecordState.Running), Token));

    [Fact]
    public async Task Second_record_of_a_task_is_found_after_the_first_is_removed()
    {
        var store = Store("file");
        await store.UpdateAsync(Record("a", TaskRecordState.Failed, "t"), Token);
        await store.UpdateAsync(Record("b", TaskRecordState.Running, "t"), Token);

        await store.RemoveAsync("a", Token);

        Assert.Equal("b", (await store.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token))!.Id);
    }

    [Fact]
    public async Task Concurrent_writers_lose_no_record()
    {
        var store = Store("file");
        await Parallel.ForAsync(0, 100, Token, async (i, token) =>
        {
            await store.TryAddAsync(Record("k" + (i % 10), TaskRecordState.Submitting), token);
            await store.UpdateAsync(Record("k" + (i % 10), TaskRecordState.Running, "t" + (i % 10)), token);
        });
        CloseAll();

        Assert.Equal(10, (await Store("file").RecordsAsync(Token)).Count);
        Assert.Equal(11, Directory.GetFiles(_folder).Length); // and the lock
    }

    private static TaskRecord Record(string key, TaskRecordState state, string? taskId = null) =>
        new() { Id = key, PlatformName = "juxin", State = state, TaskId = taskId, CreatedAt = Then, UpdatedAt = Then };

    private static TaskRecord Keyed(string id, int attempt) => Record(id, TaskRecordState.Refused) with { Key = "k", Attempt = attempt };

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
