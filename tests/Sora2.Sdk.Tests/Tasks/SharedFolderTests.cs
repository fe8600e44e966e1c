using System.Runtime.Versioning;
using System.Text;

namespace Sora2.Sdk.Tests.Tasks;

/// <summary>A folder that several stores use, and in which other things lie as well.</summary>
public sealed class SharedFolderTests : IDisposable
{
    private const string OwnName = "20261121-010203004-0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset Then = new(2026, 11, 21, 1, 2, 3, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("sora2-shared").FullName;
    private readonly List<FileTaskStore> _stores = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_one_store_saves_changes_and_removes_the_other_sees()
    {
        var (one, other) = (Store(), Store());
        Assert.Null(await other.FindAsync("juxin", "t-1", Token));

        await one.SaveAsync(Record("a", TaskRecordState.Running, "t-1"), Token);
        Assert.Equal(TaskRecordState.Running, (await other.FindAsync("juxin", "t-1", Token))!.State);

        await one.SaveAsync(Record("a", TaskRecordState.Completed, "t-1"), Token);
        Assert.Equal(TaskRecordState.Completed, (await other.FindAsync("juxin", "t-1", Token))!.State);

        await other.SaveAsync(Record("a", TaskRecordState.Running, "t-2"), Token);
        Assert.Null(await one.FindAsync("juxin", "t-1", Token));
        Assert.Equal("a", (await one.FindAsync("juxin", "t-2", Token))!.Key);

        Assert.True(await one.RemoveAsync("a", Token));
        Assert.Null(await other.FindAsync("juxin", "t-2", Token));
        Assert.Empty(await other.ListAsync(Token));
        Assert.False(await other.RemoveAsync("a", Token));
    }

    [Fact]
    public async Task A_task_that_is_known_is_found_without_reading_the_others()
    {
        var (one, other) = (Store(), Store());
        for (var i = 0; i < 20; i++)
        {
            await one.SaveAsync(Record("k" + i, TaskRecordState.Running, "t" + i), Token);
        }

        Assert.NotNull(await other.FindAsync("juxin", "t3", Token));
        foreach (var path in Directory.GetFiles(_folder, "*.json").Where(path => Path.GetFileName(path) != "k3.json"))
        {
            // As long and as old as before: whoever reads it again sees the difference, and whoever looks at the folder does not.
            var written = File.GetLastWriteTimeUtc(path);
            await File.WriteAllTextAsync(path, new string(' ', (int)new FileInfo(path).Length), Token);
            File.SetLastWriteTimeUtc(path, written);
        }

        Assert.Equal("k3", (await other.FindAsync("juxin", "t3", Token))!.Key);
        Assert.Null(await other.FindAsync("juxin", "none", Token));
        await one.SaveAsync(Record("late", TaskRecordState.Running, "t-late"), Token);
        Assert.Equal("late", (await other.FindAsync("juxin", "t-late", Token))!.Key);
        Assert.Equal(19, (await other.ListAsync(Token)).Count(record => record.State == TaskRecordState.Unknown));
    }

    [Fact]
    public async Task A_record_written_by_a_clock_that_is_years_off_is_seen()
    {
        var (one, other) = (Store(), Store());
        Assert.Null(await other.FindAsync("juxin", "t", Token));
        await one.SaveAsync(Record("a", TaskRecordState.Running, "t"), Token);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.json"), new DateTime(1999, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.NotNull(await other.FindAsync("juxin", "t", Token));

        await one.SaveAsync(Record("a", TaskRecordState.Running, "t-other"), Token);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.json"), new DateTime(1998, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotNull(await other.FindAsync("juxin", "t-other", Token));
    }

    [Fact]
    public async Task Two_stores_that_write_the_same_records_at_once_lose_nothing()
    {
        FileTaskStore[] stores = [Store(), Store()];

        await Parallel.ForAsync(0, 60, Token, async (i, token) =>
        {
            var store = stores[i % 2];
            await store.SaveAsync(Record("k" + (i % 5), TaskRecordState.Running, "t" + (i % 5)), token);
            Assert.NotNull(await store.FindAsync("juxin", "t" + (i % 5), token));
        });

        Assert.Equal(5, (await stores[0].ListAsync(Token)).Count(record => record.State == TaskRecordState.Running));
        Assert.Equal(6, Directory.GetFiles(_folder).Length); // and the lock
    }

    [Fact]
    public async Task A_lock_that_somebody_keeps_is_waited_for_and_then_told()
    {
        var clock = new VirtualClock();
        using var store = new FileTaskStore(_folder) { LockTimeout = TimeSpan.FromSeconds(3), TimeProvider = clock };
        using var kept = File.OpenHandle(Path.Combine(_folder, ".sora2-tasks.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var saving = store.SaveAsync(Record("a", TaskRecordState.Running), Token);
        while (!saving.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<Sora2Exception>(() => saving);
        Assert.Equal(Sora2ErrorKind.Storage, error.Kind);
        Assert.Contains("another program has kept its lock, .sora2-tasks.lock, for 3 s", error.Message, StringComparison.Ordinal);
        Assert.Empty(await store.ListAsync(Token)); // which needs none
    }

    [Fact]
    public async Task An_intent_that_another_store_is_sending_is_not_lost_until_that_store_ends()
    {
        var (sending, other) = (Store(), Store());
        await sending.SaveAsync(Record(OwnName, TaskRecordState.Submitting), Token);
        using var client = Resuming(other);

        Assert.Empty(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
        Assert.Equal(TaskRecordState.Submitting, Assert.Single(await other.ListAsync(Token)).State);

        sending.Dispose();
        var lost = Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
        Assert.IsType<SubmissionUnknownException>(lost.Error);
        Assert.DoesNotContain(Directory.GetFiles(_folder), path => path.EndsWith(".sending", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pipe_in_place_of_a_lock_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no pipes in directories.");
        var store = Store();
        await store.SaveAsync(Record(OwnName, TaskRecordState.Submitting), Token);
        store.Dispose();
        MakePipe(Path.Combine(_folder, $".{OwnName}.sending"));
        using var client = Resuming(Store());

        Assert.IsType<SubmissionUnknownException>(Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync()).Error);
        var refused = await Assert.ThrowsAsync<Sora2Exception>(() => Store().SaveAsync(Record(OwnName, TaskRecordState.Submitting), Token));
        Assert.Contains("is a pipe", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_intent_whose_outcome_came_meanwhile_is_not_marked_as_lost()
    {
        var store = Store();
        await store.SaveAsync(Record("a", TaskRecordState.Running, "t"), Token);

        var now = await store.MarkLostAsync(Record("a", TaskRecordState.Unknown));

        Assert.Equal((TaskRecordState.Running, "t"), (now.State, now.TaskId));
        Assert.Equal("t", Assert.Single(await store.ListAsync(Token)).TaskId);
    }

    [Fact]
    public async Task Locks_of_sends_that_a_killed_process_left_are_removed_with_the_next_change()
    {
        var left = Path.Combine(_folder, $".{OwnName}.sending");
        var others = Path.Combine(_folder, ".notes.sending");
        await File.WriteAllTextAsync(left, "", Token);
        await File.WriteAllTextAsync(others, "of somebody else", Token);

        await Store().SaveAsync(Record("b", TaskRecordState.Running, "t"), Token);

        Assert.Equal((false, true), (File.Exists(left), File.Exists(others)));
    }

    [Fact]
    public async Task An_intent_that_came_to_its_end_leaves_no_lock()
    {
        var store = Store();
        await store.SaveAsync(Record("a", TaskRecordState.Submitting), Token);
        Assert.True(File.Exists(Path.Combine(_folder, ".a.sending")));

        await store.SaveAsync(Record("a", TaskRecordState.Running, "t"), Token);

        Assert.False(File.Exists(Path.Combine(_folder, ".a.sending")));
    }

    [Theory]
    [InlineData("appsettings.json", """{"Logging":{"LogLevel":{"Default":"Information"}},"key":"a"}""")]
    [InlineData("package.json", """{"name":"x","version":"1.0.0"}""")]
    [InlineData("list.json", "[1,2]")]
    [InlineData("characters.json", """{"version":1,"characters":[]}""")]
    [InlineData("settings.json", "// mine\n{ \"editor.fontSize\": 12, }")]
    [InlineData("thesis.tmp", "ten years of work")]
    [InlineData("settings.json.tmp", "half a set")]
    [InlineData(".lock", "of another program")]
    [InlineData(".hidden.json", "{")]
    public async Task Files_of_somebody_else_are_neither_listed_nor_touched(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, content, Token);
        var store = Store();
        await store.SaveAsync(Record("a", TaskRecordState.Running, "t"), Token);

        Assert.Equal("a", Assert.Single(await store.ListAsync(Token)).Key);
        Assert.False(await store.RemoveAsync(Path.GetFileNameWithoutExtension(name), Token));
        Assert.Equal(content, await File.ReadAllTextAsync(path, Token));
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_not_overwritten_by_a_record_of_that_name()
    {
        var path = Path.Combine(_folder, "appsettings.json");
        await File.WriteAllTextAsync(path, """{"Logging":{}}""", Token);

        var error = await Assert.ThrowsAsync<Sora2Exception>(() => Store().SaveAsync(Record("appsettings", TaskRecordState.Running), Token));

        Assert.Contains("no record of a task", error.Message, StringComparison.Ordinal);
        Assert.Equal("""{"Logging":{}}""", await File.ReadAllTextAsync(path, Token));
    }

    [Fact]
    public async Task A_key_in_another_case_does_not_overwrite_a_record_where_cases_are_one()
    {
        // As a file system has it that does not tell cases apart.
        await Store().SaveAsync(Record("Job", TaskRecordState.Running, "t"), Token);
        File.Move(Path.Combine(_folder, "Job.json"), Path.Combine(_folder, "job.json"));

        var error = await Assert.ThrowsAsync<Sora2Exception>(() => Store().SaveAsync(Record("job", TaskRecordState.Running, "t-2"), Token));

        Assert.Contains("record of Job", error.Message, StringComparison.Ordinal);
        Assert.Equal("job", (await Store().FindAsync("juxin", "t", Token))!.Key);
    }

    public static TheoryData<string, byte[]> AsEditorsSave()
    {
        const string Text = """
            // looked at on Monday
            {
              "key": "a", "platform": "juxin", /* mine */ "state": "Running", "taskId": "t-小猫",
              "createdAt": "2026-11-21T01:02:03+00:00", "updatedAt": "2026-11-21T01:02:03+00:00",
            }
            """;
        return new()
        {
            { "UTF-8", Encoding.UTF8.GetBytes(Text) },
            { "UTF-8 with a mark", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text)] },
            { "UTF-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Text)] },
            { "UTF-16, big end first", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Text)] },
            { "UTF-16 without a mark", Encoding.Unicode.GetBytes(Text) },
            { "UTF-16, big end first, without a mark", Encoding.BigEndianUnicode.GetBytes(Text) },
        };
    }

    [Theory]
    [MemberData(nameof(AsEditorsSave))]
    public async Task A_record_that_an_editor_saved_with_comments_is_read(string encoding, byte[] content)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "a.json"), content, Token);

        Assert.True(await Store().FindAsync("juxin", "t-小猫", Token) == Record("a", TaskRecordState.Running, "t-小猫"), encoding);
    }

    [Theory]
    [InlineData("""{"key":"a","platform":"juxin","client":"main","state":"Archived","taskId":"t","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}""", "the state \"Archived\"")]
    [InlineData("""{"key":"a","platform":"juxin","client":"main","state":"Running","kind":"Song","taskId":"t","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}""", "damaged")]
    [InlineData("""{"key":"a","platform":"juxin","client":"main","state":"Running","taskId":"t","createdAt":"yesterday","updatedAt":"2026-01-01T00:00:00Z"}""", "damaged")]
    [InlineData("""{"key":"a","platform":"juxin","client":"main","state":"Running","taskId":"t","prompt":"a ca""", "damaged")]
    [InlineData("""{"platform":"juxin","client":"main","state":"Running","taskId":"t"}""", "damaged")]
    [InlineData("""{"key":"the original","platform":"juxin","client":"main","state":"Running","taskId":"t","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}""", "record of the original")]
    public async Task The_id_of_a_record_that_this_version_cannot_read_is_found_and_resumed(string content, string error)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.json"), content, Token);
        var store = Store();

        var record = (await store.FindAsync("juxin", "t", Token))!;
        Assert.Equal(("a", TaskRecordState.Unknown, "main", "t"), (record.Key, record.State, record.Client, record.TaskId));
        Assert.Contains(error, record.Error, StringComparison.Ordinal);
        using var client = Resuming(store, "main");
        var resumed = Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
        Assert.Equal(("t", VideoTaskStatus.Succeeded, TaskRecordState.Completed), (resumed.Task!.Id, resumed.Task.Status, resumed.Record.State));
    }

    [Fact]
    public async Task A_copied_record_does_not_hide_the_original()
    {
        var store = Store();
        await store.SaveAsync(Record("b", TaskRecordState.Running, "t"), Token);
        File.Copy(Path.Combine(_folder, "b.json"), Path.Combine(_folder, "a.json"));
        File.Copy(Path.Combine(_folder, "b.json"), Path.Combine(_folder, "z - copy.json"));

        foreach (var looking in (FileTaskStore[])[store, Store()])
        {
            Assert.Equal("b", (await looking.FindAsync("juxin", "t", Token))!.Key);
            Assert.Equal(3, (await looking.ListAsync(Token)).Count);
            Assert.Equal("b", (await looking.FindAsync("juxin", "t", Token))!.Key);
        }

        using var client = Resuming(store);
        Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
    }

    [Fact]
    public async Task A_huge_file_is_one_damaged_record_of_which_the_beginning_is_read()
    {
        await using (var file = File.Create(Path.Combine(_folder, OwnName + ".json")))
        {
            await file.WriteAsync("""{"platform":"juxin","taskId":"t","prompt":" """u8.ToArray(), Token);
            file.SetLength(5L * 1024 * 1024 * 1024);
        }

        Assert.Equal(TaskRecordState.Unknown, (await Store().FindAsync("juxin", "t", Token))!.State);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_is_no_file_under_a_records_name_keeps_nobody_and_stops_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It has no pipes and few links among files.");
        var outside = Path.Combine(_folder, "outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "secret.txt"), "of somebody else", Token);
        MakePipe(Path.Combine(_folder, "pipe.json"));
        MakePipe(Path.Combine(_folder, OwnName + ".json.tmp"));
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_folder, "socket.json")));
        Directory.CreateDirectory(Path.Combine(_folder, "folder.json"));
        File.CreateSymbolicLink(Path.Combine(_folder, "dangling.json"), Path.Combine(_folder, "not there"));
        File.CreateSymbolicLink(Path.Combine(_folder, "circle.json"), Path.Combine(_folder, "circle.json"));
        File.CreateSymbolicLink(Path.Combine(_folder, "device.json"), "/dev/zero");
        File.CreateSymbolicLink(Path.Combine(_folder, "out.json"), Path.Combine(outside, "secret.txt"));
        File.CreateSymbolicLink(Path.Combine(_folder, "good.json.tmp"), Path.Combine(outside, "secret.txt"));
        var store = Store();

        await store.SaveAsync(Record("good", TaskRecordState.Running, "t"), Token);
        await store.SaveAsync(Record(OwnName, TaskRecordState.Running, "t-2"), Token);

        var records = await store.ListAsync(Token);
        Assert.Equal(
            ["circle", "dangling", "device", "out", "pipe", "socket"],
            records.Where(record => record.State == TaskRecordState.Unknown).Select(record => record.Key));
        Assert.Equal([OwnName, "good"], records.Where(record => record.State == TaskRecordState.Running).Select(record => record.Key));
        Assert.Contains("which does not exist", records.Single(record => record.Key == "dangling").Error, StringComparison.Ordinal);
        Assert.Equal("t", (await store.FindAsync("juxin", "t", Token))!.TaskId);
        Assert.True(await store.RemoveAsync("out", Token));
        Assert.Equal("of somebody else", await File.ReadAllTextAsync(Path.Combine(outside, "secret.txt"), Token));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_file_that_may_not_be_read_is_one_damaged_record()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Whoever may read everything cannot try it.");
        var store = Store();
        await store.SaveAsync(Record("a", TaskRecordState.Running, "t-a"), Token);
        await store.SaveAsync(Record("b", TaskRecordState.Running, "t-b"), Token);
        File.SetUnixFileMode(Path.Combine(_folder, "a.json"), UnixFileMode.None);

        Assert.Equal([TaskRecordState.Unknown, TaskRecordState.Running], (await Store().ListAsync(Token)).Select(record => record.State));
    }

    [Fact]
    public async Task Records_are_read_where_nothing_can_be_written()
    {
        await Store().SaveAsync(Record("a", TaskRecordState.Running, "t"), Token);
        File.Delete(Path.Combine(_folder, ".sora2-tasks.lock"));
        Directory.CreateDirectory(Path.Combine(_folder, ".sora2-tasks.lock")); // no lock can be had, as in a folder that may only be read
        var store = Store();

        Assert.Equal("a", (await store.FindAsync("juxin", "t", Token))!.Key);
        Assert.Single(await store.ListAsync(Token));
        Assert.Equal(Sora2ErrorKind.Storage, (await Assert.ThrowsAsync<Sora2Exception>(() => store.SaveAsync(Record("b", TaskRecordState.Running), Token))).Kind);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_empty_and_is_not_made_by_looking()
    {
        using var store = new FileTaskStore(Path.Combine(_folder, "new"));

        Assert.Empty(await store.ListAsync(Token));
        Assert.Null(await store.FindAsync("juxin", "t", Token));
        Assert.False(await store.RemoveAsync("a", Token));
        Assert.False(Directory.Exists(Path.Combine(_folder, "new")));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a\0b")]
    [InlineData("")]
    public async Task A_key_that_is_no_name_is_not_removed_and_not_saved(string key)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.json"), "", Token);
        using var store = new FileTaskStore(Path.Combine(_folder, "in"));
        await store.SaveAsync(Record("b", TaskRecordState.Running), Token);

        Assert.False(await store.RemoveAsync(key, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => store.SaveAsync(Record(key, TaskRecordState.Running), Token));
        Assert.True(File.Exists(Path.Combine(_folder, "a.json")));
    }

    [Fact]
    public void A_path_with_a_NUL_is_refused_in_words()
    {
        Assert.Contains("NUL", Assert.Throws<Sora2ValidationException>(() => new FileTaskStore("a\0b")).Message, StringComparison.Ordinal);
        Assert.Contains("NUL", Assert.Throws<Sora2ValidationException>(() => new FileCharacterStore("a\0b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_of_the_callers_own_that_gives_no_list_is_told()
    {
        var store = new OddStore { List = null };
        using var client = Resuming(store);

        var errors = new[]
        {
            await Assert.ThrowsAsync<Sora2Exception>(async () => await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync()),
            await Assert.ThrowsAsync<Sora2Exception>(() => store.PruneAsync(TimeSpan.Zero, cancellationToken: Token)),
        };

        Assert.All(errors, error => Assert.Contains("OddStore breaks its contract: ListAsync returned null", error.Message, StringComparison.Ordinal));
        store.List = [null!];
        Assert.Contains("a record that is null", (await Assert.ThrowsAsync<Sora2Exception>(() => store.PruneAsync(TimeSpan.Zero, cancellationToken: Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_memory_store_finds_the_newest_record_of_a_task_among_many()
    {
        var store = new MemoryTaskStore();
        for (var i = 0; i < 1000; i++)
        {
            await store.SaveAsync(Record("k" + i, TaskRecordState.Running, "t" + (i % 500)), Token);
        }

        Assert.Equal("k507", (await store.FindAsync("juxin", "t7", Token))!.Key);
        await store.SaveAsync(Record("k507", TaskRecordState.Running, "t-new"), Token);
        Assert.Equal("k7", (await store.FindAsync("juxin", "t7", Token))!.Key);
        Assert.True(await store.RemoveAsync("k7", Token));
        Assert.Null(await store.FindAsync("juxin", "t7", Token));
    }

    private static Sora2Client Resuming(ITaskStore store, string name = "") => Support.TestClients.Create(
        Sora2Platform.Juxin,
        new Support.StubHandler((_, _) => Support.StubHandler.Json("""{"id":"t","status":"completed","video_url":"https://media.example.com/v.mp4"}""")),
        options => options.TaskStore = store,
        name: name);

    private static TaskRecord Record(string key, TaskRecordState state, string? taskId = null) =>
        new() { Key = key, Platform = "juxin", State = state, TaskId = taskId, CreatedAt = Then, UpdatedAt = Then };

    private static void MakePipe(string path)
    {
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [path]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }

    private FileTaskStore Store()
    {
        _stores.Add(new FileTaskStore(_folder));
        return _stores[^1];
    }

    private sealed class OddStore : ITaskStore
    {
        public IReadOnlyList<TaskRecord>? List { get; set; }

        public Task SaveAsync(TaskRecord record, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<TaskRecord?> FindAsync(string platform, string taskId, CancellationToken cancellationToken = default) => Task.FromResult<TaskRecord?>(null);

        public Task<IReadOnlyList<TaskRecord>> ListAsync(CancellationToken cancellationToken = default) => Task.FromResult(List!);

        public Task<bool> RemoveAsync(string key, CancellationToken cancellationToken = default) => Task.FromResult(false);
    }
}
