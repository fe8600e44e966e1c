using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sora2.Sdk.Tests.Characters;

public sealed class FileCharacterStoreTests : IDisposable
{
    private const string WorkVariable = "SORA2_TEST_LIBRARY";
    private readonly string _folder = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "sora2-" + Guid.NewGuid().ToString("N"));

    public FileCharacterStoreTests() => Directory.CreateDirectory(_folder);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder, "characters.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Stored_characters_are_read_back_and_the_file_is_readable()
    {
        var library = Library();
        var character = new Character
        {
            Id = "ch_1",
            Username = "ebfb9a758.sunnykitte",
            DisplayName = "Sunny",
            Permalink = new Uri("https://h/p?a=1&b=2"),
            ProfilePictureUrl = new Uri("https://h/i"),
        };
        await library.AddAsync(character, "阳光小猫 🐱", Token);
        await library.SetFavoriteAsync("ebfb9a758.sunnykitte", true, Token);
        await library.MarkUsedAsync(["ebfb9a758.sunnykitte"], Token);
        await library.AddAsync(new Character { Id = "", Username = "cat.one" }, cancellationToken: Token);

        Assert.Equal(await library.SearchAsync(cancellationToken: Token), await Library().SearchAsync(cancellationToken: Token));
        var text = await File.ReadAllTextAsync(Path, Token);
        Assert.StartsWith(
            """
            {
              "version": 1,
              "characters": [
                {
                  "username": "ebfb9a758.sunnykitte",
                  "alias": "阳光小猫
            """.ReplaceLineEndings("\n"),
            text.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("mention", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["characters.json", "characters.json.lock"], Files());
    }

    [Fact]
    public async Task Missing_file_is_an_empty_library_and_reading_creates_nothing()
    {
        var library = new CharacterLibrary(new FileCharacterStore(System.IO.Path.Combine(_folder, "not", "there.json")));

        Assert.Empty(await library.SearchAsync(cancellationToken: Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        await library.AddAsync(new Character { Id = "", Username = "cat.one" }, cancellationToken: Token);
        Assert.Single(await library.SearchAsync(cancellationToken: Token));
        Assert.Throws<ArgumentException>(() => new FileCharacterStore(" "));
    }

    [Fact]
    public async Task File_from_an_editor_is_read()
    {
        await File.WriteAllTextAsync(
            Path,
            """{ "characters": [ { "alias": "小猫", "username": "cat.one" } ], "version": 1, "note": "mine" }""",
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
            Token);

        Assert.Equal(
            new LibraryCharacter { Username = "cat.one", Alias = "小猫" },
            (await Library().SearchAsync(cancellationToken: Token)).Single());
    }

    [Fact]
    public async Task Unchanged_library_is_not_written()
    {
        await Library().AddAsync(new Character { Id = "", Username = "cat.one" }, "Cat", Token);
        var before = File.GetLastWriteTimeUtc(Path);
        File.SetLastWriteTimeUtc(Path, before.AddHours(-1));

        await Library().SetAliasAsync("cat.one", "Cat", Token);
        await Library().RemoveAsync("dog.two", Token);
        await Assert.ThrowsAsync<Sora2ValidationException>(() => Library().SetAliasAsync("dog.two", "Dog", Token));

        Assert.Equal(before.AddHours(-1), File.GetLastWriteTimeUtc(Path));
    }

    [Fact]
    public async Task File_truncated_at_any_byte_is_renamed_and_reported()
    {
        await Library().AddAsync(new Character { Id = "ch_1", Username = "cat.one" }, "阳光小猫", Token);
        var whole = await File.ReadAllBytesAsync(Path, Token);

        for (var length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Path, whole[..length], Token);

            var error = await Assert.ThrowsAsync<StorageException>(() => Library().SearchAsync(cancellationToken: Token));

            Assert.Equal((Path, Path + ".damaged", Sora2ErrorKind.Storage), (error.Path, error.SetAsidePath, error.Kind));
            Assert.Contains(Path + ".damaged", error.Message, StringComparison.Ordinal);
            Assert.Equal(whole[..length], await File.ReadAllBytesAsync(Path + ".damaged", Token));
            Assert.False(File.Exists(Path));
            File.Delete(Path + ".damaged");
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":1,\"characters\":null}")]
    [InlineData("{\"version\":1,\"characters\":[null]}")]
    [InlineData("{\"version\":1,\"characters\":[{\"alias\":\"x\"}]}")]
    [InlineData("{\"version\":1,\"characters\":[{\"username\":null}]}")]
    [InlineData("{\"version\":\"1\",\"characters\":[]}")]
    [InlineData("{\"version\":1.5,\"characters\":[]}")]
    [InlineData("\0\0\0\0")]
    public async Task File_that_is_not_a_library_is_damaged(string text)
    {
        await File.WriteAllTextAsync(Path, text, Token);

        var error = await Assert.ThrowsAsync<StorageException>(() => Library().SearchAsync(cancellationToken: Token));

        Assert.NotNull(error.SetAsidePath);
    }

    [Fact]
    public async Task Damage_is_reported_until_it_is_repaired_or_moved_away()
    {
        await File.WriteAllTextAsync(Path, "{", Token);
        await File.WriteAllTextAsync(Path + ".damaged", "an older one", Token);

        var changing = await Assert.ThrowsAsync<StorageException>(() => AddAsync("cat.one"));
        var reading = await Assert.ThrowsAsync<StorageException>(() => Library().ResolveMentionsAsync("@cat", Token));
        await Assert.ThrowsAsync<StorageException>(() => Library().RemoveAsync("cat.one", Token));

        Assert.Equal(Path + ".damaged-2", changing.SetAsidePath);
        Assert.Equal(Path + ".damaged-2", reading.SetAsidePath);
        Assert.Equal("an older one", await File.ReadAllTextAsync(Path + ".damaged", Token));
        Assert.Equal("{", await File.ReadAllTextAsync(Path + ".damaged-2", Token));

        await File.WriteAllTextAsync(Path, """{"version":1,"characters":[{"username":"cat.one"}]}""", Token); // repaired and put back
        Assert.Single(await Library().SearchAsync(cancellationToken: Token));

        File.Delete(Path);
        Directory.CreateDirectory(System.IO.Path.Combine(_folder, "elsewhere"));
        File.Move(Path + ".damaged", System.IO.Path.Combine(_folder, "elsewhere", "1"));
        File.Move(Path + ".damaged-2", System.IO.Path.Combine(_folder, "elsewhere", "2"));
        Assert.Empty(await Library().SearchAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task File_of_a_newer_version_is_not_renamed()
    {
        const string newer = """{"version":2,"characters":"another form"}""";
        await File.WriteAllTextAsync(Path, newer, Token);

        var error = await Assert.ThrowsAsync<StorageException>(() => AddAsync("cat.one"));

        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
        Assert.Null(error.SetAsidePath);
        Assert.Equal(newer, await File.ReadAllTextAsync(Path, Token));
    }

    [Fact]
    public async Task File_that_cannot_be_replaced_is_unchanged()
    {
        await AddAsync("cat.one");
        Directory.CreateDirectory(Path + ".tmp"); // the path of the new file

        var error = await Assert.ThrowsAsync<StorageException>(() => AddAsync("dog.two"));

        Assert.Contains($"{Path} could not be written: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("cat.one", (await Library().SearchAsync(cancellationToken: Token)).Single().Username);
    }

    [Fact]
    public async Task File_is_replaced_not_overwritten()
    {
        await AddAsync("cat.one");
        var before = await File.ReadAllBytesAsync(Path, Token);
        using var old = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        await AddAsync("dog.two");

        var after = new byte[before.Length + 1];
        Assert.Equal(before.Length, await old.ReadAtLeastAsync(after, after.Length, throwOnEndOfStream: false, Token));
        Assert.Equal(before, after[..before.Length]);
    }

    [Fact]
    public async Task Folder_in_place_of_the_file_is_reported()
    {
        Directory.CreateDirectory(Path);

        Directory.CreateDirectory(Path + "2.lock");

        var reading = await Assert.ThrowsAsync<StorageException>(() => Library().SearchAsync(cancellationToken: Token));
        var locking = await Assert.ThrowsAsync<StorageException>(
            () => new FileCharacterStore(Path + "2").RemoveAsync("cat.one", Token));

        Assert.Contains("could not be read", reading.Message, StringComparison.Ordinal);
        Assert.Contains("could not be", locking.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lock_that_is_not_released_is_reported_after_the_timeout()
    {
        var clock = new VirtualClock();
        var library = new CharacterLibrary(new FileCharacterStore(Path) { LockTimeout = TimeSpan.FromSeconds(3), TimeProvider = clock });
        await using (new FileStream(Path + ".lock", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var error = await Assert.ThrowsAsync<StorageException>(
                () => clock.RunAsync(library.SearchAsync(cancellationToken: Token)));

            Assert.True(error.IsTransient);
            Assert.Contains($"{Path}.lock for 3 s", error.Message, StringComparison.Ordinal);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var waiting = library.SearchAsync(cancellationToken: stop.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        Assert.Empty(await library.SearchAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Two_stores_on_one_file_lose_no_change_of_many_threads()
    {
        CharacterLibrary[] libraries = [Library(), Library()];

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var character = new Character { Id = "", Username = FormattableString.Invariant($"cat.{i}") };
            await libraries[i % 2].AddAsync(character, FormattableString.Invariant($"Cat {i}"), Token);
            await libraries[(i + 1) % 2].ResolveMentionsAsync("@cat", Token);
        }, Token)));

        Assert.Equal(60, (await Library().SearchAsync(cancellationToken: Token)).Count);
    }

    [Fact]
    public async Task Three_processes_on_one_file_lose_no_change()
    {
        using var first = Start("first", 40);
        using var second = Start("second", 40);
        using var third = Start("third", 40);
        foreach (var process in new[] { first, second, third })
        {
            await process.WaitForExitAsync(Token);
            Assert.True(process.ExitCode == 0, await process.StandardOutput.ReadToEndAsync(Token));
        }

        var characters = await Library().SearchAsync(cancellationToken: Token);
        Assert.Equal(
            ["first", "second", "third"],
            characters.GroupBy(character => character.Username.Split('.')[0])
                .Where(group => group.Count() == 40)
                .Select(group => group.Key)
                .Order(StringComparer.Ordinal));
        Assert.Equal(["characters.json", "characters.json.lock"], Files());
    }

    [Fact]
    public async Task Process_killed_while_writing_leaves_a_complete_file_and_no_lock()
    {
        for (var round = 1; round <= 2; round++)
        {
            using var process = Start($"round{round}", int.MaxValue);
            while (!File.Exists(Path) || (await Library().SearchAsync($"round{round}.", cancellationToken: Token)).Count < 5)
            {
                Assert.False(process.HasExited, "The writer ended by itself.");
            }

            process.Kill();
            await process.WaitForExitAsync(Token);

            var characters = await Library().SearchAsync(cancellationToken: Token);
            Assert.All(
                Enumerable.Range(1, round),
                earlier => Assert.True(characters.Count(character =>
                    character.Username.StartsWith($"round{earlier}.", StringComparison.Ordinal)) >= 5));
        }
    }

    /// <summary>The work of the other processes, which run this test program with this test only.</summary>
    [Fact(Explicit = true)]
    public async Task Work_of_another_process()
    {
        var work = Environment.GetEnvironmentVariable(WorkVariable)!.Split('|');
        var library = new CharacterLibrary(new FileCharacterStore(work[0]) { LockTimeout = TimeSpan.FromMinutes(5) });
        for (var i = 0; i < int.Parse(work[2], CultureInfo.InvariantCulture); i++)
        {
            var character = new Character { Id = "", Username = FormattableString.Invariant($"{work[1]}.{i}") };
            await library.AddAsync(character, cancellationToken: Token);
        }
    }

    private Process Start(string name, int count)
    {
        var program = System.IO.Path.Combine(AppContext.BaseDirectory, "Sora2.Sdk.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        string[] arguments = ["--explicit", "only", "--filter-method", "*.Work_of_another_process", "--no-progress"];
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                [WorkVariable] = FormattableString.Invariant($"{Path}|{name}|{count}"),
                ["TESTINGPLATFORM_TELEMETRY_OPTOUT"] = "1",
            },
        };
        return Process.Start(start)!;
    }

    /// <summary>A library whose lock is waited for however busy the machine is.</summary>
    private CharacterLibrary Library() => new(new FileCharacterStore(Path) { LockTimeout = TimeSpan.FromMinutes(5) });

    private Task<LibraryCharacter> AddAsync(string username) =>
        Library().AddAsync(new Character { Id = "", Username = username }, cancellationToken: Token);

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(_folder).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
