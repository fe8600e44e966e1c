namespace Sora2.Sdk.Tests.Characters;

public sealed class CharacterLibraryTests
{
    private readonly VirtualClock _clock = new();
    private readonly CharacterLibrary _library;

    public CharacterLibraryTests() => _library = new CharacterLibrary(new MemoryCharacterStore(), _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_character_is_kept_with_its_alias_and_when_it_came()
    {
        var character = new Character { Id = "ch_1", Username = "ebfb9a758.sunnykitte", DisplayName = "Sunny", Permalink = new Uri("https://h/p"), ProfilePictureUrl = new Uri("https://h/i?sig=1") };

        var added = await _library.AddAsync(character, " 阳光小猫 ", Token);

        Assert.Equal(
            new LibraryCharacter { Id = "ch_1", Username = "ebfb9a758.sunnykitte", Alias = "阳光小猫", DisplayName = "Sunny", Permalink = character.Permalink, ProfilePictureUrl = character.ProfilePictureUrl, AddedAt = _clock.GetUtcNow() },
            added);
        Assert.Equal([added], await _library.SearchAsync(cancellationToken: Token));
        Assert.Equal(("@ebfb9a758.sunnykitte", "@ebfb9a758.sunnykitte (阳光小猫)"), (added.Mention, added.ToString()));
    }

    [Fact]
    public async Task Adding_again_brings_the_platforms_newer_data_and_leaves_the_rest()
    {
        await AddAsync("cat.one", "Cat");
        await _library.SetFavoriteAsync("cat.one", true, Token);
        await _library.MarkUsedAsync(["cat.one"], Token);
        var before = (await _library.SearchAsync(cancellationToken: Token)).Single();
        await AddAsync("dog.two", "Dog");
        _clock.Advance(TimeSpan.FromHours(1));

        var again = await _library.AddAsync(new Character { Id = "ch_9", Username = "cat.one", DisplayName = "New" }, cancellationToken: Token);
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
    public async Task A_character_is_named_by_username_or_alias(string name)
    {
        await AddAsync("cat.one", "阳光 Kitty");
        await AddAsync("kitty", "Dog");

        Assert.True((await _library.SetFavoriteAsync(name, true, Token)).IsFavorite);
        await _library.MarkUsedAsync([name, "nobody"], Token);
        Assert.Equal(["cat.one"], (await _library.SearchAsync(filter: CharacterFilter.RecentlyUsed, cancellationToken: Token)).Select(character => character.Username));
        Assert.Equal(("cat.one", "Other"), await _library.SetAliasAsync(name, "Other", Token) is var renamed ? (renamed.Username, renamed.Alias) : default);
        await _library.SetAliasAsync("other", "阳光 Kitty", Token);
        Assert.True(await _library.RemoveAsync(name, Token));
        Assert.False(await _library.RemoveAsync(name, Token));
        Assert.Equal(["kitty"], await FindAsync(""));
    }

    [Fact]
    public async Task A_username_goes_before_an_alias_and_neither_is_found_by_a_part()
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
    [InlineData("sunny kitty")]
    [InlineData("SÜNNY　KITTY")]
    [InlineData("nny\u00A0ki")]
    [InlineData("su\u0308nny")]
    public async Task A_part_of_alias_username_or_display_name_finds_it(string text)
    {
        await _library.AddAsync(new Character { Id = "", Username = "ebfb9a758.sunnykitte", DisplayName = "Sünny  Kitty" }, "阳光小猫", Token);
        await AddAsync("other.one", "小狗");

        Assert.Equal(["ebfb9a758.sunnykitte"], await FindAsync(text));
    }

    [Fact]
    public async Task Filters_choose_and_order()
    {
        foreach (var name in new[] { "a.1", "b.2", "c.3", "d.4" })
        {
            await AddAsync(name, null);
        }

        await _library.SetFavoriteAsync("d.4", true, Token);
        await _library.SetFavoriteAsync("b.2", true, Token);
        await _library.SetFavoriteAsync("a.1", true, Token);
        await _library.SetFavoriteAsync("a.1", false, Token);
        foreach (var used in new[] { "c.3", "a.1", "c.3", "b.2", "nobody" })
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
    [InlineData("Rosé", "rose")]
    [InlineData("Rosé", "ＲＯＳＥ\u0301")]
    [InlineData("ガキ", "ｶﾞｷ")]
    [InlineData("阳光 小猫", "阳光　小猫")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("Σίσυφος", "ΣΙΣΥΦΟΣ")]
    [InlineData("Đặng", "dang")]
    [InlineData("고양이", "\u1100\u1169\u110B\u1163\u11BC\u110B\u1175")]
    [InlineData("ёлка", "ЕЛКА")]
    [InlineData("שָׁלוֹם", "שלום")]
    [InlineData("x", "cat.one")] // nobody's alias, but somebody's username
    public async Task An_alias_is_taken_once_however_it_is_written(string first, string second)
    {
        await AddAsync("cat.one", first);
        await AddAsync("dog.two", "Dog");

        var adding = await Assert.ThrowsAsync<Sora2ValidationException>(() => AddAsync("new.three", second));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => _library.SetAliasAsync("dog.two", second, Token));
        await _library.SetAliasAsync("cat.one", second, Token);

        Assert.Contains($"is taken: @cat.one ({first}) has it", adding.Message, StringComparison.Ordinal);
        Assert.Equal(["cat.one", "dog.two"], await FindAsync(""));
    }

    [Theory]
    [InlineData("ガキ", "カキ")]
    [InlineData("か", "カ")]
    [InlineData("क", "की")]
    [InlineData("👩", "👩‍🚀")]
    [InlineData("猫", "貓")]
    public async Task Names_that_people_tell_apart_are_two(string first, string second)
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
    public async Task What_cannot_be_mentioned_cannot_be_an_alias(string alias)
    {
        await Assert.ThrowsAsync<Sora2ValidationException>(() => AddAsync("cat.one", alias));

        Assert.Empty(await FindAsync(""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("@cat.one")]
    [InlineData("cat one")]
    [InlineData("cat\none")]
    public async Task What_is_no_username_is_not_added(string username) =>
        await Assert.ThrowsAsync<Sora2ValidationException>(() => AddAsync(username, "cat"));

    [Fact]
    public async Task An_alias_is_changed_taken_away_and_free_again()
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
    public async Task A_removed_character_is_gone_and_an_unknown_one_is_told()
    {
        await AddAsync("cat.one", "Cat");

        Assert.True(await _library.RemoveAsync("cat.one", Token));
        Assert.False(await _library.RemoveAsync("cat.one", Token));
        Assert.Empty(await FindAsync(""));
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => _library.SetFavoriteAsync("cat.one", true, Token));
        Assert.Contains("no character with the username or alias \"cat.one\"", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<Sora2ValidationException>(() => _library.SetAliasAsync("cat.one", "x", Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _library.AddAsync(null!, cancellationToken: Token));
        Assert.Throws<ArgumentNullException>(() => new CharacterLibrary(null!));
    }

    [Fact]
    public async Task A_storyboard_is_resolved_scene_by_scene()
    {
        await AddAsync("cat.one", "小猫");
        var storyboard = new StoryboardBuilder().AddShot("@小猫\n跑", TimeSpan.FromSeconds(5)).AddShot("a\r\nb", TimeSpan.FromSeconds(5)).AddShot("看@小猫", TimeSpan.FromSeconds(5)).AddShot("@nobody\nx", TimeSpan.FromSeconds(5)).Build() with { Private = true };

        var (resolved, mentions) = await _library.ResolveMentionsAsync(storyboard, Token);

        Assert.Equal(["@cat.one 跑", "a\r\nb", "看 @cat.one", "@nobody x"], resolved.Shots.Select(shot => shot.Scene));
        Assert.True(resolved.Private);
        Assert.Equal(resolved.ToPrompt(), mentions.Prompt);
        Assert.Equal(["@小猫 → @cat.one", "@小猫 → @cat.one"], mentions.Resolved.Select(mention => mention.ToString()));
        Assert.Equal(["@nobody"], mentions.Unresolved);
    }

    [Fact]
    public async Task A_store_of_ones_own_that_fails_is_told_as_such_and_not_asked_without_need()
    {
        var library = new CharacterLibrary(new FailingStore(new TimeoutException("the database sleeps")));
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        var canceled = new CharacterLibrary(new FailingStore(new OperationCanceledException("gone")));

        var reading = await Assert.ThrowsAsync<CharacterStoreException>(() => library.ResolveMentionsAsync("@cat", Token));
        var writing = await Assert.ThrowsAsync<CharacterStoreException>(() => library.RemoveAsync("cat", Token));

        Assert.Equal(("The character library could not be read: the database sleeps", Sora2ErrorKind.Storage, (bool?)false), (reading.Message, reading.Kind, reading.MayHaveBeenCharged));
        Assert.Equal("The character library could not be changed: the database sleeps", writing.Message);
        Assert.Equal("no sign", (await library.ResolveMentionsAsync("no sign", Token)).Prompt);
        await Assert.ThrowsAsync<OperationCanceledException>(() => canceled.SearchAsync(cancellationToken: given.Token));
        await Assert.ThrowsAsync<CharacterStoreException>(() => canceled.SearchAsync(cancellationToken: Token)); // not the caller's cancellation
    }

    [Fact]
    public async Task Changes_from_many_threads_all_count()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => AddAsync(FormattableString.Invariant($"cat.{i}"), null), Token)));

        Assert.Equal(200, (await FindAsync("cat")).Count);
    }

    private Task<LibraryCharacter> AddAsync(string username, string? alias) => _library.AddAsync(new Character { Id = "", Username = username }, alias, Token);

    private async Task<IReadOnlyList<string>> FindAsync(string? text, CharacterFilter filter = CharacterFilter.All) => [.. (await _library.SearchAsync(text, filter, Token)).Select(character => character.Username)];

    private sealed class FailingStore(Exception failure) : ICharacterStore
    {
        public Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken = default) => throw failure;

        public Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change, CancellationToken cancellationToken = default) => Task.FromException<IReadOnlyList<LibraryCharacter>>(failure);
    }
}
