using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Characters;

/// <summary>Libraries that fail after a character was paid for.</summary>
public sealed class CreatedCharacterTests : IDisposable
{
    private static readonly CharacterRequest Request = CharacterRequest.FromTask("task-1", new TimeRange(1, 3)) with { Alias = "Sunny" };

    private readonly VirtualClock _clock = new();
    private readonly Listening _heard = new("log");
    private readonly StubHandler _api = new("""{"id":"ch_1","username":"ab.cat"}""");

    public void Dispose()
    {
        _heard.Dispose();
        _api.Dispose();
    }

    [Theory]
    [InlineData("throws", "the disk is full")]
    [InlineData("hangs", "timed out")]
    public async Task Unwritable_library_loses_no_character(string failure, string reason)
    {
        using var client = Client(new OneWayStore(_ => failure == "throws"
            ? throw new IOException("the disk is full")
            : new TaskCompletionSource<LibraryCharacter?>().Task));

        // The clock stands still while a library fails by itself, and runs while it hangs.
        var creating = client.Characters.CreateAsync(Request, TestContext.Current.CancellationToken);
        var character = await (failure == "hangs" ? _clock.RunAsync(creating) : creating);

        Assert.Equal("ab.cat", character.Username);
        Assert.Single(_api.Sent);
        var line = Assert.Single(_heard.Lines, line => line.Id == 44).Text;
        Assert.Contains("ab.cat", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Character_is_added_without_an_alias_that_another_process_took_meanwhile()
    {
        LibraryCharacter? stored = null;
        using var client = Client(new OneWayStore(character =>
        {
            stored = character.Alias is null ? character : throw new Sora2ValidationException("The alias is in use.");
            return Task.FromResult<LibraryCharacter?>(stored);
        }));

        await client.Characters.CreateAsync(Request, TestContext.Current.CancellationToken);

        Assert.Equal("ab.cat", stored?.Username);
        Assert.Contains("The alias is in use.", Assert.Single(_heard.Lines, line => line.Id == 44).Text, StringComparison.Ordinal);
    }

    private Sora2Client Client(ICharacterStore store) => TestClients.Create(
        Sora2Platform.Juxin,
        _api,
        options =>
        {
            (options.TimeProvider, options.LoggerFactory) = (_clock, _heard);
            options.CharacterLibrary = new CharacterLibrary(store, _clock);
        },
        name: "log");

    /// <summary>An empty store that does something of its own with a new character.</summary>
    private sealed class OneWayStore(Func<LibraryCharacter, Task<LibraryCharacter?>> add) : ICharacterStore
    {
        public Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromResult<LibraryCharacter?>(null);

        public IAsyncEnumerable<LibraryCharacter> SearchAsync(CharacterQuery query, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<LibraryCharacter?> UpsertAsync(
            string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default) =>
            add(change(null)!);

        public Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
