using System.Runtime.CompilerServices;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Characters;

/// <summary>How a client treats mentions that its library does not have, so that a misspelt name is not paid for.</summary>
public sealed class UnresolvedMentionTests : IDisposable
{
    private readonly StubHandler _api = new("""{"id":"task-1","status":"queued"}""");

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData("@阳光小貓在海边", "阳光小猫")] // a traditional character
    [InlineData("看@阳小猫 玩", "阳光小猫")] // one left out
    [InlineData("@阳光的小猫在海边", "阳光小猫")] // one too many
    [InlineData("@Suny Cat runs", "Sunny Cat")]
    [InlineData("@snuny cat runs", "Sunny Cat")] // two that changed places
    [InlineData("@SunnyCat runs", "Sunny Cat")]
    [InlineData("@sunny cats run", "Sunny Cat")]
    [InlineData("in@Milkshkae在海边", "Milkshake")]
    [InlineData("@ebfb9a758.sunnykite runs", "ebfb9a758.sunnykitte")] // a username
    [InlineData("@고양아 야", "고양이")]
    public async Task Similar_name_is_refused_before_it_is_sent(string prompt, string nearest)
    {
        using var client = Client();

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest(prompt)));
        Assert.Throws<Sora2ValidationException>(() => client.Videos.Validate(new VideoRequest(prompt)));

        Assert.Empty(_api.Sent);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Contains($"\"@{nearest}\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@stranger runs")]
    [InlineData("@小狗在海边")]
    [InlineData("@cats run")] // short names have many similar ones
    [InlineData("@hfspncadz.mooflapand runs")]
    [InlineData("write to sunny@cat.com")]
    [InlineData("@sunnycat@example.com")]
    [InlineData("see https://example.com/@sunycat")]
    [InlineData("100 % @ home")]
    [InlineData("@Sunny Cat runs")]
    public async Task Other_name_is_sent_unchanged(string prompt)
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
    public async Task UnresolvedMentions_sets_what_is_refused(UnresolvedMentions setting, string prompt, bool isRefused)
    {
        using var client = Client(options => options.UnresolvedMentions = setting);

        var error = await Record.ExceptionAsync(() => client.Videos.CreateAsync(new VideoRequest(prompt)));

        Assert.Equal(isRefused, error is Sora2ValidationException);
        Assert.Equal(isRefused ? 0 : 1, _api.Sent.Count);
    }

    [Fact]
    public async Task Similar_name_in_a_scene_is_refused()
    {
        using var client = Client();
        var storyboard = new StoryboardBuilder()
            .AddShot("a beach", TimeSpan.FromSeconds(5))
            .AddShot("@阳光小貓在海边", TimeSpan.FromSeconds(5))
            .Build();

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(storyboard));
        Assert.Throws<Sora2ValidationException>(() => client.Videos.Validate(storyboard));

        Assert.Empty(_api.Sent);
    }

    [Fact]
    public async Task Router_does_not_send_a_similar_name_to_another_account()
    {
        using var first = Client();
        using var second = TestClients.Create(Sora2Platform.Zhenzhen, _api, name: "other");
        var router = new Sora2Router([first, second]);

        await Assert.ThrowsAsync<Sora2ValidationException>(() => router.Videos.CreateAsync(new VideoRequest("@Suny Cat runs")));

        Assert.Empty(_api.Sent);
    }

    [Fact]
    public async Task Validate_does_not_wait_for_a_slow_library()
    {
        var store = new LateStore();
        using var client = Client(options => options.CharacterLibrary = new CharacterLibrary(store));

        client.Videos.Validate(new VideoRequest("@Suny Cat runs"));
        store.Release.SetResult();
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest("@Suny Cat runs")));
    }

    [Fact]
    public void At_most_100_unknown_names_are_compared()
    {
        var characters = Enumerable.Range(0, 300)
            .Select(i => new LibraryCharacter { Username = $"user{i}.name", Alias = new string((char)('一' + i), 64) })
            .ToList();

        var resolution = MentionText.Resolve(string.Concat(Enumerable.Range(0, 2000).Select(i => $"@word{i} ")), characters);

        Assert.Equal(2000, resolution.Unresolved.Count);
        Assert.Equal(100, resolution.Unknown.Count);
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

        public Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<LibraryCharacter> SearchAsync(
            CharacterQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Release.Task;
            yield return new() { Username = "cat.two", Alias = "Sunny Cat" };
        }

        public Task<LibraryCharacter?> UpsertAsync(
            string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
