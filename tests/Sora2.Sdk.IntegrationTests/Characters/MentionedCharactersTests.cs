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
    public async Task A_character_is_mentioned_by_its_alias_on_either_platform(string platform)
    {
        var username = await MakeAsync(platform);
        foreach (var other in Sora2Platform.BuiltIn)
        {
            var task = await WithLibrary(other.Name).Videos.CreateAsync(new VideoRequest("快看@阳光小猫在海边玩，@nobody 不在"), Token);

            var sent = Simulator.Ledger.Of(SimulatorOperation.CreateVideo, other.Name)[^1];
            Assert.Equal([username], sent.Mentions);
            Assert.Equal($"快看 @{username} 在海边玩，@nobody 不在", sent.Json!.Value.GetProperty("prompt").GetString());
            Assert.Equal(sent.Json.Value.GetProperty("prompt").GetString(), task.Mentions!.Prompt);
            Assert.Equal(new ResolvedMention { Text = "@阳光小猫", Username = username }, task.Mentions.Resolved.Single());
            Assert.Equal(["@nobody"], task.Mentions.Unresolved);
        }
    }

    [Theory]
    [AllPlatforms]
    public async Task Scenes_mention_by_alias_as_well(string platform)
    {
        var username = await MakeAsync(platform);
        var storyboard = new StoryboardBuilder().AddShot("@阳光小猫\n醒来", TimeSpan.FromSeconds(4)).AddShot("窗外下雨", TimeSpan.FromSeconds(3)).AddShot("再见@阳光小猫", TimeSpan.FromSeconds(3)).Build();

        var task = await WithLibrary(platform).Storyboards.CreateAsync(storyboard, Token);

        var sent = Simulator.Ledger.Of(SimulatorOperation.CreateStoryboard, platform).Single();
        var prompt = platform == "juxin" ? sent.FormFields["prompt"].Single() : sent.Json!.Value.GetProperty("prompt").GetString();
        Assert.Equal($"Shot 1:\nduration: 4sec\nScene: @{username} 醒来\n\nShot 2:\nduration: 3sec\nScene: 窗外下雨\n\nShot 3:\nduration: 3sec\nScene: 再见 @{username}", prompt);
        Assert.Equal([username], sent.Mentions);
        Assert.Equal(prompt, task.Mentions!.Prompt);
        Assert.Equal([username, username], task.Mentions.Resolved.Select(mention => mention.Username));
        Assert.Equal([username], await UsedAsync());
    }

    [Theory]
    [AllPlatforms]
    public async Task Every_report_of_a_generated_video_says_what_was_replaced(string platform)
    {
        var username = await MakeAsync(platform);
        var reports = new List<VideoTask>();

        var task = await WithLibrary(platform).Videos.GenerateAsync(new VideoRequest("@阳光小猫"), progress: new SyncProgress<VideoTask>(reports.Add), cancellationToken: Token);

        Assert.All(reports.Append(task), report => Assert.Equal(username, report.Mentions!.Resolved.Single().Username));
        Assert.True(reports.Count > 1);
        Assert.Null((await Client(platform).Videos.GetAsync(task.Id, Token)).Mentions);
    }

    [Theory]
    [AllPlatforms]
    public async Task Without_a_library_prompts_go_as_they_are(string platform)
    {
        await MakeAsync(platform);

        var task = await Client(platform).Videos.CreateAsync(new VideoRequest("快看@阳光小猫在海边玩"), Token);

        Assert.Null(task.Mentions);
        Assert.Equal("快看@阳光小猫在海边玩", Simulator.Ledger.Of(SimulatorOperation.CreateVideo).Single().Json!.Value.GetProperty("prompt").GetString());
    }

    [Theory]
    [AllPlatforms]
    public async Task Only_what_was_accepted_counts_as_used(string platform)
    {
        var username = await MakeAsync(platform);
        var client = WithLibrary(platform);
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.QuotaExhausted()).Then(SimulatorFault.DropAfterAccept());

        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token));
        var unknown = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("@阳光小猫跑"), Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest("@阳光小猫") { Duration = TimeSpan.FromSeconds(11) }, Token));
        Assert.Empty(await UsedAsync());
        await client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);

        Assert.Equal([username], await UsedAsync());
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("@阳光小猫跑")).AsSpan(0, 8)).ToLowerInvariant(), unknown.PromptDigest); // of the caller's words, which their own records hold
    }

    [Theory]
    [AllPlatforms]
    public async Task A_library_that_cannot_be_read_fails_before_anything_is_sent(string platform)
    {
        var path = Path.Combine(Folder, "characters.json");
        await File.WriteAllTextAsync(path, "{\"version\":1,\"characters\":[{\"use", Token);
        var client = Client(platform, options => options.CharacterLibrary = new CharacterLibrary(new FileCharacterStore(path)));

        var error = await Assert.ThrowsAsync<CharacterStoreException>(() => client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token));
        await Assert.ThrowsAsync<CharacterStoreException>(() => client.Videos.GenerateAsync(new VideoRequest("@阳光小猫"), cancellationToken: Token)); // and stays closed
        await Assert.ThrowsAsync<CharacterStoreException>(() => client.Storyboards.CreateAsync(new StoryboardBuilder().AddShot("@阳光小猫", TimeSpan.FromSeconds(10)).Build(), Token));

        Assert.Equal((path + ".damaged", (bool?)false), (error.SetAsidePath, error.MayHaveBeenCharged));
        Assert.Empty(Simulator.Ledger.Requests);
        await client.Videos.CreateAsync(new VideoRequest("nobody is mentioned"), Token);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("juxin", "throws")]
    [InlineData("juxin", "hangs")]
    [InlineData("juxin", "blocks")]
    [InlineData("zhenzhen", "throws")]
    [InlineData("zhenzhen", "hangs")]
    [InlineData("zhenzhen", "blocks")]
    public async Task A_library_that_cannot_be_written_loses_no_task(string platform, string trouble)
    {
        var username = await MakeAsync(platform);
        using var store = new TroubledStore(_memory, trouble);
        var client = Client(platform, options =>
        {
            Hurry(options);
            options.CharacterLibrary = new CharacterLibrary(store);
        });
        Simulator.Ledger.Clear();

        var video = await client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);
        var board = await client.Storyboards.CreateAsync(new StoryboardBuilder().AddShot("@阳光小猫", TimeSpan.FromSeconds(10)).Build(), Token);
        var finished = await client.Videos.GenerateAsync(new VideoRequest("@阳光小猫"), cancellationToken: Token);

        Assert.Equal(Simulator.Ledger.Requests.Where(request => request.WasBilled).Select(request => request.TaskId), [video.Id, board.Id, finished.Id]);
        Assert.All([video, board, finished], task => Assert.Equal(username, task.Mentions!.Resolved.Single().Username));
        Assert.Equal(3, store.Loads);
        Assert.Empty(await UsedAsync());
    }

    [Theory]
    [AllPlatforms]
    public async Task A_file_that_cannot_be_replaced_loses_no_task(string platform)
    {
        var username = await MakeAsync(platform);
        var library = new CharacterLibrary(new FileCharacterStore(Path.Combine(Folder, "characters.json")));
        await library.AddAsync(new Character { Id = "", Username = username }, "阳光小猫", Token);
        Directory.CreateDirectory(Path.Combine(Folder, "characters.json.tmp")); // where the new one would be written

        var task = await Client(platform, options => options.CharacterLibrary = library).Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);

        Assert.Equal(Simulator.Ledger.Of(SimulatorOperation.CreateVideo).Single().TaskId, task.Id);
        Assert.Empty(await library.SearchAsync(filter: CharacterFilter.RecentlyUsed, cancellationToken: Token));
    }

    [Theory]
    [AllPlatforms]
    public async Task Mentions_are_resolved_once_however_often_a_create_is_sent(string platform)
    {
        var username = await MakeAsync(platform);
        using var store = new TroubledStore(_memory, "none");
        var client = Client(platform, options => (options.CharacterLibrary, options.RetryDelay) = (new CharacterLibrary(store), TimeSpan.FromMilliseconds(1)));
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.Saturated(), times: 2);

        await client.Videos.CreateAsync(new VideoRequest("@阳光小猫"), Token);

        Assert.Equal(["@" + username, "@" + username, "@" + username], Simulator.Ledger.Of(SimulatorOperation.CreateVideo).Select(request => request.Json!.Value.GetProperty("prompt").GetString()));
        Assert.Equal(1, store.Loads);
        Assert.Equal([username], await UsedAsync());
    }

    [Theory]
    [AllPlatforms]
    public async Task A_prompt_that_is_missing_is_still_told_as_such(string platform)
    {
        var client = WithLibrary(platform);

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.CreateAsync(new VideoRequest(null!), Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Storyboards.CreateAsync(new Storyboard { Shots = null! }, Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Storyboards.CreateAsync(new Storyboard { Shots = [null!] }, Token));
    }

    [Fact]
    public async Task Clients_in_a_container_share_a_file_and_the_application_sees_it()
    {
        var username = await MakeAsync("juxin");
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

        Assert.Equal(["@" + username, "@" + username, "@阳光小猫"], Simulator.Ledger.Of(SimulatorOperation.CreateVideo).Select(request => request.Json!.Value.GetProperty("prompt").GetString()));
        Assert.Same(library, provider.GetRequiredKeyedService<CharacterLibrary>("first"));
        Assert.Single(await provider.GetRequiredKeyedService<CharacterLibrary>("second").SearchAsync("小猫", CharacterFilter.RecentlyUsed, Token));
    }

    [Theory]
    [InlineData("store")]
    [InlineData("library")]
    [InlineData("factory")]
    public async Task A_container_takes_a_library_in_every_form(string form)
    {
        var username = await MakeAsync("zhenzhen");
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
        Assert.Single(await provider.GetRequiredService<CharacterLibrary>().SearchAsync(filter: CharacterFilter.RecentlyUsed, cancellationToken: Token));
    }

    /// <summary>A character that the platforms know, in the library as 阳光小猫.</summary>
    private async Task<string> MakeAsync(string platform)
    {
        var character = await Client(platform).Characters.CreateAsync(CharacterRequest.FromUrl(new Uri("https://videos.example.com/cat.mp4"), new TimeRange(1, 3)), Token);
        return (await Library.AddAsync(character, "阳光小猫", Token)).Username;
    }

    private Sora2Client WithLibrary(string platform) => Client(platform, options => options.CharacterLibrary = Library);

    private async Task<IEnumerable<string>> UsedAsync() => (await Library.SearchAsync(filter: CharacterFilter.RecentlyUsed, cancellationToken: Token)).Select(character => character.Username);

    private void Fill(Sora2ClientOptions options, string platform)
    {
        options.Platform = platform;
        options.ApiKey = Simulator.ApiKey;
        options.BaseAddress = AddressOf(platform);
    }

    /// <summary>Reads well, and has trouble with every change.</summary>
    private sealed class TroubledStore(ICharacterStore inner, string trouble) : ICharacterStore, IDisposable
    {
        private readonly ManualResetEventSlim _never = new();
        private int _loads;

        public int Loads => _loads;

        public Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _loads);
            return inner.LoadAsync(cancellationToken);
        }

        public Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change, CancellationToken cancellationToken = default)
        {
            switch (trouble)
            {
                case "throws":
                    throw new InvalidOperationException("The disk is full.");
                case "hangs":
                    return new TaskCompletionSource<IReadOnlyList<LibraryCharacter>>().Task;
                case "blocks":
                    _never.Wait(CancellationToken.None);
                    throw new InvalidOperationException("It was all over.");
                default:
                    return inner.UpdateAsync(change, cancellationToken);
            }
        }

        public void Dispose() => _never.Set();
    }
}
