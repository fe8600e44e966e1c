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
    public async Task What_is_kept_is_there_for_the_next_process_and_for_people()
    {
        var library = Library();
        await library.AddAsync(new Character { Id = "ch_1", Username = "ebfb9a758.sunnykitte", DisplayName = "Sunny", Permalink = new Uri("https://h/p?a=1&b=2"), ProfilePictureUrl = new Uri("https://h/i") }, "阳光小猫 🐱", Token);
        await library.SetFavoriteAsync("ebfb9a758.sunnykitte", true, Token);
        await library.MarkUsedAsync(["ebfb9a758.sunnykitte"], Token);
        await library.AddAsync(new Character { Id = "", Username = "cat.one" }, cancellationToken: Token);

        Assert.Equal(await library.SearchAsync(cancellationToken: Token), await Library().SearchAsync(cancellationToken: Token));
        var text = await File.ReadAllTextAsync(Path, Token);
        Assert.StartsWith("{\n  \"version\": 1,\n  \"characters\": [\n    {\n      \"username\": \"ebfb9a758.sunnykitte\",\n      \"alias\": \"阳光小猫 ", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("mention", text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["characters.json", "characters.json.lock"], Files());
    }

    [Fact]
    public async Task A_library_that_is_not_there_is_empty_and_reading_makes_nothing()
    {
        var library = new CharacterLibrary(new FileCharacterStore(System.IO.Path.Combine(_folder, "not", "there.json")));

        Assert.Empty(await library.SearchAsync(cancellationToken: Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        await library.AddAsync(new Character { Id = "", Username = "cat.one" }, cancellationToken: Token);
        Assert.Single(await library.SearchAsync(cancellationToken: Token));
        Assert.Throws<ArgumentException>(() => new FileCharacterStore(" "));
    }

    [Fact]
    public async Task A_file_from_an_editor_is_read()
    {
        await File.WriteAllTextAsync(Path, """{ "characters": [ { "alias": "小猫", "username": "cat.one" } ], "version": 1, "note": "mine" }""", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), Token);

        Assert.Equal(new LibraryCharacter { Username = "cat.one", Alias = "小猫" }, (await Library().SearchAsync(cancellationToken: Token)).Single());
    }

    [Fact]
    public async Task Nothing_is_written_where_nothing_changed()
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
    public async Task A_file_cut_at_any_byte_is_set_aside_and_told_and_never_taken_for_an_empty_library()
    {
        await Library().AddAsync(new Character { Id = "ch_1", Username = "cat.one" }, "阳光小猫", Token);
        var whole = await File.ReadAllBytesAsync(Path, Token);

        for (var length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Path, whole[..length], Token);

            var error = await Assert.ThrowsAsync<CharacterStoreException>(() => Library().SearchAsync(cancellationToken: Token));

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
    public async Task What_is_no_library_is_damaged(string text)
    {
        await File.WriteAllTextAsync(Path, text, Token);

        Assert.NotNull((await Assert.ThrowsAsync<CharacterStoreException>(() => Library().SearchAsync(cancellationToken: Token))).SetAsidePath);
    }

    [Fact]
    public async Task Damage_is_told_to_everybody_until_somebody_has_looked_after_it()
    {
        await File.WriteAllTextAsync(Path, "{", Token);
        await File.WriteAllTextAsync(Path + ".damaged", "an older one", Token);

        var changing = await Assert.ThrowsAsync<CharacterStoreException>(() => Library().AddAsync(new Character { Id = "", Username = "cat.one" }, cancellationToken: Token));
        var reading = await Assert.ThrowsAsync<CharacterStoreException>(() => Library().ResolveMentionsAsync("@cat", Token));
        await Assert.ThrowsAsync<CharacterStoreException>(() => Library().RemoveAsync("cat.one", Token));

        Assert.Equal((Path + ".damaged-2", Path + ".damaged-2"), (changing.SetAsidePath, reading.SetAsidePath));
        Assert.Equal(("an older one", "{"), (await File.ReadAllTextAsync(Path + ".damaged", Token), await File.ReadAllTextAsync(Path + ".damaged-2", Token)));

        await File.WriteAllTextAsync(Path, """{"version":1,"characters":[{"username":"cat.one"}]}""", Token); // repaired and put back
        Assert.Single(await Library().SearchAsync(cancellationToken: Token));

        File.Delete(Path);
        Directory.CreateDirectory(System.IO.Path.Combine(_folder, "elsewhere"));
        File.Move(Path + ".damaged", System.IO.Path.Combine(_folder, "elsewhere", "1"));
        File.Move(Path + ".damaged-2", System.IO.Path.Combine(_folder, "elsewhere", "2"));
        Assert.Empty(await Library().SearchAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_stays_where_it_is()
    {
        const string newer = """{"version":2,"characters":"another form"}""";
        await File.WriteAllTextAsync(Path, newer, Token);

        var error = await Assert.ThrowsAsync<CharacterStoreException>(() => Library().AddAsync(new Character { Id = "", Username = "cat.one" }, cancellationToken: Token));

        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
        Assert.Null(error.SetAsidePath);
        Assert.Equal(newer, await File.ReadAllTextAsync(Path, Token));
    }

    [Fact]
    public async Task A_file_that_cannot_be_replaced_stays_as_it_was()
    {
        await Library().AddAsync(new Character { Id = "", Username = "cat.one" }, cancellationToken: Token);
        Directory.CreateDirectory(Path + ".tmp"); // where the new one would be written

        var error = await Assert.ThrowsAsync<CharacterStoreException>(() => Library().AddAsync(new Character { Id = "", Username = "dog.two" }, cancellationToken: Token));

        Assert.Contains($"{Path} could not be written: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("cat.one", (await Library().SearchAsync(cancellationToken: Token)).Single().Username);
    }

    [Fact]
    public async Task The_file_is_replaced_and_never_written_over()
    {
        await Library().AddAsync(new Character { Id = "", Username = "cat.one" }, cancellationToken: Token);
        var before = await File.ReadAllBytesAsync(Path, Token);
        using var old = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        await Library().AddAsync(new Character { Id = "", Username = "dog.two" }, cancellationToken: Token);

        var still = new byte[before.Length + 1];
        Assert.Equal(before.Length, await old.ReadAtLeastAsync(still, still.Length, throwOnEndOfStream: false, Token));
        Assert.Equal(before, still[..before.Length]);
    }

    [Fact]
    public async Task A_folder_in_place_of_the_file_is_an_error()
    {
        Directory.CreateDirectory(Path);

        Assert.Contains("could not be read", (await Assert.ThrowsAsync<CharacterStoreException>(() => Library().SearchAsync(cancellationToken: Token))).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Path + "2.lock");
        Assert.Contains("could not be", (await Assert.ThrowsAsync<CharacterStoreException>(() => new FileCharacterStore(Path + "2").UpdateAsync(characters => characters, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_is_not_given_back_is_waited_for_so_long_and_then_named()
    {
        var clock = new VirtualClock();
        var library = new CharacterLibrary(new FileCharacterStore(Path) { LockTimeout = TimeSpan.FromSeconds(3), TimeProvider = clock });
        await using (new FileStream(Path + ".lock", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var error = await Assert.ThrowsAsync<CharacterStoreException>(() => clock.RunAsync(library.SearchAsync(cancellationToken: Token)));

            Assert.True(error.IsTransient);
            Assert.Contains($"has kept the character library {Path} for 3 s, through the lock {Path}.lock", error.Message, StringComparison.Ordinal);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var waiting = library.SearchAsync(cancellationToken: stop.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        Assert.Empty(await library.SearchAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Two_stores_over_one_file_lose_nothing_of_what_many_threads_add()
    {
        CharacterLibrary[] libraries = [Library(), Library()];

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            await libraries[i % 2].AddAsync(new Character { Id = "", Username = FormattableString.Invariant($"cat.{i}") }, FormattableString.Invariant($"Cat {i}"), Token);
            await libraries[(i + 1) % 2].ResolveMentionsAsync("@cat", Token);
        }, Token)));

        Assert.Equal(60, (await Library().SearchAsync(cancellationToken: Token)).Count);
    }

    [Fact]
    public async Task Three_processes_over_one_file_lose_nothing()
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
        Assert.Equal(["first", "second", "third"], characters.GroupBy(character => character.Username.Split('.')[0]).Where(group => group.Count() == 40).Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["characters.json", "characters.json.lock"], Files());
    }

    [Fact]
    public async Task A_process_killed_while_it_writes_leaves_a_whole_file_and_no_lock()
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

            var left = await Library().SearchAsync(cancellationToken: Token);
            Assert.All(Enumerable.Range(1, round), earlier => Assert.True(left.Count(character => character.Username.StartsWith($"round{earlier}.", StringComparison.Ordinal)) >= 5));
        }
    }

    /// <summary>What the other processes do: this program, started again for this test alone.</summary>
    [Fact(Explicit = true)]
    public async Task Work_of_another_process()
    {
        var work = Environment.GetEnvironmentVariable(WorkVariable)!.Split('|');
        var library = new CharacterLibrary(new FileCharacterStore(work[0]));
        for (var i = 0; i < int.Parse(work[2], CultureInfo.InvariantCulture); i++)
        {
            await library.AddAsync(new Character { Id = "", Username = FormattableString.Invariant($"{work[1]}.{i}") }, cancellationToken: Token);
        }
    }

    private Process Start(string name, int count)
    {
        var start = new ProcessStartInfo(System.IO.Path.Combine(AppContext.BaseDirectory, "Sora2.Sdk.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "")), ["--explicit", "only", "--filter-method", "*.Work_of_another_process", "--no-progress"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { [WorkVariable] = FormattableString.Invariant($"{Path}|{name}|{count}"), ["TESTINGPLATFORM_TELEMETRY_OPTOUT"] = "1" },
        };
        return Process.Start(start)!;
    }

    private CharacterLibrary Library() => new(new FileCharacterStore(Path));

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
