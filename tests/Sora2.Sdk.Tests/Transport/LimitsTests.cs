using Sora2.Sdk.Tasks;
using Sora2.Sdk.Tests.Support;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Tests.Transport;

/// <summary>Client-side limits and the choice of the base address, on a virtual clock.</summary>
public sealed class LimitsTests
{
    private readonly VirtualClock _clock = new();

    [Theory]
    [AllPlatforms]
    public async Task Creates_keep_the_minimum_interval_and_progress_reports_the_wait(string platform)
    {
        var creates = new List<double>();
        var waiting = 0;
        using var client = Client(platform, new StubHandler((_, request) =>
        {
            if (request.Method == HttpMethod.Post)
            {
                creates.Add(_clock.Elapsed.TotalSeconds);
            }

            return StubHandler.Json(request.Method == HttpMethod.Post ? $$"""{"id":"task-{{creates.Count}}"}""" : Responses.Done);
        }), options => options.MinCreateInterval = TimeSpan.FromSeconds(10));

        await _clock.RunAsync(Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.Videos.GenerateAsync(
            new VideoRequest("a"), progress: new SyncProgress<VideoTask>(task => waiting += task.Id.Length == 0 ? 1 : 0)))));

        Assert.Equal([0, 10, 20, 30], creates);
        Assert.Equal(3, waiting);
    }

    [Fact]
    public async Task Characters_and_storyboards_keep_the_same_interval()
    {
        var creates = new List<double>();
        using var client = Client("juxin", new StubHandler((_, _) =>
        {
            creates.Add(_clock.Elapsed.TotalSeconds);
            return StubHandler.Json("""{"id":"task-1","username":"a.cat"}""");
        }), options => options.MinCreateInterval = TimeSpan.FromSeconds(10));

        await client.Videos.CreateAsync(new VideoRequest("a"));
        await _clock.RunAsync(client.Characters.CreateAsync(CharacterRequest.FromTask("t", new TimeRange(1, 3))));
        await _clock.RunAsync(client.Videos.CreateAsync(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10)).Build()));

        Assert.Equal([0, 10, 20], creates);
    }

    [Theory]
    [AllPlatforms]
    public async Task Create_waits_for_a_slot_until_another_task_ends(string platform)
    {
        var api = new StubHandler(
            (n, request) => StubHandler.Json(request.Method == HttpMethod.Post ? $$"""{"id":"task-{{n}}"}""" : Responses.Done));
        using var client = Client(platform, api, options => options.MaxRunningTasks = 2);
        var first = await client.Videos.CreateAsync(new VideoRequest("a"));
        await client.Videos.CreateAsync(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10)).Build());

        var third = client.Videos.CreateAsync(new VideoRequest("c"));
        Assert.False(third.IsCompleted);
        Assert.Equal(2, api.Sent.Count);

        await client.Videos.GetAsync(first.Id);
        await third.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(4, api.Sent.Count);
    }

    [Fact]
    public async Task Slot_is_released_after_a_refusal_a_failed_task_and_the_wait_timeout()
    {
        var responses = new Queue<HttpResponseMessage>([
            StubHandler.Json("""{"error":{"message":"bad"}}""", System.Net.HttpStatusCode.BadRequest),
            StubHandler.Json("""{"id":"task-1"}"""),
            StubHandler.Json("""{"status":"failed"}"""),
            StubHandler.Json("", System.Net.HttpStatusCode.BadGateway),
            StubHandler.Json("""{"id":"task-2"}"""),
            StubHandler.Json("""{"id":"task-3"}"""),
        ]);
        using var client = Client("juxin", new StubHandler((_, _) => responses.Dequeue()), options => options.MaxRunningTasks = 1);

        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("refused")));
        await client.Videos.CreateAsync(new VideoRequest("fails"));
        await client.Videos.GetAsync("task-1");
        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("unknown")));
        var second = client.Videos.CreateAsync(new VideoRequest("after the unknown one"));
        await FreedAfterAsync(TimeSpan.FromMinutes(30), second);
        await FreedAfterAsync(TimeSpan.FromMinutes(30), client.Videos.CreateAsync(new VideoRequest("after one that is not polled")));

        Assert.Empty(responses);
    }

    [Fact]
    public async Task Slot_of_an_unknown_outcome_with_an_id_is_released_when_that_task_ends()
    {
        var responses = new Queue<HttpResponseMessage>([
            StubHandler.Json("""{"id":"task-9","error":{"message":"save task failed"}}""", System.Net.HttpStatusCode.InternalServerError),
            StubHandler.Json(Responses.Done),
            StubHandler.Json("""{"id":"task-10"}"""),
        ]);
        using var client = Client("juxin", new StubHandler((_, _) => responses.Dequeue()), options => options.MaxRunningTasks = 1);
        var unknown = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));
        var next = client.Videos.CreateAsync(new VideoRequest("b"));
        Assert.False(next.IsCompleted);

        await client.Videos.GetAsync(unknown.TaskId!);

        Assert.Equal("task-10", (await next.WaitAsync(TimeSpan.FromSeconds(30))).Id);
    }

    [Fact]
    public async Task Polled_task_keeps_its_slot_beyond_the_wait_timeout()
    {
        var api = new StubHandler((n, request) => StubHandler.Json(
            request.Method == HttpMethod.Post ? $$"""{"id":"task-{{n}}"}""" : """{"status":"PROCESSING"}"""));
        using var client = Client("juxin", api, options => options.MaxRunningTasks = 1);
        var first = await client.Videos.CreateAsync(new VideoRequest("a"));
        var next = client.Videos.CreateAsync(new VideoRequest("b"));

        _clock.Advance(TimeSpan.FromMinutes(20));
        await client.Videos.GetAsync(first.Id);
        await FreedAfterAsync(TimeSpan.FromMinutes(30), next);
    }

    /// <summary>A slot is handed over on another thread, so this advances the clock and then awaits the create.</summary>
    private async Task FreedAfterAsync(TimeSpan timeout, Task create)
    {
        _clock.Advance(timeout - TimeSpan.FromTicks(1));
        Assert.False(create.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        await create.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Wait_for_a_slot_or_an_interval_can_be_canceled_and_nothing_is_sent()
    {
        var api = new StubHandler("""{"id":"task-1"}""");
        using var client = Client(
            "juxin", api, options => (options.MaxRunningTasks, options.MinCreateInterval) = (1, TimeSpan.FromHours(1)));
        await client.Videos.CreateAsync(new VideoRequest("a"));
        using var cancel = new CancellationTokenSource();
        var create = client.Videos.CreateAsync(new VideoRequest("b"), cancel.Token);
        var character = client.Characters.CreateAsync(CharacterRequest.FromTask("t", new TimeRange(1, 3)), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => character);
        Assert.Single(api.Sent);
    }

    [Theory]
    [AllPlatforms]
    public async Task Next_address_is_used_only_if_nothing_was_sent_and_then_kept_for_a_while(string platform)
    {
        var isFirstUp = false;
        var api = new StubHandler((_, request) => request.RequestUri!.Host == "first" && !isFirstUp
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : StubHandler.Json("""{"id":"task-1"}"""));
        using var client = Client(platform, api, TwoAddresses);

        await client.Videos.CreateAsync(new VideoRequest("a"));
        isFirstUp = true;
        await client.Videos.CreateAsync(new VideoRequest("b"));
        _clock.Advance(TimeSpan.FromMinutes(6));
        await client.Videos.CreateAsync(new VideoRequest("c"));

        Assert.Equal(["first", "second", "second", "first"], api.Sent.Select(sent => sent.Url.Host));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(404)]
    public async Task Response_never_leads_to_the_next_address(int status)
    {
        var api = new StubHandler((_, _) => StubHandler.Json("{}", (System.Net.HttpStatusCode)status));
        using var client = Client("zhenzhen", api, options =>
        {
            TwoAddresses(options);
            options.CreateRetries = 0;
        });

        await Assert.ThrowsAnyAsync<Sora2Exception>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal(["first"], api.Sent.Select(sent => sent.Url.Host));
    }

    [Fact]
    public async Task Connection_that_breaks_after_sending_never_leads_to_the_next_address()
    {
        var api = new StubHandler((_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded, "gone"));
        using var client = Client("zhenzhen", api, TwoAddresses);

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Single(api.Sent);
    }

    [Fact]
    public async Task Task_is_polled_at_the_address_that_created_it()
    {
        var isFirstUp = false;
        var api = new StubHandler((n, request) => request.RequestUri!.Host == "first" && !isFirstUp
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : StubHandler.Json(
                request.Method == HttpMethod.Post ? """{"id":"task-1"}""" : n < 6 ? """{"status":"queued"}""" : Responses.Done));
        using var client = Client("zhenzhen", api, options =>
        {
            TwoAddresses(options);
            options.PollInterval = TimeSpan.FromMinutes(4); // longer than an address is kept
        });
        await client.Videos.CreateAsync(new VideoRequest("a"));
        isFirstUp = true;

        await _clock.RunAsync(client.Videos.WaitAsync("task-1"));
        await client.Videos.GetAsync("task-of-another-process");

        Assert.Equal(
            ["first", "second", "second", "second", "second", "second", "second", "first"], api.Sent.Select(sent => sent.Url.Host));
    }

    [Fact]
    public async Task Kept_address_that_is_down_is_replaced_by_the_next_in_order()
    {
        var down = new HashSet<string>(StringComparer.Ordinal) { "first" };
        var api = new StubHandler((_, request) => down.Contains(request.RequestUri!.Host)
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : StubHandler.Json("""{"id":"t"}"""));
        using var client = Client(
            "zhenzhen",
            api,
            options => (options.BaseAddress, options.FallbackBaseAddresses) = (
                new Uri("https://first"), [new Uri("https://second"), new Uri("https://third")]));

        await client.Videos.CreateAsync(new VideoRequest("a"));
        down.Add("second");
        await client.Videos.CreateAsync(new VideoRequest("b"));
        down.Remove("first");
        down.Add("third");
        await client.Videos.CreateAsync(new VideoRequest("c"));
        await client.Videos.CreateAsync(new VideoRequest("d"));

        Assert.Equal(["first", "second", "second", "first", "third", "third", "first", "first"], api.Sent.Select(sent => sent.Url.Host));
    }

    [Fact]
    public async Task Use_of_a_kept_address_does_not_extend_its_time()
    {
        var isFirstUp = false;
        var api = new StubHandler((_, request) => request.RequestUri!.Host == "first" && !isFirstUp
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : StubHandler.Json("""{"id":"t"}"""));
        using var client = Client("zhenzhen", api, TwoAddresses);

        await client.Videos.CreateAsync(new VideoRequest("a"));
        isFirstUp = true;
        _clock.Advance(TimeSpan.FromMinutes(4));
        await client.Videos.CreateAsync(new VideoRequest("b"));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await client.Videos.CreateAsync(new VideoRequest("c"));

        Assert.Equal(["first", "second", "second", "first"], api.Sent.Select(sent => sent.Url.Host));
    }

    [Fact]
    public async Task Create_after_the_interval_does_not_wait()
    {
        var waiting = 0;
        using var client = Client(
            "juxin", new StubHandler("""{"id":"t","status":"failed"}"""), options => options.MinCreateInterval = TimeSpan.FromSeconds(10));
        await client.Videos.CreateAsync(new VideoRequest("a"));
        _clock.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<VideoTaskFailedException>(() => client.Videos.GenerateAsync(
            new VideoRequest("b"), progress: new SyncProgress<VideoTask>(task => waiting += task.Id.Length == 0 ? 1 : 0)));

        Assert.Equal(0, waiting);
        Assert.Equal(TimeSpan.FromSeconds(10), _clock.Elapsed);
    }

    [Fact]
    public async Task Task_that_is_finished_when_created_uses_no_slot()
    {
        using var client = Client(
            "juxin",
            new StubHandler("""{"id":"t","status":"completed","video_url":"https://x/v.mp4"}"""),
            options => options.MaxRunningTasks = 1);

        for (var i = 0; i < 3; i++)
        {
            Assert.True((await client.Videos.CreateAsync(new VideoRequest("a"))).IsCompleted);
        }
    }

    [Fact]
    public async Task Address_that_created_a_task_is_remembered_longer_than_it_is_preferred()
    {
        var isFirstUp = false;
        var api = new StubHandler((_, request) => request.RequestUri!.Host == "first" && !isFirstUp
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : StubHandler.Json("""{"id":"task-1","status":"queued"}"""));
        using var client = Client("zhenzhen", api, TwoAddresses);

        await client.Videos.CreateAsync(new VideoRequest("a"));
        isFirstUp = true;
        _clock.Advance(TimeSpan.FromMinutes(6));
        await client.Videos.GetAsync("task-1");
        await client.Videos.GetAsync("task-2");

        Assert.Equal(["first", "second", "second", "first"], api.Sent.Select(sent => sent.Url.Host));
    }

    [Fact]
    public async Task Task_that_is_not_polled_releases_its_slot_even_without_a_wait_timeout()
    {
        var api = new StubHandler((n, _) => StubHandler.Json($$"""{"id":"task-{{n}}","status":"queued"}"""));
        using var client = Client("juxin", api, options => (options.MaxRunningTasks, options.WaitTimeout) = (2, Timeout.InfiniteTimeSpan));
        await client.Videos.CreateAsync(new VideoRequest("a"));
        await client.Videos.CreateAsync(new VideoRequest("b"));

        var third = client.Videos.CreateAsync(new VideoRequest("c"));
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(third.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(1)); // not further: the create has a timeout of its own

        Assert.NotEmpty((await third).Id);
    }

    [Fact]
    public async Task Polled_task_keeps_its_slot()
    {
        var api = new StubHandler((_, request) => StubHandler.Json(
            request.Method == HttpMethod.Post || _clock.Elapsed < TimeSpan.FromHours(3) ? Responses.Accepted : Responses.Done));
        using var client = Client("juxin", api, options => (options.MaxRunningTasks, options.WaitTimeout) = (1, Timeout.InfiniteTimeSpan));
        var first = client.Videos.GenerateAsync(new VideoRequest("a"));

        var second = client.Videos.CreateAsync(new VideoRequest("b"));
        await _clock.RunAsync(first);
        await second;

        Assert.InRange(_clock.Elapsed, TimeSpan.FromHours(3), TimeSpan.FromHours(3.1));
    }

    [Fact]
    public void Addresses_are_remembered_for_the_newest_tasks_only()
    {
        var options = new Sora2ClientOptions();
        TwoAddresses(options);
        var tasks = new KnownTasks(maxRunning: 0);
        var endpoints = new EndpointSelector(options, Sora2Platform.Juxin, tasks);

        for (var i = 0; i < KnownTasks.MaxTasks + 500; i++)
        {
            endpoints.Created($"task-{i}", "https://second");
        }

        Assert.Equal(KnownTasks.MaxTasks, tasks.Count);
        Assert.Equal(["https://second"], endpoints.For($"task-{KnownTasks.MaxTasks + 499}"));
        Assert.Equal(2, endpoints.For("task-0").Count);
    }

    [Fact]
    public void Oldest_task_without_a_slot_is_forgotten_first()
    {
        using var tasks = new KnownTasks(maxRunning: 1);
        var slot = new StubSlot();
        tasks.FindOrAdd("running").TryTakeSlot(slot);

        for (var i = 0; i < KnownTasks.MaxTasks + 500; i++)
        {
            tasks.FindOrAdd($"task-{i}");
        }

        Assert.Equal(KnownTasks.MaxTasks, tasks.Count);
        Assert.Same(slot, tasks.Find("running")?.Slot);
        Assert.Equal(0, slot.Releases);

        tasks.Ended("running");
        tasks.Ended("running");

        Assert.Equal(1, slot.Releases);
        Assert.NotNull(tasks.Find("running"));
    }

    private sealed class StubSlot : IRunningSlot
    {
        public int Releases { get; private set; }

        public void Extend()
        {
        }

        public void Release() => Releases++;
    }

    private static void TwoAddresses(Sora2ClientOptions options) =>
        (options.BaseAddress, options.FallbackBaseAddresses) = (new Uri("https://first/v1"), [new Uri("https://second/")]);

    private Sora2Client Client(string platform, StubHandler api, Action<Sora2ClientOptions>? configure = null) => TestClients.Create(
        Sora2Platform.BuiltIn.Single(known => known.Name == platform),
        api,
        options =>
        {
            (options.TimeProvider, options.PollJitter) = (_clock, 0);
            configure?.Invoke(options);
        });
}
