using System.Runtime.Versioning;
using System.Text;

namespace Sora2.Sdk.Tests.Tasks;

/// <summary>A directory that several stores use and that contains other files.</summary>
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
    public async Task Changes_of_one_store_are_visible_to_another()
    {
        var (one, other) = (Store(), Store());
        Assert.Null(await other.FindAsync(new TaskHandle("t-1") { PlatformName = "juxin" }, Token));

        await one.UpdateAsync(Record("a", TaskRecordState.Running, "t-1"), Token);
        Assert.Equal(TaskRecordState.Running, (await other.FindAsync(new TaskHandle("t-1") { PlatformName = "juxin" }, Token))!.State);

        await one.UpdateAsync(Record("a", TaskRecordState.Completed, "t-1"), Token);
        Assert.Equal(TaskRecordState.Completed, (await other.FindAsync(new TaskHandle("t-1") { PlatformName = "juxin" }, Token))!.State);

        await other.UpdateAsync(Record("a", TaskRecordState.Running, "t-2"), Token);
        Assert.Null(await one.FindAsync(new TaskHandle("t-1") { PlatformName = "juxin" }, Token));
        Assert.Equal("a", (await one.FindAsync(new TaskHandle("t-2") { PlatformName = "juxin" }, Token))!.Id);

        Assert.True(await one.RemoveAsync("a", Token));
        Assert.Null(await other.FindAsync(new TaskHandle("t-2") { PlatformName = "juxin" }, Token));
        Assert.Empty(await other.RecordsAsync(Token));
        Assert.False(await other.RemoveAsync("a", Token));
    }

    [Fact]
    public async Task Known_task_is_found_without_reading_other_files()
    {
        var (one, other) = (Store(), Store());
        for (var i = 0; i < 20; i++)
        {
            await one.UpdateAsync(Record("k" + i, TaskRecordState.Running, "t" + i), Token);
        }

        Assert.NotNull(await other.FindAsync(new TaskHandle("t3") { PlatformName = "juxin" }, Token));
        foreach (var path in Directory.GetFiles(_folder, "*.json").Where(path => Path.GetFileName(path) != "k3.json"))
        {
            // Same length and time: only a store that reads the file again notices the change.
            var written = File.GetLastWriteTimeUtc(path);
            await File.WriteAllTextAsync(path, new string(' ', (int)new FileInfo(path).Length), Token);
            File.SetLastWriteTimeUtc(path, written);
        }

        Assert.Equal("k3", (await other.FindAsync(new TaskHandle("t3") { PlatformName = "juxin" }, Token))!.Id);
        Assert.Null(await other.FindAsync(new TaskHandle("none") { PlatformName = "juxin" }, Token));
        await one.UpdateAsync(Record("late", TaskRecordState.Running, "t-late"), Token);
        Assert.Equal("late", (await other.FindAsync(new TaskHandle("t-late") { PlatformName = "juxin" }, Token))!.Id);
        Assert.Equal(19, (await other.RecordsAsync(Token)).Count(record => record.State == TaskRecordState.Unknown));
    }

    [Fact]
    public async Task Record_with_a_wrong_file_time_is_found()
    {
        var (one, other) = (Store(), Store());
        Assert.Null(await other.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token));
        await one.UpdateAsync(Record("a", TaskRecordState.Running, "t"), Token);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.json"), new DateTime(1999, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.NotNull(await other.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token));

        await one.UpdateAsync(Record("a", TaskRecordState.Running, "t-other"), Token);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "a.json"), new DateTime(1998, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotNull(await other.FindAsync(new TaskHandle("t-other") { PlatformName = "juxin" }, Token));
    }

    [Fact]
    public async Task Two_stores_that_write_the_same_records_concurrently_lose_none()
    {
        FileTaskStore[] stores = [Store(), Store()];

        await Parallel.ForAsync(0, 60, Token, async (i, token) =>
        {
            var store = stores[i % 2];
            await store.UpdateAsync(Record("k" + (i % 5), TaskRecordState.Running, "t" + (i % 5)), token);
            Assert.NotNull(await store.FindAsync(new TaskHandle("t" + (i % 5)) { PlatformName = "juxin" }, token));
        });

        Assert.Equal(5, (await stores[0].RecordsAsync(Token)).Count(record => record.State == TaskRecordState.Running));
        Assert.Equal(6, Directory.GetFiles(_folder).Length); // and the lock
    }

    [Fact]
    public async Task Lock_held_by_another_program_is_reported_after_the_timeout()
    {
        var clock = new VirtualClock();
        using var store = new FileTaskStore(_folder) { LockTimeout = TimeSpan.FromSeconds(3), TimeProvider = clock };
        using var kept = File.OpenHandle(
            Path.Combine(_folder, ".sora2-tasks.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var saving = store.UpdateAsync(Record("a", TaskRecordState.Running), Token);
        while (!saving.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<StorageException>(() => saving);
        Assert.Equal(Sora2ErrorKind.Storage, error.Kind);
        Assert.Contains(".sora2-tasks.lock, for 3 s", error.Message, StringComparison.Ordinal);
        Assert.Equal((_folder, (bool?)null), (error.Path, error.MayHaveBeenCharged));
        Assert.Empty(await store.RecordsAsync(Token)); // reading takes no lock
    }

    [Fact]
    public async Task Intent_that_another_store_is_sending_is_lost_only_after_that_store_ends()
    {
        var (sending, other) = (Store(), Store());
        await sending.TryAddAsync(Record(OwnName, TaskRecordState.Submitting), Token);
        using var client = Resuming(other);

        Assert.Empty(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
        Assert.Equal(TaskRecordState.Submitting, Assert.Single(await other.RecordsAsync(Token)).State);

        sending.Dispose();
        var lost = Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
        Assert.IsType<SubmissionUnknownException>(lost.Error);
        Assert.DoesNotContain(Directory.GetFiles(_folder), path => path.EndsWith(".sending", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pipe_in_place_of_a_lock_does_not_block()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in directories.");
        var store = Store();
        await store.TryAddAsync(Record(OwnName, TaskRecordState.Submitting), Token);
        store.Dispose();
        MakePipe(Path.Combine(_folder, $".{OwnName}.sending"));
        using var client = Resuming(Store());

        Assert.IsType<SubmissionUnknownException>(
            Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync()).Error);
        var refused = await Assert.ThrowsAsync<StorageException>(
            () => Store().TryAddAsync(Record(OwnName, TaskRecordState.Submitting), Token));
        Assert.Contains("pipe", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Intent_whose_outcome_was_saved_meanwhile_is_not_marked_as_lost()
    {
        var (store, other) = (Store(), Store());
        var read = await store.TryAddAsync(Record("a", TaskRecordState.Submitting), Token);
        await store.UpdateAsync(Record("a", TaskRecordState.Running, "t"), Token);

        Assert.False(await other.TryUpdateAsync(Record("a", TaskRecordState.Unknown), read, Token));

        Assert.Equal("t", Assert.Single(await store.RecordsAsync(Token)).TaskId);
    }

    [Fact]
    public async Task Send_locks_of_a_killed_process_are_removed_by_the_next_write()
    {
        var left = Path.Combine(_folder, $".{OwnName}.sending");
        var others = Path.Combine(_folder, ".notes.sending");
        await File.WriteAllTextAsync(left, "", Token);
        await File.WriteAllTextAsync(others, "of another program", Token);

        await Store().UpdateAsync(Record("b", TaskRecordState.Running, "t"), Token);

        Assert.False(File.Exists(left));
        Assert.True(File.Exists(others));
    }

    [Fact]
    public async Task Completed_intent_leaves_no_lock()
    {
        var store = Store();
        await store.TryAddAsync(Record("a", TaskRecordState.Submitting), Token);
        Assert.True(File.Exists(Path.Combine(_folder, ".a.sending")));

        await store.UpdateAsync(Record("a", TaskRecordState.Running, "t"), Token);

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
    public async Task Files_of_other_programs_are_neither_listed_nor_changed(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, content, Token);
        var store = Store();
        await store.UpdateAsync(Record("a", TaskRecordState.Running, "t"), Token);

        Assert.Equal("a", Assert.Single(await store.RecordsAsync(Token)).Id);
        Assert.False(await store.RemoveAsync(Path.GetFileNameWithoutExtension(name), Token));
        Assert.Equal(content, await File.ReadAllTextAsync(path, Token));
    }

    [Fact]
    public async Task File_of_another_program_is_not_overwritten_by_a_record()
    {
        var path = Path.Combine(_folder, "appsettings.json");
        await File.WriteAllTextAsync(path, """{"Logging":{}}""", Token);

        var error = await Assert.ThrowsAsync<StorageException>(
            () => Store().UpdateAsync(Record("appsettings", TaskRecordState.Running), Token));

        Assert.Equal(Sora2ErrorKind.Storage, error.Kind);
        Assert.Contains("appsettings.json", error.Message, StringComparison.Ordinal);
        Assert.Equal("""{"Logging":{}}""", await File.ReadAllTextAsync(path, Token));
    }

    [Fact]
    public async Task Key_in_another_case_does_not_overwrite_a_record_on_a_case_insensitive_file_system()
    {
        // The result on a file system that ignores case.
        await Store().UpdateAsync(Record("Job", TaskRecordState.Running, "t"), Token);
        File.Move(Path.Combine(_folder, "Job.json"), Path.Combine(_folder, "job.json"));

        var error = await Assert.ThrowsAsync<StorageException>(
            () => Store().UpdateAsync(Record("job", TaskRecordState.Running, "t-2"), Token));

        Assert.Contains("Job", error.Message, StringComparison.Ordinal);
        Assert.Equal("job", (await Store().FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token))!.Id);
    }

    public static TheoryData<string, byte[]> Encodings()
    {
        const string Text = """
            // looked at on Monday
            {
              "id": "a", "platformName": "juxin", /* mine */ "state": "Running", "taskId": "t-小猫",
              "createdAt": "2026-11-21T01:02:03+00:00", "updatedAt": "2026-11-21T01:02:03+00:00",
            }
            """;
        return new()
        {
            { "UTF-8", Encoding.UTF8.GetBytes(Text) },
            { "UTF-8 with a byte order mark", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text)] },
            { "UTF-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Text)] },
            { "UTF-16 big-endian", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Text)] },
            { "UTF-16 without a byte order mark", Encoding.Unicode.GetBytes(Text) },
            { "UTF-16 big-endian without a byte order mark", Encoding.BigEndianUnicode.GetBytes(Text) },
        };
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Record_saved_by_an_editor_with_comments_is_read(string encoding, byte[] content)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "a.json"), content, Token);

        var found = await Store().FindAsync(new TaskHandle("t-小猫") { PlatformName = "juxin" }, Token);

        Assert.True(found == Record("a", TaskRecordState.Running, "t-小猫"), encoding);
    }

    [Theory]
    [InlineData("""{"id":"a",FIELDS,"state":"Archived",TIMES}""", "Archived")]
    [InlineData("""{"id":"a",FIELDS,"state":"Running","kind":"Song",TIMES}""", "damaged")]
    [InlineData("""{"id":"a",FIELDS,"state":"Running","createdAt":"yesterday","updatedAt":"2026-01-01T00:00:00Z"}""", "damaged")]
    [InlineData("""{"id":"a",FIELDS,"state":"Running","prompt":"a ca""", "damaged")]
    [InlineData("""{FIELDS,"state":"Running"}""", "damaged")]
    [InlineData("""{"id":"the original",FIELDS,"state":"Running",TIMES}""", "the original")]
    public async Task Unreadable_record_with_an_id_is_found_and_resumed(string template, string error)
    {
        var content = template
            .Replace("FIELDS", """ "platformName":"juxin","clientName":"main","taskId":"t" """, StringComparison.Ordinal)
            .Replace("TIMES", """ "createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z" """, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.json"), content, Token);
        var store = Store();

        var record = (await store.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token))!;
        Assert.Equal("a", record.Id);
        Assert.Equal(TaskRecordState.Unknown, record.State);
        Assert.Equal("main", record.ClientName);
        Assert.Equal("t", record.TaskId);
        Assert.Contains(error, record.Error, StringComparison.Ordinal);
        using var client = Resuming(store, "main");
        var resumed = Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
        Assert.Equal("t", resumed.VideoTask!.Id);
        Assert.Equal(VideoTaskStatus.Succeeded, resumed.VideoTask.Status);
        Assert.Equal(TaskRecordState.Completed, resumed.Record.State);
    }

    [Fact]
    public async Task Copied_record_does_not_hide_the_original()
    {
        var store = Store();
        await store.UpdateAsync(Record("b", TaskRecordState.Running, "t"), Token);
        File.Copy(Path.Combine(_folder, "b.json"), Path.Combine(_folder, "a.json"));
        File.Copy(Path.Combine(_folder, "b.json"), Path.Combine(_folder, "z - copy.json"));

        foreach (var reader in (FileTaskStore[])[store, Store()])
        {
            Assert.Equal("b", (await reader.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token))!.Id);
            Assert.Equal(3, (await reader.RecordsAsync(Token)).Count);
            Assert.Equal("b", (await reader.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token))!.Id);
        }

        using var client = Resuming(store);
        Assert.Single(await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync());
    }

    [Fact]
    public async Task Huge_file_is_a_damaged_record_whose_beginning_is_read()
    {
        await using (var file = File.Create(Path.Combine(_folder, OwnName + ".json")))
        {
            await file.WriteAsync("""{"platformName":"juxin","taskId":"t","prompt":" """u8.ToArray(), Token);
            file.SetLength(5L * 1024 * 1024 * 1024);
        }

        Assert.Equal(TaskRecordState.Unknown, (await Store().FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token))!.State);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Special_files_with_record_names_neither_block_nor_fail()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in directories and restricts symbolic links.");
        var outside = Path.Combine(_folder, "outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "secret.txt"), "of somebody else", Token);
        MakePipe(Path.Combine(_folder, "pipe.json"));
        MakePipe(Path.Combine(_folder, OwnName + ".json.tmp"));
        using var listener = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(_folder, "socket.json")));
        Directory.CreateDirectory(Path.Combine(_folder, "folder.json"));
        File.CreateSymbolicLink(Path.Combine(_folder, "dangling.json"), Path.Combine(_folder, "not there"));
        File.CreateSymbolicLink(Path.Combine(_folder, "circle.json"), Path.Combine(_folder, "circle.json"));
        File.CreateSymbolicLink(Path.Combine(_folder, "device.json"), "/dev/zero");
        File.CreateSymbolicLink(Path.Combine(_folder, "out.json"), Path.Combine(outside, "secret.txt"));
        File.CreateSymbolicLink(Path.Combine(_folder, "good.json.tmp"), Path.Combine(outside, "secret.txt"));
        var store = Store();

        await store.UpdateAsync(Record("good", TaskRecordState.Running, "t"), Token);
        await store.UpdateAsync(Record(OwnName, TaskRecordState.Running, "t-2"), Token);

        var records = await store.RecordsAsync(Token);
        Assert.Equal(
            ["circle", "dangling", "device", "out", "pipe", "socket"],
            records.Where(record => record.State == TaskRecordState.Unknown).Select(record => record.Id));
        Assert.Equal([OwnName, "good"], records.Where(record => record.State == TaskRecordState.Running).Select(record => record.Id));
        Assert.Contains("dangling.json", records.Single(record => record.Id == "dangling").Error, StringComparison.Ordinal);
        Assert.Equal("t", (await store.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token))!.TaskId);
        Assert.True(await store.RemoveAsync("out", Token));
        Assert.Equal("of somebody else", await File.ReadAllTextAsync(Path.Combine(outside, "secret.txt"), Token));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task File_without_read_permission_is_a_damaged_record()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Root may read every file.");
        var store = Store();
        await store.UpdateAsync(Record("a", TaskRecordState.Running, "t-a"), Token);
        await store.UpdateAsync(Record("b", TaskRecordState.Running, "t-b"), Token);
        File.SetUnixFileMode(Path.Combine(_folder, "a.json"), UnixFileMode.None);

        var records = await Store().RecordsAsync(Token);
        Assert.Equal([TaskRecordState.Unknown, TaskRecordState.Running], records.Select(record => record.State));
    }

    [Fact]
    public async Task Records_are_read_from_a_read_only_directory()
    {
        await Store().UpdateAsync(Record("a", TaskRecordState.Running, "t"), Token);
        File.Delete(Path.Combine(_folder, ".sora2-tasks.lock"));
        Directory.CreateDirectory(Path.Combine(_folder, ".sora2-tasks.lock")); // the lock cannot be taken, as in a read-only directory
        var store = Store();

        Assert.Equal("a", (await store.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token))!.Id);
        Assert.Single(await store.RecordsAsync(Token));
        Assert.Equal(
            Sora2ErrorKind.Storage,
            (await Assert.ThrowsAsync<StorageException>(() => store.UpdateAsync(Record("b", TaskRecordState.Running), Token))).Kind);
    }

    [Fact]
    public async Task Missing_directory_is_empty_and_reading_does_not_create_it()
    {
        using var store = new FileTaskStore(Path.Combine(_folder, "new"));

        Assert.Empty(await store.RecordsAsync(Token));
        Assert.Null(await store.FindAsync(new TaskHandle("t") { PlatformName = "juxin" }, Token));
        Assert.False(await store.RemoveAsync("a", Token));
        Assert.False(Directory.Exists(Path.Combine(_folder, "new")));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a\0b")]
    [InlineData("")]
    public async Task Invalid_key_is_neither_removed_nor_saved(string key)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.json"), "", Token);
        using var store = new FileTaskStore(Path.Combine(_folder, "in"));
        await store.UpdateAsync(Record("b", TaskRecordState.Running), Token);

        Assert.False(await store.RemoveAsync(key, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => store.UpdateAsync(Record(key, TaskRecordState.Running), Token));
        Assert.True(File.Exists(Path.Combine(_folder, "a.json")));
    }

    [Fact]
    public void Path_with_a_NUL_is_refused()
    {
        Assert.Contains("NUL", Assert.Throws<Sora2ValidationException>(() => new FileTaskStore("a\0b")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "NUL", Assert.Throws<Sora2ValidationException>(() => new FileCharacterStore("a\0b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Custom_store_that_returns_no_list_is_reported()
    {
        var broken = new BrokenStore { List = null };
        ITaskStore store = broken;
        using var client = Resuming(store);

        var errors = new[]
        {
            await Assert.ThrowsAsync<StorageException>(
                async () => await client.Videos.ResumeAsync(cancellationToken: Token).CollectAsync()),
            await Assert.ThrowsAsync<StorageException>(() => store.PruneAsync(TimeSpan.Zero, cancellationToken: Token)),
        };

        broken.List = NullRecordAsync();
        errors = [.. errors, await Assert.ThrowsAsync<StorageException>(() => store.PruneAsync(TimeSpan.Zero, cancellationToken: Token))];

        Assert.All(errors, error => Assert.Equal(Sora2ErrorKind.Storage, error.Kind));
        Assert.All(errors, error => Assert.Contains("BrokenStore", error.Message, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.Contains("ListAsync", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Memory_store_finds_the_newest_record_of_a_task()
    {
        var store = new MemoryTaskStore();
        for (var i = 0; i < 1000; i++)
        {
            await store.UpdateAsync(Record("k" + i, TaskRecordState.Running, "t" + (i % 500)), Token);
        }

        Assert.Equal("k507", (await store.FindAsync(new TaskHandle("t7") { PlatformName = "juxin" }, Token))!.Id);
        await store.UpdateAsync(Record("k507", TaskRecordState.Running, "t-new"), Token);
        Assert.Equal("k7", (await store.FindAsync(new TaskHandle("t7") { PlatformName = "juxin" }, Token))!.Id);
        Assert.True(await store.RemoveAsync("k7", Token));
        Assert.Null(await store.FindAsync(new TaskHandle("t7") { PlatformName = "juxin" }, Token));
    }

    private static async IAsyncEnumerable<TaskRecord> NullRecordAsync()
    {
        await Task.CompletedTask;
        yield return null!;
    }

    private static Sora2Client Resuming(ITaskStore store, string name = "") => Support.TestClients.Create(
        Sora2Platform.Juxin,
        new Support.StubHandler(Responses.Completed("t")),
        options => options.TaskStore = store,
        name: name);

    private static TaskRecord Record(string key, TaskRecordState state, string? taskId = null) =>
        new() { Id = key, PlatformName = "juxin", State = state, TaskId = taskId, CreatedAt = Then, UpdatedAt = Then };

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

    private sealed class BrokenStore : WrappedStore
    {
        public IAsyncEnumerable<TaskRecord>? List { get; set; }

        public override IAsyncEnumerable<TaskRecord> ListAsync(
            TaskRecordFilter? filter = null, CancellationToken cancellationToken = default) => List!;
    }
}
