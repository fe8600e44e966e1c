using System.Runtime.CompilerServices;

namespace Sora2.Sdk.Tests.Characters;

/// <summary>What every store of characters promises, also one over a table as an application would write it.</summary>
public sealed class CharacterStoreTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "sora2-" + Guid.NewGuid().ToString("N"));

    public static TheoryData<string> Stores => ["memory", "file", "table"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Change_of_one_field_keeps_the_change_of_another_that_came_between(string kind)
    {
        var store = Store(kind);
        var libraries = new[] { new CharacterLibrary(store), new CharacterLibrary(kind == "file" ? Store(kind) : store) };
        await libraries[0].AddAsync(new Character { Id = "", Username = "cat.one" }, "Cat 0", Token);

        for (var round = 1; round <= 20; round++)
        {
            var alias = FormattableString.Invariant($"Cat {round}");
            await Task.WhenAll(
                Task.Run(() => libraries[0].MarkUsedAsync(["cat.one"], Token), Token),
                Task.Run(() => libraries[1].SetAliasAsync("cat.one", alias, Token), Token),
                Task.Run(() => libraries[round % 2].SetFavoriteAsync("cat.one", round % 2 == 0, Token), Token));

            var stored = (await store.FindAsync("cat.one", Token))!;
            Assert.Equal((alias, round % 2 == 0), (stored.Alias, stored.IsFavorite));
            Assert.NotNull(stored.LastUsedAt);
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Alias_that_many_set_at_the_same_time_belongs_to_one_character(string kind)
    {
        var store = Store(kind);
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var username = FormattableString.Invariant($"cat.{i}");
            try
            {
                return await store.UpsertAsync(
                    username, _ => new LibraryCharacter { Username = username, Alias = i % 2 == 0 ? "Sunny" : "ｓｕｎｎｙ" }, Token);
            }
            catch (Sora2ValidationException)
            {
                return null;
            }
        }, Token)));

        var winner = Assert.Single(results, stored => stored is not null);
        Assert.Equal(winner, await store.FindAsync("SUNNY", Token));
        Assert.Equal([winner!], await store.SearchAsync(new CharacterQuery(), Token).CollectAsync());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Change_that_stores_nothing_changes_nothing(string kind)
    {
        var store = Store(kind);
        var cat = new LibraryCharacter { Username = "cat.one", Alias = "Cat" };
        Assert.Equal(cat, await store.UpsertAsync("cat.one", _ => cat, Token));

        Assert.Null(await store.UpsertAsync("dog.two", current => current, Token));
        Assert.Null(await store.UpsertAsync("CAT.one", current => current, Token)); // another username
        Assert.Null(await store.UpsertAsync("cat.one", _ => null, Token));
        Assert.Equal(cat, await store.UpsertAsync("cat.one", current => current, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => store.UpsertAsync("dog.two", _ => cat, Token));
        await Assert.ThrowsAsync<FormatException>(() => store.UpsertAsync("cat.one", _ => throw new FormatException(), Token));
        Assert.False(await store.RemoveAsync("Cat", Token)); // only the library removes by alias

        Assert.Equal([cat], await store.SearchAsync(new CharacterQuery(), Token).CollectAsync());
        Assert.True(await store.RemoveAsync("cat.one", Token));
        Assert.False(await store.RemoveAsync("cat.one", Token));
        Assert.Null(await store.FindAsync("cat.one", Token));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Search_has_text_filter_order_and_limit(string kind)
    {
        var store = Store(kind);
        for (var i = 0; i < 6; i++)
        {
            var character = new LibraryCharacter
            {
                Username = FormattableString.Invariant($"cat.{i}"),
                IsFavorite = i > 2,
                AddedAt = DateTimeOffset.UnixEpoch.AddDays(i),
                LastUsedAt = i is 1 or 4 ? DateTimeOffset.UnixEpoch.AddDays(10 + i) : null,
            };
            await store.UpsertAsync(character.Username, _ => character, Token);
        }

        Assert.Equal(["cat.0", "cat.1"], await FindAsync(new CharacterQuery { Text = "ＣＡＴ", Limit = 2 }));
        Assert.Equal(["cat.3", "cat.4", "cat.5"], await FindAsync(new CharacterQuery { Filter = CharacterFilter.Favorites }));
        Assert.Equal(["cat.4", "cat.1"], await FindAsync(new CharacterQuery { Filter = CharacterFilter.RecentlyUsed }));
        Assert.Equal(["cat.4"], await FindAsync(new CharacterQuery { Filter = CharacterFilter.RecentlyUsed, Limit = 1 }));
        Assert.Empty(await FindAsync(new CharacterQuery { Text = "dog" }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => FindAsync(new CharacterQuery { Filter = (CharacterFilter)9 }));

        async Task<IEnumerable<string>> FindAsync(CharacterQuery query) =>
            (await store.SearchAsync(query, Token).CollectAsync()).Select(character => character.Username);
    }

    private ICharacterStore Store(string kind) => kind switch
    {
        "memory" => new MemoryCharacterStore(),
        "file" => new FileCharacterStore(Path.Combine(_folder, "characters.json")) { LockTimeout = TimeSpan.FromMinutes(5) },
        _ => new TableStore(),
    };

    /// <summary>A store over rows with a version each and a unique index of the aliases, as a database has them.</summary>
    private sealed class TableStore : ICharacterStore
    {
        private readonly object _oneStatement = new(); // A database runs a single statement as one step, and no more than that.
        private readonly List<Row> _rows = [];

        public Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default)
        {
            var normalized = CharacterLibrary.NormalizeName(name);
            return Task.FromResult(Select()
                .Where(row => row.Character.Username == name || row.Alias == normalized || row.Username == normalized)
                .OrderByDescending(row => row.Character.Username == name)
                .ThenByDescending(row => row.Alias == normalized)
                .FirstOrDefault()?.Character);
        }

        public async IAsyncEnumerable<LibraryCharacter> SearchAsync(
            CharacterQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            var part = CharacterLibrary.NormalizeName(query.Text);
            var rows = Select().Where(row => row.Names.Any(name => name.Contains(part, StringComparison.Ordinal)));
            rows = query.Filter switch
            {
                CharacterFilter.All => rows.OrderBy(row => row.Character.AddedAt),
                CharacterFilter.Favorites => rows.Where(row => row.Character.IsFavorite).OrderBy(row => row.Character.AddedAt),
                CharacterFilter.RecentlyUsed => rows.Where(row => row.Character.LastUsedAt is not null)
                    .OrderByDescending(row => row.Character.LastUsedAt),
                _ => throw new ArgumentOutOfRangeException(nameof(query)),
            };
            foreach (var row in rows.Take(query.Limit ?? int.MaxValue))
            {
                yield return row.Character;
            }
        }

        public async Task<LibraryCharacter?> UpsertAsync(
            string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                var before = Select().FirstOrDefault(row => row.Character.Username == username);
                var changed = change(before?.Character);
                if (changed is null || changed == before?.Character)
                {
                    return changed;
                }

                await Task.Yield(); // another change may come between
                if (Write(username, changed, before?.Version))
                {
                    return changed;
                }
            }
        }

        public Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default)
        {
            lock (_oneStatement)
            {
                return Task.FromResult(_rows.RemoveAll(row => row.Character.Username == username) > 0);
            }
        }

        private List<Row> Select()
        {
            lock (_oneStatement)
            {
                return [.. _rows];
            }
        }

        /// <summary>Inserts a row, or updates it if it still has the version; false if another change came first.</summary>
        private bool Write(string username, LibraryCharacter character, int? version)
        {
            if (character.Username != username)
            {
                throw new ArgumentException("The username was changed.", nameof(character));
            }

            lock (_oneStatement)
            {
                var at = _rows.FindIndex(row => row.Character.Username == username);
                if (at >= 0 ? _rows[at].Version != version : version is not null)
                {
                    return false;
                }

                var row = new Row(character, (version ?? 0) + 1);
                if (row.Alias.Length > 0 && _rows.Any(other => other.Alias == row.Alias && other.Character.Username != username))
                {
                    throw new Sora2ValidationException("The alias is in use."); // the unique index
                }

                if (at >= 0)
                {
                    _rows[at] = row;
                }
                else
                {
                    _rows.Add(row);
                }

                return true;
            }
        }

        private sealed record Row(LibraryCharacter Character, int Version)
        {
            public string Alias { get; } = CharacterLibrary.NormalizeName(Character.Alias);

            public string Username { get; } = CharacterLibrary.NormalizeName(Character.Username);

            public string[] Names => [Alias, Username, CharacterLibrary.NormalizeName(Character.DisplayName)];
        }
    }
}
