using Microsoft.Extensions.DependencyInjection;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Routing;

/// <summary>A router as a client: batches, resuming and storyboards over all accounts, and tasks named by a handle or an id.</summary>
public sealed class RouterClientTests : SimulatorTest
{
    private static readonly Storyboard Board = new StoryboardBuilder()
        .AddShot("An eagle takes off", TimeSpan.FromSeconds(5))
        .AddShot("It circles", TimeSpan.FromSeconds(5))
        .Build();

    [Fact]
    public async Task Batch_over_an_empty_account_and_another_is_made_by_the_other()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.QuotaExhausted(), times: 9);
        Simulator.Faults.On("juxin", SimulatorOperation.CreateStoryboard).Then(SimulatorFault.QuotaExhausted(), times: 9);
        ISora2Client router = new Sora2Router([Client("juxin", Hurry), Client("zhenzhen", Hurry)]);
        GenerationRequest[] requests = [new VideoRequest("a"), Board, new VideoRequest("b") { Key = "order-7" }];

        var items = new List<BatchItem>();
        await foreach (var item in router.Videos.GenerateBatchAsync(requests, new BatchOptions { DownloadTo = Folder }, Token))
        {
            items.Add(item);
        }

        Assert.All(items, item => Assert.Equal((BatchItemState.Succeeded, "zhenzhen"), (item.State, item.Handle?.PlatformName)));
        Assert.Equal(3, Simulator.Ledger.BilledCreates);
        Assert.Equal(3, Directory.GetFiles(Folder, "*.mp4").Length);
        Assert.Equal("order-7", items.Single(item => item.Index == 2).VideoTask?.Key);
    }

    [Fact]
    public async Task Batch_is_resumed_with_the_client_of_each_task()
    {
        ISora2Client router = new Sora2Router([Client("juxin", Hurry), Client("zhenzhen", Hurry)]);
        var first = await router.Videos.CreateAsync(new VideoRequest("a"), Token);
        var second = await router.Videos.CreateAsync(new VideoRequest("b") { Duration = TimeSpan.FromSeconds(25) }, Token);
        var earlier = new[] { first, second }.Select((task, index) => new BatchItem
        {
            Index = index,
            Request = new VideoRequest(task.Prompt!),
            State = BatchItemState.Unfinished,
            Handle = task,
        });

        var states = new List<(BatchItemState, string?)>();
        await foreach (var item in router.Videos.ResumeBatchAsync(earlier, cancellationToken: Token))
        {
            states.Add((item.State, item.VideoTask?.PlatformName));
        }

        Assert.Equal(
            [(BatchItemState.Succeeded, "juxin"), (BatchItemState.Succeeded, "zhenzhen")],
            states.OrderBy(state => state.Item2, StringComparer.Ordinal));
        Assert.Equal(2, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Open_tasks_of_all_accounts_are_resumed_and_a_bare_id_is_found_in_the_store()
    {
        using var store = new FileTaskStore(Path.Combine(Folder, "tasks"));
        var ids = new List<string>();
        foreach (var platform in (string[])["juxin", "zhenzhen"])
        {
            ids.Add((await Client(platform, WithStore).Videos.CreateAsync(new VideoRequest("a"), Token)).Id);
        }

        ISora2Client router = new Sora2Router([Client("juxin", WithStore), Client("zhenzhen", WithStore)]);
        var found = await router.Videos.GetAsync(ids[1], Token);
        var resumed = new List<string>();
        await foreach (var open in router.Videos.ResumeAsync(cancellationToken: Token))
        {
            resumed.Add(open.VideoTask!.Id);
        }

        var remix = await router.Videos.CreateAsync(new RemixRequest(ids[0], "Make it snow"), Token);

        Assert.Equal("juxin", remix.PlatformName);
        Assert.Equal("zhenzhen", found.PlatformName);
        Assert.Equal(ids.Order(StringComparer.Ordinal), resumed.Order(StringComparer.Ordinal));

        void WithStore(Sora2ClientOptions options)
        {
            Hurry(options);
            options.TaskStore = store;
        }
    }

    [Fact]
    public async Task Bare_id_without_a_store_is_refused_and_resuming_says_what_is_missing()
    {
        ISora2Client router = new Sora2Router([Client("juxin"), Client("zhenzhen")]);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => router.Videos.GetAsync("video_1", Token));
        var nothing = Assert.Throws<Sora2ValidationException>(() => router.Videos.ResumeAsync(cancellationToken: Token));

        Assert.Contains("Juxin, Zhenzhen", error.Message, StringComparison.Ordinal);
        Assert.Contains("TaskStore", nothing.Message, StringComparison.Ordinal);
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Remix_and_character_go_to_the_account_of_their_source()
    {
        ISora2Client router = new Sora2Router([Client("zhenzhen", Hurry), Client("juxin", Hurry)]);
        var source = await Client("juxin", Hurry).Videos.GenerateAsync("a", cancellationToken: Token);

        var remix = await router.Videos.GenerateAsync(new RemixRequest(source, "Make it snow"), cancellationToken: Token);
        await router.Characters.CreateAsync(CharacterRequest.FromTask(source, new TimeRange(1, 3)), Token);

        Assert.Equal("juxin", remix.PlatformName);
        Assert.NotEqual(source.Id, remix.Id);
        Assert.Equal(0, Simulator.Ledger.Requests.Count(request => request.Platform == "zhenzhen"));
    }

    [Fact]
    public async Task Accounts_are_listed_and_checked_together()
    {
        ISora2Client router = new Sora2Router([Client("juxin"), Client("zhenzhen")]);

        var models = await router.Account.ListModelsAsync(Token);
        var report = await router.Account.CheckAsync(Token);

        Assert.Equal(models.Distinct(StringComparer.Ordinal), models);
        Assert.Equal(["sora-2-all", "sora-2", "sora-2-pro", "sora-2-vip"], router.Models.Select(model => model.Name));
        Assert.Contains("Juxin: ", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("Zhenzhen: ", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Router_is_the_client_of_a_container_unless_there_is_one_without_a_name()
    {
        await using var named = new ServiceCollection()
            .AddSora2("one", options => Fill(options, "juxin")).Services
            .AddSora2("two", options => Fill(options, "zhenzhen")).Services
            .AddSora2Router("one", "two")
            .BuildServiceProvider();
        await using var plain = new ServiceCollection()
            .AddSora2(options => Fill(options, "juxin")).Services
            .AddSora2("two", options => Fill(options, "zhenzhen")).Services
            .AddSora2Router()
            .BuildServiceProvider();

        Assert.Same(named.GetRequiredService<Sora2Router>(), named.GetRequiredService<ISora2Client>());
        Assert.IsType<Sora2Client>(plain.GetRequiredService<ISora2Client>());
    }

    [Theory]
    [AllPlatforms]
    public async Task Video_is_generated_and_downloaded_in_one_call(string platform)
    {
        var path = Path.Combine(Folder, "corgi.mp4");

        var video = await Client(platform, Hurry).Videos.GenerateAndDownloadAsync(new VideoRequest("a"), path, cancellationToken: Token);

        Assert.Equal((path, new FileInfo(path).Length), (video.Path, video.Length));
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    private void Fill(Sora2ClientOptions options, string platform) =>
        (options.Platform, options.ApiKey, options.BaseAddress) = (platform, Simulator.ApiKey, AddressOf(platform));
}
