namespace Sora2.Sdk.Tests.Characters;

public sealed class CharacterLibraryTests
{
    private readonly VirtualClock _clock = new();
    private readonly CharacterLibrary _library;

    public CharacterLibraryTests() => _library = new CharacterLibrary(new MemoryCharacterStore(), _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Added_character_has_its_alias_and_time()
    {
        var character = new Character
        {
            Id = "ch_1",
            Username = "ebfb9a758.sunnykitte",
            DisplayName = "Sunny",
            Permalink = new Uri("https://h/p"),
            ProfilePictureUrl = new Uri("https://h/i?sig=1"),
        };

        var added = await _library.AddAsync(character, " 阳光小猫 ", Token);

        Assert.Equal(
            new LibraryCharacter
            {
                Id = "ch_1",
                Username = "ebfb9a758.sunnykitte",
                Alias = "阳光小猫",
                DisplayName = "Sunny",
                Permalink = character.Permalink,
                ProfilePictureUrl = character.ProfilePictureUrl,
                AddedAt = _clock.GetUtcNow(),
            },
            added);
        Assert.Equal([added], await _library.SearchAsync(cancellationToken: Token));
        Assert.Equal("@ebfb9a758.sunnykitte", added.Mention);
        Assert.Equal("@ebfb9a758.sunnykitte (阳光小猫)", added.ToString());
    }

    [Fact]
    public async Task Adding_again_updates_the_platforms_data_only()
    {
        await AddAsync("cat.one", "Cat");
        await _library.SetFavoriteAsync("cat.one", true, Token);
        await _library.MarkUsedAsync(["cat.one"], Token);
        var before = (await _library.SearchAsync(cancellationToken: Token)).Single();
        await AddAsync("dog.two", "Dog");
        _clock.Advance(TimeSpan.FromHours(1));

        var updated = new Character { Id = "ch_9", Username = "cat.one", DisplayName = "New" };
        var again = await _library.AddAsync(updated, cancellationToken: Token);
        var renamed = await _library.AddAsync(new Character { Id = "ch_9", Username = "cat.one" }, "Kitty", Token);

        Assert.Equal(before with { Id = "ch_9", DisplayName = "New" }, again);
        Assert.Equal("Kitty", renamed.Alias);
        Assert.Equal(["cat.one", "dog.two"], await FindAsync(""));
    }

    [Theory]
    [InlineData("cat.one")]
    [InlineData("@cat.one")]
    [InlineData("阳光 Kitty")]
    [InlineData("@阳光 ｋｉｔｔｙ")]
    public async Task Username_and_alias_name_a_character(string name)
    {
        await AddAsync("cat.one", "阳光 Kitty");
        await AddAsync("kitty", "Dog");

        Assert.True((await _library.SetFavoriteAsync(name, true, Token)).IsFavorite);
        await _library.MarkUsedAsync([name, "stranger"], Token);
        Assert.Equal(["cat.one"], await FindAsync("", CharacterFilter.RecentlyUsed));
        var renamed = await _library.SetAliasAsync(name, "Other", Token);
        Assert.Equal("cat.one", renamed.Username);
        Assert.Equal("Other", renamed.Alias);
        await _library.SetAliasAsync("other", "阳光 Kitty", Token);
        Assert.True(await _library.RemoveAsync(name, Token));
        Assert.False(await _library.RemoveAsync(name, Token));
        Assert.Equal(["kitty"], await FindAsync(""));
    }

    [Fact]
    public async Task Name_finds_an_exact_username_then_an_alias_then_a_username_in_another_spelling()
    {
        await AddAsync("cat.one", "Kitty");
        await AddAsync("kitty", "Dog");
        await AddAsync("Kitty.two", null);

        var found = new List<string?>();
        foreach (var name in new[] { "kitty", "KITTY", " @Kitty ", "＠ｋｉｔｔｙ", "kitty.TWO", "CAT.ONE", "stranger", "@" })
        {
            found.Add((await _library.FindAsync(name, Token))?.Username);
        }

        Assert.Equal(["kitty", "cat.one", "cat.one", "cat.one", "Kitty.two", "cat.one", null, null], found);
        await Assert.ThrowsAsync<ArgumentException>(() => _library.FindAsync(" ", Token));
    }

    [Fact]
    public async Task Search_ends_at_the_limit()
    {
        foreach (var name in new[] { "a.1", "b.2", "a.3", "a.4" })
        {
            await AddAsync(name, null);
        }

        var found = await _library.SearchAsync(new CharacterQuery { Text = "@ａ", Limit = 2 }, Token);

        Assert.Equal(["a.1", "a.3"], found.Select(character => character.Username));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _library.SearchAsync(new CharacterQuery { Limit = 0 }, Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _library.SearchAsync((CharacterQuery)null!, Token));
    }

    [Fact]
    public async Task Time_of_a_late_use_does_not_replace_a_later_one()
    {
        var store = new MemoryCharacterStore();
        var (early, late) = (new VirtualClock(), new VirtualClock());
        late.Advance(TimeSpan.FromHours(1));
        await new CharacterLibrary(store, late).AddAsync(new Character { Id = "", Username = "cat.one" }, "Cat", Token);

        await new CharacterLibrary(store, late).MarkUsedAsync(["cat"], Token);
        await new CharacterLibrary(store, early).MarkUsedAsync(["cat.one"], Token);

        Assert.Equal(late.GetUtcNow(), (await store.FindAsync("CAT", Token))!.LastUsedAt);
    }

    [Theory]
    [InlineData("  two \u3000 words ", "TWO WORDS")]
    [InlineData("ｋｉｔｔｙ Ё", "KITTY Ё")]
    [InlineData("Rosé", "ROSÉ")]
    [InlineData(null, "")]
    public void Normalized_name_is_the_form_in_which_names_are_compared(string? name, string expected)
    {
        Assert.Equal(expected, CharacterLibrary.NormalizeName(name));
        Assert.Equal(expected, CharacterLibrary.NormalizeName(expected));
    }

    [Fact]
    public async Task Part_of_a_name_does_not_name_a_character()
    {
        await AddAsync("cat.one", "Cat");
        await AddAsync("Dog", "Hound");

        Assert.Equal("Dog", (await _library.SetFavoriteAsync("Dog", true, Token)).Username);
        await Assert.ThrowsAsync<Sora2ValidationException>(() => _library.SetFavoriteAsync("Ca", true, Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => _library.SetFavoriteAsync("@", true, Token));
    }

    [Theory]
    [InlineData("阳光")]
    [InlineData("光小")]
    [InlineData("@阳光小猫")]
    [InlineData("EBFB")]
    [InlineData("ｅｂｆｂ")]
    [InlineData("sünny kitty")]
    [InlineData("SÜNNY　KITTY")]
    [InlineData("nny\u00A0ki")]
    public async Task Part_of_alias_username_or_display_name_finds_a_character(string text)
    {
        var character = new Character { Id = "", Username = "ebfb9a758.sunnykitte", DisplayName = "Sünny  Kitty" };
        await _library.AddAsync(character, "阳光小猫", Token);
        await AddAsync("other.one", "小狗");

        Assert.Equal(["ebfb9a758.sunnykitte"], await FindAsync(text));
    }

    [Fact]
    public async Task Filter_selects_and_orders_characters()
    {
        foreach (var name in new[] { "a.1", "b.2", "c.3", "d.4" })
        {
            await AddAsync(name, null);
        }

        await _library.SetFavoriteAsync("d.4", true, Token);
        await _library.SetFavoriteAsync("b.2", true, Token);
        await _library.SetFavoriteAsync("a.1", true, Token);
        await _library.SetFavoriteAsync("a.1", false, Token);
        foreach (var used in new[] { "c.3", "a.1", "c.3", "b.2", "stranger" })
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await _library.MarkUsedAsync([used], Token);
        }

        Assert.Equal(["a.1", "b.2", "c.3", "d.4"], await FindAsync(null));
        Assert.Equal(["b.2", "d.4"], await FindAsync("", CharacterFilter.Favorites));
        Assert.Equal(["b.2", "c.3", "a.1"], await FindAsync("", CharacterFilter.RecentlyUsed));
        Assert.Equal(["c.3"], await FindAsync("C", CharacterFilter.RecentlyUsed));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => FindAsync("", (CharacterFilter)9));
    }

    [Theory]
    [InlineData("Rosé", "ROSÉ")]
    [InlineData("Rose", "ＲＯＳＥ")]
    [InlineData("阳光 小猫", "阳光　小猫")]
    [InlineData("two  words", "Two\u00A0Words")]
    [InlineData("Σίσυφος", "ΣΊΣΥΦΟΣ")]
    [InlineData("Đặng", "ĐẶNG")]
    [InlineData("ёлка", "ЁЛКА")]
    [InlineData("x", "cat.one")] // the username of another character
    public async Task Alias_is_unique_in_any_letter_case_and_width(string first, string second)
    {
        await AddAsync("cat.one", first);
        await AddAsync("dog.two", "Dog");

        var adding = await Assert.ThrowsAsync<Sora2ValidationException>(() => AddAsync("new.three", second));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => _library.SetAliasAsync("dog.two", second, Token));
        await _library.SetAliasAsync("cat.one", second, Token);

        Assert.Contains($"\"{second}\" is in use by @cat.one ({first})", adding.Message, StringComparison.Ordinal);
        Assert.Equal(["cat.one", "dog.two"], await FindAsync(""));
    }

    [Theory]
    [InlineData("Rosé", "Rose")]
    [InlineData("Rosé", "Rose\u0301")]
    [InlineData("ガキ", "カキ")]
    [InlineData("か", "カ")]
    [InlineData("क", "की")]
    [InlineData("👩", "👩‍🚀")]
    [InlineData("猫", "貓")]
    public async Task Accents_and_letters_distinguish_aliases(string first, string second)
    {
        await AddAsync("cat.one", first);
        await AddAsync("dog.two", second);

        Assert.Equal(["cat.one", "dog.two"], await FindAsync(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\u200B\uFE0F")]
    [InlineData("@cat")]
    [InlineData("c＠t")]
    [InlineData("two\nlines")]
    [InlineData("two\u2028lines")]
    public async Task Alias_that_a_prompt_could_not_mention_is_refused(string alias)
    {
        await Assert.ThrowsAsync<Sora2ValidationException>(() => AddAsync("cat.one", alias));

        Assert.Empty(await FindAsync(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("@cat.one")]
    [InlineData("cat one")]
    [InlineData("cat\none")]
    public async Task Character_without_a_valid_username_is_refused(string username) =>
        await Assert.ThrowsAsync<Sora2ValidationException>(() => AddAsync(username, "cat"));

    [Fact]
    public async Task Removed_alias_can_be_used_again()
    {
        await AddAsync("cat.one", "Cat");
        await AddAsync("dog.two", null);

        Assert.Equal("Kitty", (await _library.SetAliasAsync("cat.one", "Kitty", Token)).Alias);
        Assert.Equal("Cat", (await _library.SetAliasAsync("dog.two", "Cat", Token)).Alias);
        Assert.Null((await _library.SetAliasAsync("cat.one", null, Token)).Alias);
        Assert.Equal("@dog.two runs", (await _library.ResolveMentionsAsync("@cat runs", Token)).Prompt);
        Assert.Equal("@Kitty runs", (await _library.ResolveMentionsAsync("@Kitty runs", Token)).Prompt);
    }

    [Fact]
    public async Task Removed_character_is_unknown()
    {
        await AddAsync("cat.one", "Cat");

        Assert.True(await _library.RemoveAsync("cat.one", Token));
        Assert.False(await _library.RemoveAsync("cat.one", Token));
        Assert.Empty(await FindAsync(""));
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => _library.SetFavoriteAsync("cat.one", true, Token));
        Assert.Contains("\"cat.one\"", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<Sora2ValidationException>(() => _library.SetAliasAsync("cat.one", "x", Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _library.AddAsync(null!, cancellationToken: Token));
        Assert.Throws<ArgumentNullException>(() => new CharacterLibrary(null!));
    }

    [Fact]
    public async Task Storyboard_is_resolved_scene_by_scene()
    {
        await AddAsync("cat.one", "小猫");
        var storyboard = new StoryboardBuilder()
            .AddShot("@小猫\n跑", TimeSpan.FromSeconds(5))
            .AddShot("a\r\nb", TimeSpan.FromSeconds(5))
            .AddShot("看@小猫", TimeSpan.FromSeconds(5))
            .AddShot("@stranger\nx", TimeSpan.FromSeconds(5))
            .Build();

        var (request, mentions) = await _library.ResolveMentionsAsync(storyboard with { Private = true }, Token);
        var resolved = Assert.IsType<Storyboard>(request);

        Assert.Equal(["@cat.one 跑", "a\r\nb", "看 @cat.one", "@stranger x"], resolved.Shots.Select(shot => shot.Scene));
        Assert.True(resolved.Private);
        Assert.Equal(resolved.ToPrompt(), mentions.Prompt);
        Assert.Equal(["@小猫 → @cat.one", "@小猫 → @cat.one"], mentions.Resolved.Select(mention => mention.ToString()));
        Assert.Equal(["@stranger"], mentions.Unresolved);
    }

    [Fact]
    public async Task Failure_of_a_custom_store_is_a_StorageException()
    {
        var library = new CharacterLibrary(new FailingStore(new TimeoutException("the database is down")));
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        var canceled = new CharacterLibrary(new FailingStore(new OperationCanceledException("gone")));

        var reading = await Assert.ThrowsAsync<StorageException>(() => library.ResolveMentionsAsync("@cat", Token));
        var writing = await Assert.ThrowsAsync<StorageException>(() => library.RemoveAsync("cat", Token));

        Assert.Contains("read: the database is down", reading.Message, StringComparison.Ordinal);
        Assert.Equal(Sora2ErrorKind.Storage, reading.Kind);
        Assert.False(reading.MayHaveBeenCharged);
        Assert.Contains("changed: the database is down", writing.Message, StringComparison.Ordinal);
        Assert.Equal("no sign", (await library.ResolveMentionsAsync("no sign", Token)).Prompt);
        await Assert.ThrowsAsync<OperationCanceledException>(() => canceled.SearchAsync(cancellationToken: given.Token));
        await Assert.ThrowsAsync<StorageException>(() => canceled.SearchAsync(cancellationToken: Token)); // not by this token
    }

    [Fact]
    public async Task Storage_error_of_a_custom_store_cost_nothing()
    {
        var locked = new StorageException("Locked.") { IsTransient = true, Path = "/a/b", SetAsidePath = "/a/c" };
        var library = new CharacterLibrary(new FailingStore(locked));

        var error = await Assert.ThrowsAsync<StorageException>(() => library.ResolveMentionsAsync("@cat", Token));

        Assert.Equal((false, true, "/a/b", "/a/c"), (error.MayHaveBeenCharged, error.IsTransient, error.Path, error.SetAsidePath));
        Assert.Same(locked, error.InnerException);
    }

    [Fact]
    public async Task Changes_from_many_threads_are_all_stored()
    {
        await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(i => Task.Run(() => AddAsync(FormattableString.Invariant($"cat.{i}"), null), Token)));

        Assert.Equal(200, (await FindAsync("cat")).Count);
    }

    private Task<LibraryCharacter> AddAsync(string username, string? alias) =>
        _library.AddAsync(new Character { Id = "", Username = username }, alias, Token);

    private async Task<IReadOnlyList<string>> FindAsync(string? text, CharacterFilter filter = CharacterFilter.All) =>
        [.. (await _library.SearchAsync(text, filter, Token)).Select(character => character.Username)];

    private sealed class FailingStore(Exception failure) : ICharacterStore
    {
        public Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromException<LibraryCharacter?>(failure);

        public IAsyncEnumerable<LibraryCharacter> SearchAsync(CharacterQuery query, CancellationToken cancellationToken = default) =>
            throw failure;

        public Task<LibraryCharacter?> UpsertAsync(
            string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default) =>
            throw failure;

        public Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default) => throw failure;
    }
}
