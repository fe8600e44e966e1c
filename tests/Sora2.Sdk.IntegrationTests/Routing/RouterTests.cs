using Microsoft.Extensions.DependencyInjection;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Routing;

/// <summary>Routers over both platforms and over two accounts of one: whatever fails, at most one create is billed.</summary>
public sealed class RouterTests : SimulatorTest
{
    public static TheoryData<string, string, SimulatorFault> Refusals
    {
        get
        {
            var refusals = new TheoryData<string, string, SimulatorFault>();
            foreach (var (first, second) in new[] { ("juxin", "zhenzhen"), ("zhenzhen", "juxin") })
            {
                refusals.Add(first, second, SimulatorFault.Saturated(503));
                refusals.Add(first, second, SimulatorFault.RateLimited(TimeSpan.FromHours(1)));
                refusals.Add(first, second, SimulatorFault.QuotaExhausted());
                refusals.Add(first, second, SimulatorFault.NoChannel());
                refusals.Add(first, second, SimulatorFault.EmptyId(500));
                refusals.Add(first, second, SimulatorFault.Html(200));
            }

            return refusals;
        }
    }

    public static TheoryData<string, string, SimulatorFault> UnknownOutcomes
    {
        get
        {
            var outcomes = new TheoryData<string, string, SimulatorFault>();
            foreach (var (first, second) in new[] { ("juxin", "zhenzhen"), ("zhenzhen", "juxin") })
            {
                outcomes.Add(first, second, SimulatorFault.DropAfterAccept());
                outcomes.Add(first, second, SimulatorFault.ServerError().AfterAccept());
                outcomes.Add(first, second, SimulatorFault.Html(504).AfterAccept());
                outcomes.Add(first, second, SimulatorFault.TruncatedJson());
                outcomes.Add(first, second, SimulatorFault.ResetMidBody());
                outcomes.Add(first, second, SimulatorFault.Delay(Timeout.InfiniteTimeSpan).AfterAccept());
            }

            return outcomes;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task Refused_create_is_made_by_the_next_platform_and_billed_once(string first, string second, SimulatorFault refusal)
    {
        Simulator.Faults.On(first, SimulatorOperation.CreateVideo).Then(refusal);
        var router = Router(first, second);

        var task = await router.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);
        await router.Videos.DownloadToDirectoryAsync(task, Folder, cancellationToken: Token);

        Assert.Equal(second, task.PlatformName);
        Assert.True(task.IsCompleted);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
        Assert.Equal(1, Creates(first));
        Assert.Equal(1, Creates(second));
        Assert.Equal(0, Simulator.Ledger.Count(SimulatorOperation.Query, first));
    }

    [Theory]
    [MemberData(nameof(UnknownOutcomes), DisableDiscoveryEnumeration = true)]
    public async Task Create_of_unknown_outcome_is_one_request_on_one_platform(string first, string second, SimulatorFault fault)
    {
        Simulator.Faults.On(first, SimulatorOperation.CreateVideo).Then(fault);
        var clock = new VirtualClock();
        var router = new Sora2Router(
            [Client(first, options => (options.CreateRetries, options.TimeProvider) = (0, clock)), Client(second)]);

        var create = router.Videos.CreateAsync(new VideoRequest("a"), Token);
        await Simulator.Ledger.WaitForAsync(request => request.WasBilled, Token);
        clock.Advance(TimeSpan.FromHours(1)); // ends the request that has no response
        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => create);

        Assert.Equal(first, error.PlatformName);
        Assert.Null(error.MayHaveBeenCharged);
        Assert.Single(Simulator.Ledger.Requests);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("juxin", "zhenzhen")]
    [InlineData("zhenzhen", "juxin")]
    public async Task Unreachable_platform_is_followed_by_the_next(string first, string second)
    {
        var unreachable = Client(first, options => (options.CreateRetries, options.BaseAddress) = (0, new Uri("http://127.0.0.1:1")));
        var router = new Sora2Router([unreachable, Client(second)]);

        var video = await router.Videos.CreateAsync(new VideoRequest("a"), Token);
        var storyboard = await router.Videos.CreateAsync(ThreeShots(ImageInput.FromStream(new TricklingStream(TinyImages.Png))), Token);

        Assert.Equal(second, video.PlatformName);
        Assert.Equal(second, storyboard.PlatformName);
        Assert.Equal(2, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("juxin", "zhenzhen")]
    [InlineData("zhenzhen", "juxin")]
    public async Task Moderated_request_is_not_sent_to_the_next_platform(string first, string second)
    {
        var moderation = SimulatorFault.ServerError(400, "sora_policy", "提示词违反了内容政策");
        Simulator.Faults.On(first, SimulatorOperation.CreateVideo).Then(moderation);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => Router(first, second).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(Sora2ErrorKind.InputModeration, error.Kind);
        Assert.Single(Simulator.Ledger.Requests);
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task When_all_refuse_each_got_one_request_and_nothing_is_billed(string first)
    {
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo).Then(SimulatorFault.QuotaExhausted());
        Simulator.Faults.On("zhenzhen", SimulatorOperation.CreateVideo).Then(SimulatorFault.NoChannel());

        var router = Router(first, first == "juxin" ? "zhenzhen" : "juxin");

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => router.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Contains("Juxin: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Zhenzhen: ", error.Message, StringComparison.Ordinal);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Equal(2, Simulator.Ledger.Requests.Count);
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Long_and_high_definition_videos_are_made_with_pro_on_Zhenzhen()
    {
        var router = Router("juxin", "zhenzhen");

        await router.Videos.CreateAsync(new VideoRequest("a") { Duration = TimeSpan.FromSeconds(25) }, Token);
        await router.Videos.CreateAsync(new VideoRequest("a") { HighDefinition = true }, Token);
        await router.Videos.CreateAsync(new VideoRequest("a") { Duration = TimeSpan.FromSeconds(15) }, Token);

        Assert.Equal(
            [("zhenzhen", "sora-2-pro"), ("zhenzhen", "sora-2-pro"), ("juxin", "sora-2-all")],
            Simulator.Ledger.Requests.Select(request => (request.Platform, request.Json!.Value.GetProperty("model").GetString())));
        Assert.Equal(3, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("juxin", "zhenzhen")]
    [InlineData("zhenzhen", "juxin")]
    public async Task All_calls_about_a_task_use_the_platform_that_created_it(string first, string second)
    {
        Simulator.Faults.On(first, SimulatorOperation.CreateVideo).Then(SimulatorFault.QuotaExhausted());
        var router = Router(first, second);
        var created = await router.Videos.CreateAsync(new VideoRequest("a"), Token);

        await router.Videos.GetAsync(created, Token);
        var finished = await router.Videos.WaitAsync(created, cancellationToken: Token);
        await foreach (var seen in router.Videos.WatchAsync(created, cancellationToken: Token))
        {
            Assert.Equal(second, seen.PlatformName);
        }

        await router.Videos.DownloadAsync(finished, Path.Combine(Folder, "a.mp4"), cancellationToken: Token);
        using var stream = new MemoryStream();
        await router.Videos.DownloadAsync(finished, stream, cancellationToken: Token);

        Assert.Equal(new FileInfo(Path.Combine(Folder, "a.mp4")).Length, stream.Length);
        Assert.Equal((0, 1), (Simulator.Ledger.Count(SimulatorOperation.Query, first), Simulator.Ledger.BilledCreates));
        Assert.NotEqual(0, Simulator.Ledger.Count(SimulatorOperation.Query, second));
    }

    [Theory]
    [AllPlatforms]
    public async Task Second_account_of_a_platform_makes_and_keeps_the_task(string platform)
    {
        var options = Options(platform);
        options.ApiKey = "test-key-expired";
        using var first = new Sora2Client("first", options);
        using var second = new Sora2Client("second", Options(platform));
        var router = new Sora2Router([first, second]);
        var reported = new List<string>();

        var task = await router.Videos.GenerateAsync(
            new VideoRequest("a"),
            progress: new SyncProgress<VideoTask>(state => reported.Add(state.ClientName)),
            cancellationToken: Token);
        var later = await router.FindClient(task).Videos.WaitAsync(task.Id, cancellationToken: Token);

        Assert.Equal((task.Id, "second", "second"), (later.Id, later.ClientName, task.ClientName));
        Assert.All(reported, client => Assert.Equal("second", client));
        var refused = Assert.Single(Simulator.Ledger.Of(SimulatorOperation.CreateVideo), request => !request.WasBilled);
        Assert.False(refused.AuthorizationMatched);
        Assert.All(Simulator.Ledger.Of(SimulatorOperation.Query), query => Assert.True(query.AuthorizationMatched));
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("three one two", "three one two")]
    [InlineData("two", "two")]
    [InlineData("", "one two three")]
    public async Task Router_of_a_container_has_the_named_clients_or_all_in_order_of_registration(string names, string order)
    {
        var services = new ServiceCollection();
        services.AddSora2Router(names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        services.AddSora2("one", options => Fill(options, "juxin"));
        services.AddSora2("two", options => Fill(options, "zhenzhen"));
        services.AddSora2("three", options => Fill(options, "juxin"));
        await using var provider = services.BuildServiceProvider();

        var router = provider.GetRequiredService<Sora2Router>();
        var task = await router.Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal(order.Split(' '), router.Clients.Select(client => client.Name));
        Assert.Equal(order.Split(' ')[0], task.ClientName);
        Assert.All(router.Clients, client => Assert.Same(provider.GetRequiredKeyedService<ISora2Client>(client.Name), client));
    }

    [Fact]
    public async Task Router_over_an_unregistered_client_names_it()
    {
        var services = new ServiceCollection();
        services.AddSora2("one", options => Fill(options, "juxin"));
        services.AddSora2Router("one", "two");
        await using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<Sora2ValidationException>(provider.GetRequiredService<Sora2Router>);

        Assert.Contains("AddSora2(\"two\"", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Clients without names, as in a script, and without retries of creates.</summary>
    private Sora2Router Router(params string[] platforms) =>
        new(platforms.Select(platform => Client(platform, options => options.CreateRetries = 0)));

    private int Creates(string platform) => Simulator.Ledger.Count(SimulatorOperation.CreateVideo, platform);

    private void Fill(Sora2ClientOptions options, string platform) =>
        (options.Platform, options.ApiKey, options.BaseAddress) = (platform, Simulator.ApiKey, AddressOf(platform));
}
