using Sora2.Sdk.Characters;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Characters;

/// <summary>A misspelt name is not paid for: what a client does about mentions that its library does not know.</summary>
public sealed class UnresolvedMentionTests : IDisposable
{
    private readonly StubHandler _api = new("""{"id":"task-1","status":"queued"}""");

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData("@阳光小貓在海边", "阳光小猫")] // a traditional letter
    [InlineData("看@阳小猫 玩", "阳光小猫")] // one left out
    [InlineData("@阳光的小猫在海边", "阳光小猫")] // one too many
    [InlineData("@Suny Cat runs", "Sunny Cat")]
    [InlineData("@snuny cat runs", "Sunny Cat")] // two that changed places
    [InlineData("@SunnyCat runs", "Sunny Cat")]
    [InlineData("@sunny cats run", "Sunny Cat")]
    [InlineData("in@Milkshkae在海边", "Milkshake")]
    [InlineData("@ebfb9a758.sunnykite runs", "ebfb9a758.sunnykitte")] // a username
    [InlineData("@고양아 야", "고양이")]
    public async Task A_name_that_is_nearly_known_is_refused_before_it_is_sent(string prompt, string nearest)
    {
        using var client = Client();

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest(prompt)));
        Assert.Throws<Sora2ValidationException>(() => client.Videos.Validate(new VideoRequest(prompt)));

        Assert.Empty(_api.Sent);
        Assert.Equal((bool?)false, error.MayHaveBeenCharged);
        Assert.Contains($"\"@{nearest}\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@stranger runs")]
    [InlineData("@小狗在海边")]
    [InlineData("@cats run")] // short names have many neighbours
    [InlineData("@hfspncadz.mooflapand runs")]
    [InlineData("write to sunny@cat.com")]
    [InlineData("@sunnycat@example.com")]
    [InlineData("see https://example.com/@sunycat")]
    [InlineData("100 % @ home")]
    [InlineData("@Sunny Cat runs")]
    public async Task Another_name_is_sent_as_it_is(string prompt)
    {
        using var client = Client();

        client.Videos.Validate(new VideoRequest(prompt));
        await client.Videos.CreateAsync(new VideoRequest(prompt));

        Assert.Single(_api.Sent);
    }

    [Theory]
    [InlineData(UnresolvedMentions.Refuse, "@stranger runs", true)]
    [InlineData(UnresolvedMentions.Refuse, "@ebfb9a758.sunnykite runs", true)]
    [InlineData(UnresolvedMentions.Refuse, "@hfspncadz.mooflapand runs", false)]
    [InlineData(UnresolvedMentions.Refuse, "write to sunny@cat.com", false)]
    [InlineData(UnresolvedMentions.Send, "@Suny Cat runs", false)]
    public async Task The_setting_says_what_is_refused(UnresolvedMentions setting, string prompt, bool isRefused)
    {
        using var client = Client(options => options.UnresolvedMentions = setting);

        var error = await Record.ExceptionAsync(() => client.Videos.CreateAsync(new VideoRequest(prompt)));

        Assert.Equal((isRefused, isRefused ? 0 : 1), (error is Sora2ValidationException, _api.Sent.Count));
    }

    [Fact]
    public async Task The_scenes_of_a_storyboard_are_looked_at_too()
    {
        using var client = Client();
        var storyboard = new StoryboardBuilder().AddShot("a beach", TimeSpan.FromSeconds(5)).AddShot("@阳光小貓在海边", TimeSpan.FromSeconds(5)).Build();

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Storyboards.CreateAsync(storyboard));
        Assert.Throws<Sora2ValidationException>(() => client.Storyboards.Validate(storyboard));

        Assert.Empty(_api.Sent);
    }

    [Fact]
    public async Task A_router_does_not_send_a_misspelt_name_to_another_account()
    {
        using var first = Client();
        using var second = TestClients.Create(Sora2Platform.Zhenzhen, _api, name: "other");

        await Assert.ThrowsAsync<Sora2ValidationException>(() => new Sora2Router([first, second]).CreateAsync(new VideoRequest("@Suny Cat runs")));

        Assert.Empty(_api.Sent);
    }

    [Fact]
    public async Task Validate_leaves_a_library_that_has_to_be_waited_for_to_the_create()
    {
        var store = new LateStore();
        using var client = Client(options => options.CharacterLibrary = new CharacterLibrary(store));

        client.Videos.Validate(new VideoRequest("@Suny Cat runs"));
        store.Release.SetResult();
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest("@Suny Cat runs")));
    }

    [Fact]
    public void A_prompt_of_nothing_but_mentions_is_compared_only_so_far()
    {
        var characters = Enumerable.Range(0, 300).Select(i => new LibraryCharacter { Username = $"user{i}.name", Alias = new string((char)('一' + i), 64) }).ToList();

        var resolution = MentionText.Resolve(string.Concat(Enumerable.Range(0, 2000).Select(i => $"@word{i} ")), characters);

        Assert.Equal((2000, 100), (resolution.Unresolved.Count, resolution.Unknown.Count));
    }

    private Sora2Client Client(Action<Sora2ClientOptions>? configure = null) => TestClients.Create(Sora2Platform.Juxin, _api, options =>
    {
        options.CharacterLibrary = new CharacterLibrary(new MemoryCharacterStore(), TimeProvider.System);
        FillAsync(options.CharacterLibrary).GetAwaiter().GetResult();
        configure?.Invoke(options);
    });

    private static async Task FillAsync(CharacterLibrary library)
    {
        await library.AddAsync(new Character { Id = "ch", Username = "ebfb9a758.sunnykitte" }, "阳光小猫");
        await library.AddAsync(new Character { Id = "ch", Username = "cat.two" }, "Sunny Cat");
        await library.AddAsync(new Character { Id = "ch", Username = "cat.three" }, "cat");
        await library.AddAsync(new Character { Id = "ch", Username = "milk.four" }, "Milkshake");
        await library.AddAsync(new Character { Id = "ch", Username = "goyangi.nine" }, "고양이");
    }

    private sealed class LateStore : ICharacterStore
    {
        public TaskCompletionSource Release { get; } = new();

        public async Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken = default)
        {
            await Release.Task;
            return [new() { Username = "cat.two", Alias = "Sunny Cat" }];
        }

        public Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change, CancellationToken cancellationToken = default) => LoadAsync(cancellationToken);
    }
}
