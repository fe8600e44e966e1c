using System.Net;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Routing;

/// <summary>One key over several accounts.</summary>
public sealed class KeyedRouterTests : IDisposable
{
    private const string Quota = """{"error":{"message":"用户额度不足"}}""";

    private static readonly VideoRequest Request = new("a") { Key = "order 7" };

    private readonly VirtualClock _clock = new();
    private readonly List<Sora2Client> _clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Key_of_another_account_goes_to_that_accounts_task(bool isShared)
    {
        var (empty, accepting) = (Responding(Quota, HttpStatusCode.Forbidden), Responding(Responses.Accepted));
        var stores = Stores(isShared);
        var router = Router((empty, stores[0]), (accepting, stores[1]));
        var created = await router.Videos.CreateAsync(Request, Token);
        Assert.Equal(("second", 1, 1), (created.ClientName, empty.Sent.Count, accepting.Sent.Count));

        // The first account has money again; the key is the second one's all the same.
        var full = Responding(Responses.Accepted);
        var again = Router((full, stores[0]), (accepting, stores[1]));

        Assert.Equal(created.Handle, (await again.Videos.CreateAsync(Request, Token)).Handle);
        Assert.Empty(full.Sent);
        Assert.Single(accepting.Sent);
    }

    [Fact]
    public async Task Next_account_after_a_refusal_is_the_next_attempt()
    {
        var store = new MemoryTaskStore();
        var router = Router((Responding(Quota, HttpStatusCode.Forbidden), store), (Responding(Responses.Accepted), store));

        await router.Videos.CreateAsync(Request, Token);

        Assert.Equal(
            [(1, "first", TaskRecordState.Refused), (2, "second", TaskRecordState.Running)],
            (await store.RecordsAsync(Token)).Select(record => (record.Attempt, record.ClientName, record.State)).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Concurrent_creates_of_a_key_are_one_task_over_all_accounts(bool isShared)
    {
        var stores = Stores(isShared);
        var sent = 0;
        var first = new StubHandler((_, _) => ++sent == 1
            ? StubHandler.Json(Quota, HttpStatusCode.Forbidden)
            : StubHandler.Json(Responses.Accepted));
        var second = Responding(Responses.Accepted);
        var router = Router((first, stores[0]), (second, stores[1]));

        var tasks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => router.Videos.CreateAsync(Request, Token)));

        Assert.Single(tasks.Select(task => task.Handle).Distinct());
        Assert.Equal((1, 1), (first.Sent.Count, second.Sent.Count));
    }

    [Fact]
    public async Task Unknown_outcome_on_one_account_is_not_created_on_another()
    {
        var stores = Stores(isShared: false);
        var (first, second) = (Responding("", HttpStatusCode.BadGateway), Responding(Responses.Accepted));
        var router = Router((first, stores[0]), (second, stores[1]));

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => router.Videos.CreateAsync(Request, Token));
        await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => Router((second, stores[1]), (first, stores[0])).Videos.CreateAsync(Request, Token));

        Assert.Empty(second.Sent);
        Assert.Single(first.Sent);
    }

    [Fact]
    public async Task Model_that_the_router_chose_does_not_make_another_request()
    {
        var store = new MemoryTaskStore();
        var zhenzhen = Responding("""{"task_id":"task-2"}""");
        var request = Request with { Duration = TimeSpan.FromSeconds(25) }; // needs sora-2-pro, which the request does not name
        var one = Client("only", Sora2Platform.Zhenzhen, zhenzhen, store);
        var router = new Sora2Router([one]);

        await router.Videos.CreateAsync(request, Token);
        await router.Videos.CreateAsync(request, Token);

        Assert.Single(zhenzhen.Sent);
        Assert.Null(Assert.Single(await store.RecordsAsync(Token)).Request!.Model);
    }

    [Fact]
    public async Task Generating_a_known_key_waits_with_its_own_account()
    {
        var store = new MemoryTaskStore();
        var (first, second) = (Responding(Quota, HttpStatusCode.Forbidden), new StubHandler((_, request) => StubHandler.Json(
            request.Method == HttpMethod.Post ? Responses.Accepted : Responses.Completed("task-1"))));
        var router = Router((first, store), (second, store));
        await router.Videos.CreateAsync(Request, Token);

        var task = await _clock.RunAsync(router.Videos.GenerateAsync(Request, cancellationToken: Token));

        Assert.Equal(("second", true), (task.ClientName, task.VideoUrl is not null));
        Assert.Equal(2, second.Sent.Count);
    }

    private static StubHandler Responding(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new((_, _) => StubHandler.Json(json, status));

    private static MemoryTaskStore[] Stores(bool isShared)
    {
        var one = new MemoryTaskStore();
        return [one, isShared ? one : new MemoryTaskStore()];
    }

    private Sora2Router Router((StubHandler Api, ITaskStore Store) first, (StubHandler Api, ITaskStore Store) second) => new(
    [
        Client("first", Sora2Platform.Juxin, first.Api, first.Store),
        Client("second", Sora2Platform.Juxin, second.Api, second.Store),
    ]);

    private Sora2Client Client(string name, Sora2Platform platform, StubHandler api, ITaskStore store)
    {
        var client = TestClients.Create(
            platform,
            api,
            options => (options.TaskStore, options.TimeProvider, options.CreateRetries, options.QueryRetries) = (store, _clock, 0, 0),
            name: name);
        _clients.Add(client);
        return client;
    }
}
