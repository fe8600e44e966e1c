using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Characters;

/// <summary>Clients with a character library, on both platforms over real sockets.</summary>
public sealed class MentionedCharactersTests : SimulatorTest
{
    private readonly MemoryCharacterStore _memory = new();
    private CharacterLibrary Library => field ??= new CharacterLibrary(_memory);

    [Theory]
    [AllPlatforms]
    public async Task Character_is_mentioned_by_its_alias_on_either_platform(string platform)
    {
        var username = await CreateCharacterAsync(platform);
        foreach (var other in Sora2Platform.BuiltIn)
        {
            var task = await WithLibrary(other.Name).Videos.CreateAsync(new VideoRequest("快看@阳光小猫在海边玩，@stranger 不在"), Token);

            var sent = Simulator.Ledger.Of(SimulatorOperation.CreateVideo, other.Name)[^1];
            Assert.Equal([username], sent.Mentions);
            Assert.Equal($"快看 @{username} 在海边玩，@stranger 不在", sent.Json!.Value.GetProperty("prompt").GetString());
            Assert.Equal(sent.Json.Value.GetProperty("prompt").GetString(), task.Mentions!.Prompt);
            Assert.Equal(new ResolvedMention { Text = "@阳光小猫", Username = username }, task.Mentions.Resolved.Single());
            Assert.Equal(["@stranger"], task.Mentions.Unresolved);
        }
    }

    [Theory]
    [AllPlatforms]
    public async Task Created_character_is_in_the_library_under_its_alias(string platform)
    {
        var client = WithLibrary(platform);

        var named = await client.Characters.CreateAsync(FromTheWeb() with { Alias = " 阳光小猫 " }, Token);
        var plain = await client.Characters.CreateAsync(FromTheWeb(), Token);
        await client.Videos.CreateAsync(new VideoRequest("@阳光小猫 runs"), Token);

        Assert.Equal(
            [(named.Username, "阳光小猫"), (plain.Username, null)],
            (await Library.SearchAsync(cancellationToken: Token)).Select(character => (character.Username, character.Alias)));
        Assert.Equal([$"@{named.Username} runs"], SentPrompts());
        Assert.All(
            Simulator.Ledger.Of(SimulatorOperation.CreateCharacter, platform),
            request => Assert.False(request.Json!.Value.TryGetProperty("alias", out _)));
    }

    [Theory]
    [AllPlatforms]
    public async Task Alias_that_the_library_refuses_is_refused_before_the_character_is_paid_for(string platform)
    {
        await Library.AddAsync(new Character { Id = "", Username = "cat.one" }, "阳光小猫", Token);
        var client = WithLibrary(platform);

        foreach (var alias in new[] { "阳光小猫", "CAT.ONE", "@cat", " " })
        {
            await Assert.ThrowsAsync<Sora2ValidationException>(
                () => client.Characters.CreateAsync(FromTheWeb() with { Alias = alias }, Token));
        }

        var withoutLibrary = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => Client(platform).Characters.CreateAsync(FromTheWeb() with { Alias = "new" }, Token));
        Assert.Contains("CharacterLibrary", withoutLibrary.Message, StringComparison.Ordinal);

        var path = Path.Combine(Folder, "characters.json");
        await File.WriteAllTextAsync(path, "{", Token);
        var damaged = Client(platform, options => options.CharacterLibrary = new CharacterLibrary(new FileCharacterStore(path)));
        await Assert.ThrowsAsync<StorageException>(
            () => damaged.Characters.CreateAsync(FromTheWeb() with { Alias = "new" }, Token));

        Assert.Empty(Simulator.Ledger.Requests);
        Assert.Single(await Library.SearchAsync(cancellationToken: Token));
        await damaged.Characters.CreateAsync(FromTheWeb(), Token); // without an alias the library is not needed
    }

    [Theory]
    [AllPlatforms]
    public async Task Scene_mentions_a_character_by_its_alias(string platform)
    {
        var username = await CreateCharacterAsync(platform);
        var storyboard = new StoryboardBuilder()
            .AddShot("@阳光小猫\n醒来", TimeSpan.FromSeconds(4))
            .AddShot("窗外下雨", TimeSpan.FromSeconds(3))
            .AddShot("再见@阳光小猫", TimeSpan.FromSeconds(3))
            .Build();

        var task = await WithLibrary(platform).Videos.CreateAsync(storyboard, Token);

        var sent = Simulator.Ledger.Of(SimulatorOperation.CreateStoryboard, platform).Single();
        var prompt = platform == "juxin" ? sent.FormFields["prompt"].Single() : sent.Json!.Value.GetProperty("prompt").GetString();
        Assert.Equal(
            $"Shot 1:\nduration: 4sec\nScene: @{username} 醒来\n\n"
            + "Shot 2:\nduration: 3sec\nScene: 窗外下雨\n\n"
            + $"Shot 3:\nduration: 3sec\nScene: 再见 @{username}",
            prompt);
        Assert.Equal([username], sent.Mentions);
        Assert.Equal(prompt, task.Mentions!.Prompt);
        Assert.Equal([username, username], task.Mentions.Resolved.Select(mention => mention.Username));
        Assert.Equal([username], await UsedAsync());
    }

    [Theory]
    [AllPlatforms]
    public async Task Every_report_of_a_generated_video_has_the_mentions(string platform)
    {
        var username = await CreateCharacterAsync(platform);
        var reports = new List<VideoTask>();

        var task = await WithLibrary(platform).Videos.GenerateAsync(
            new VideoRequest("@阳光小猫"),
            progress: new SyncProgress<VideoTask>(reports.Add),
            cancellationToken: Token);

        Assert.All(reports.Append(task), report => Assert.Equal(username, report.Mentions!.Resolved.Single().Username));
        Assert.True(reports.Count > 1);
        Assert.Null((await Client(platform).Videos.GetAsync(task.Id, Token)).Mentions);
    }

    [Theory]
    [AllPlatforms]
    public async Task Prompt_is_sent_unchanged_without_a_library(string platform)
    {
        await CreateCharacterAsync(platform);

        var task = await Client(platform).Videos.CreateAsync(new VideoRequest("快看@阳光小猫在海边玩"), Token);

        Assert.Null(task.Mentions);
        Assert.Equal(["快看@阳光小猫在海边玩"], SentPrompts());
    }

    [Theory]
    [AllPlatforms]
    public async Task Only_an_accepted_create_marks_characters_as_used(string platform)
    {
        var username = await CreateCharacterAsync(platform);
        var client = WithLibrary(platform);
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.QuotaExhausted())
            .Then(SimulatorFault.DropAfterAccept());
        var tooLong = new VideoRequest("@阳光小猫") { Duration = TimeSpan.FromSeconds(11) };

        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token));
        var unknown = await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => client.Videos.CreateAsync(new VideoRequest("@阳光小猫跑"), Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(tooLong, Token));
        Assert.Empty(await UsedAsync());
        await client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);

        Assert.Equal([username], await UsedAsync());

        // The digest of the unresolved prompt, which is the one in the application's records.
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes("@阳光小猫跑")).AsSpan(0, 8);
        Assert.Equal(Convert.ToHexString(digest).ToLowerInvariant(), unknown.PromptDigest);
    }

    [Theory]
    [AllPlatforms]
    public async Task Unreadable_library_fails_before_anything_is_sent(string platform)
    {
        var path = Path.Combine(Folder, "characters.json");
        await File.WriteAllTextAsync(path, "{\"version\":1,\"characters\":[{\"use", Token);
        var client = Client(platform, options => options.CharacterLibrary = new CharacterLibrary(new FileCharacterStore(path)));

        var error = await Assert.ThrowsAsync<StorageException>(
            () => client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token));
        await Assert.ThrowsAsync<StorageException>(
            () => client.Videos.GenerateAsync(new VideoRequest("@阳光小猫"), cancellationToken: Token));
        await Assert.ThrowsAsync<StorageException>(() => client.Videos.CreateAsync(OneShot(), Token));

        Assert.Equal(path + ".damaged", error.SetAsidePath);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Empty(Simulator.Ledger.Requests);
        await client.Videos.CreateAsync(new VideoRequest("no one is mentioned"), Token);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("juxin", "throws")]
    [InlineData("juxin", "hangs")]
    [InlineData("juxin", "blocks")]
    [InlineData("zhenzhen", "throws")]
    [InlineData("zhenzhen", "hangs")]
    [InlineData("zhenzhen", "blocks")]
    public async Task Unwritable_library_loses_no_task(string platform, string failure)
    {
        var username = await CreateCharacterAsync(platform);
        using var store = new FailingStore(_memory, failure);
        var client = Client(platform, options =>
        {
            Hurry(options);
            options.CharacterLibrary = new CharacterLibrary(store);
        });
        Simulator.Ledger.Clear();

        var video = await client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);
        var storyboard = await client.Videos.CreateAsync(OneShot(), Token);
        var finished = await client.Videos.GenerateAsync(new VideoRequest("@阳光小猫"), cancellationToken: Token);

        Assert.Equal(
            Simulator.Ledger.Requests.Where(request => request.WasBilled).Select(request => request.TaskId),
            [video.Id, storyboard.Id, finished.Id]);
        Assert.All([video, storyboard, finished], task => Assert.Equal(username, task.Mentions!.Resolved.Single().Username));
        Assert.Equal(3, store.Loads);
        Assert.Empty(await UsedAsync());
    }

    [Theory]
    [AllPlatforms]
    public async Task Library_file_that_cannot_be_replaced_loses_no_task(string platform)
    {
        var username = await CreateCharacterAsync(platform);
        var library = new CharacterLibrary(new FileCharacterStore(Path.Combine(Folder, "characters.json")));
        await library.AddAsync(new Character { Id = "", Username = username }, "阳光小猫", Token);
        Directory.CreateDirectory(Path.Combine(Folder, "characters.json.tmp")); // the path of the new file
        var client = Client(platform, options => options.CharacterLibrary = library);

        var task = await client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);

        Assert.Equal(Simulator.Ledger.Of(SimulatorOperation.CreateVideo).Single().TaskId, task.Id);
        Assert.Empty(await library.SearchAsync(filter: CharacterFilter.RecentlyUsed, cancellationToken: Token));
    }

    [Theory]
    [AllPlatforms]
    public async Task Mentions_are_resolved_once_for_a_create_with_retries(string platform)
    {
        var username = await CreateCharacterAsync(platform);
        using var store = new FailingStore(_memory, "none");
        var client = Client(platform, options =>
        {
            options.CharacterLibrary = new CharacterLibrary(store);
            options.RetryDelay = TimeSpan.FromMilliseconds(1);
        });
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.Saturated(), times: 2);

        await client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);

        Assert.Equal(["@" + username, "@" + username, "@" + username], SentPrompts());
        Assert.Equal(1, store.Loads);
        Assert.Equal([username], await UsedAsync());
    }

    [Theory]
    [AllPlatforms]
    public async Task Missing_prompt_is_refused(string platform)
    {
        var client = WithLibrary(platform);

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest(null!), Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new Storyboard { Shots = null! }, Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new Storyboard { Shots = [null!] }, Token));
    }

    [Fact]
    public async Task Clients_of_a_container_share_a_library_file()
    {
        var username = await CreateCharacterAsync("juxin");
        var path = Path.Combine(Folder, "characters.json");
        var services = new ServiceCollection();
        services.AddSora2("first", options => Fill(options, "juxin")).AddCharacterLibrary(path);
        services.AddSora2("second", options => Fill(options, "zhenzhen")).AddCharacterLibrary(path);
        services.AddSora2("third", options => Fill(options, "juxin"));
        await using var provider = services.BuildServiceProvider();
        var library = provider.GetRequiredService<CharacterLibrary>();
        await library.AddAsync(new Character { Id = "", Username = username }, "阳光小猫", Token);

        foreach (var name in new[] { "first", "second", "third" })
        {
            await provider.GetRequiredKeyedService<ISora2Client>(name).Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);
        }

        Assert.Equal(["@" + username, "@" + username, "@阳光小猫"], SentPrompts());
        Assert.Same(library, provider.GetRequiredKeyedService<CharacterLibrary>("first"));
        var second = provider.GetRequiredKeyedService<CharacterLibrary>("second");
        Assert.Single(await second.SearchAsync("小猫", CharacterFilter.RecentlyUsed, Token));
    }

    [Theory]
    [InlineData("store")]
    [InlineData("library")]
    [InlineData("factory")]
    public async Task Library_is_registered_as_store_library_or_factory(string form)
    {
        var username = await CreateCharacterAsync("zhenzhen");
        var services = new ServiceCollection();
        services.AddSingleton(_memory);
        var builder = services.AddSora2(options => Fill(options, "zhenzhen"));
        _ = form switch
        {
            "store" => builder.AddCharacterLibrary(_memory),
            "library" => builder.AddCharacterLibrary(Library),
            _ => builder.AddCharacterLibrary(provider => new CharacterLibrary(provider.GetRequiredService<MemoryCharacterStore>())),
        };
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);

        Assert.Equal([username], Simulator.Ledger.Of(SimulatorOperation.CreateVideo).Single().Mentions);
        var library = provider.GetRequiredService<CharacterLibrary>();
        Assert.Single(await library.SearchAsync(filter: CharacterFilter.RecentlyUsed, cancellationToken: Token));
    }

    /// <summary>Creates a character on the platform and adds it to the library as 阳光小猫.</summary>
    private async Task<string> CreateCharacterAsync(string platform)
    {
        var character = await Client(platform).Characters.CreateAsync(FromTheWeb(), Token);
        return (await Library.AddAsync(character, "阳光小猫", Token)).Username;
    }

    private static CharacterRequest FromTheWeb() =>
        CharacterRequest.FromUrl(new Uri("https://videos.example.com/cat.mp4"), new TimeRange(1, 3));

    private Sora2Client WithLibrary(string platform) => Client(platform, options => options.CharacterLibrary = Library);

    private static Storyboard OneShot() => new StoryboardBuilder().AddShot("@阳光小猫", TimeSpan.FromSeconds(10)).Build();

    private IEnumerable<string?> SentPrompts() => Simulator.Ledger.Of(SimulatorOperation.CreateVideo)
        .Select(request => request.Json!.Value.GetProperty("prompt").GetString());

    private async Task<IEnumerable<string>> UsedAsync() =>
        (await Library.SearchAsync(filter: CharacterFilter.RecentlyUsed, cancellationToken: Token)).Select(character => character.Username);

    private void Fill(Sora2ClientOptions options, string platform)
    {
        options.Platform = platform;
        options.ApiKey = Simulator.ApiKey;
        options.BaseAddress = AddressOf(platform);
    }

    /// <summary>A store that can be read and fails with every change.</summary>
    private sealed class FailingStore(ICharacterStore inner, string failure) : ICharacterStore, IDisposable
    {
        private readonly ManualResetEventSlim _never = new();
        private int _loads;

        public int Loads => _loads;

        public Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default) =>
            inner.FindAsync(name, cancellationToken);

        public IAsyncEnumerable<LibraryCharacter> SearchAsync(CharacterQuery query, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _loads);
            return inner.SearchAsync(query, cancellationToken);
        }

        public Task<LibraryCharacter?> UpsertAsync(
            string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default)
        {
            switch (failure)
            {
                case "throws":
                    throw new InvalidOperationException("The disk is full.");
                case "hangs":
                    return new TaskCompletionSource<LibraryCharacter?>().Task;
                case "blocks":
                    _never.Wait(CancellationToken.None);
                    throw new InvalidOperationException("The test is over.");
                default:
                    return inner.UpsertAsync(username, change, cancellationToken);
            }
        }

        public Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default) =>
            inner.RemoveAsync(username, cancellationToken);

        public void Dispose() => _never.Set();
    }
}
