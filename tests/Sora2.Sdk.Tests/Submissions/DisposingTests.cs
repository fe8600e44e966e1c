using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Submissions;

/// <summary>Creates while the client is disposed or its host stops.</summary>
public sealed class DisposingTests : IDisposable
{
    private readonly VirtualClock _clock = new();
    private readonly MemoryTaskStore _store = new();
    private readonly HeldHandler _api = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _api.Dispose();

    [Theory]
    [AllPlatforms]
    public async Task Disposing_waits_for_a_sent_create_and_its_caller_gets_the_task(string platform)
    {
        var client = Client(platform);
        var create = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await _api.Sent;

        var disposing = client.DisposeAsync().AsTask();
        Assert.False(disposing.IsCompleted);
        _api.Respond("""{"id":"task-1"}""");

        Assert.Equal("task-1", (await create).Id);
        await disposing;
        await AssertRecordAsync(TaskRecordState.Running, "task-1");
    }

    [Fact]
    public async Task Disposing_waits_until_the_id_of_a_canceled_create_is_recorded()
    {
        var client = Client("juxin");
        using var cancel = new CancellationTokenSource();
        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);
        await _api.Sent;
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<SubmissionCanceledException>(() => create);

        var disposing = Task.Run(client.Dispose, Token);
        _api.Respond("""{"id":"task-1"}""");
        await disposing;

        await AssertRecordAsync(TaskRecordState.Running, "task-1");
    }

    [Theory]
    [InlineData("""{"id":"task-1"}""")]
    [InlineData("""{"id":"task-1","status":"error","error":"upstream connect error"}""")]
    public async Task Id_of_a_canceled_create_is_logged_if_there_is_no_store(string response)
    {
        using var log = new Listening("");
        var client = Client("juxin", options => (options.TaskStore, options.LoggerFactory) = (null, log));
        using var cancel = new CancellationTokenSource();
        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);
        await _api.Sent;
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<SubmissionCanceledException>(() => create);
        _api.Respond(response);
        await client.DisposeAsync();

        var line = Assert.Single(log.Lines, line => line.Id == 43);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("task-1", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_waits_at_most_for_the_create_timeout()
    {
        var client = Client("juxin", options => options.CreateTimeout = TimeSpan.FromMinutes(3));
        var create = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await _api.Sent;

        var disposing = client.DisposeAsync().AsTask();
        _clock.Advance(TimeSpan.FromMinutes(3) - TimeSpan.FromTicks(1));
        Assert.False(disposing.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        await disposing;
        await Assert.ThrowsAsync<SubmissionUnknownException>(() => create);
        await AssertRecordAsync(TaskRecordState.Unknown, null);
    }

    [Fact]
    public async Task Disposing_waits_a_little_longer_than_the_longest_timeout_for_a_hanging_store()
    {
        var client = Client(
            "juxin",
            options => (options.CreateTimeout, options.CharacterTimeout, options.TaskStore) = (
                TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4), new HangingStore()));
        _ = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await _api.Sent;
        _api.Respond("""{"id":"task-1"}""");

        var disposing = client.DisposeAsync().AsTask();
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.False(disposing.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(15));

        await disposing;
    }

    [Fact]
    public async Task Second_dispose_waits_as_well()
    {
        var client = Client("juxin");
        var create = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await _api.Sent;

        var (first, second) = (client.DisposeAsync().AsTask(), client.DisposeAsync().AsTask());
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        _api.Respond("""{"id":"task-1"}""");

        await Task.WhenAll(first, second, create);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_held_by_a_handler_is_not_sent_after_the_client_is_disposed_or_its_host_stops(bool isStopped)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var lifetime = new Lifetime();
        var provider = Provider(lifetime, http => http.AddHttpMessageHandler(() => new Holding(held, release.Task)));
        var create = provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token);
        await held.Task;

        lifetime.StopApplication();
        var disposing = isStopped ? Task.CompletedTask : provider.DisposeAsync().AsTask();
        release.SetResult();

        if (isStopped)
        {
            Assert.Equal(Sora2ErrorKind.Stopping, (await Assert.ThrowsAsync<Sora2Exception>(() => create)).Kind);
            await provider.DisposeAsync();
        }
        else
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => create);
        }

        await disposing;
        Assert.Equal(0, _api.Count);
        await AssertRecordAsync(TaskRecordState.Refused, null);
    }

    [Fact]
    public async Task Batch_of_a_disposed_client_starts_no_item()
    {
        var client = Client("juxin");
        await client.DisposeAsync();
        var failed = new BatchItem
        {
            Index = 9,
            Request = new VideoRequest("c"),
            State = BatchItemState.Failed,
            Error = new FormatException("earlier"),
        };

        var items = await client.Videos.GenerateBatchAsync(
            [new VideoRequest("a"), new VideoRequest("b")], cancellationToken: Token).CollectAsync();
        var again = Assert.Single(await client.Videos.ResumeBatchAsync([failed], cancellationToken: Token).CollectAsync());

        Assert.All(items, item => Assert.Equal(BatchItemState.NotStarted, item.State));
        Assert.All(items, item => Assert.Null(item.Error));
        Assert.Equal(BatchItemState.Failed, again.State);
        Assert.Equal("earlier", again.Error?.Message);
    }

    [Fact]
    public async Task Creates_that_were_not_sent_end_immediately()
    {
        var client = Client("juxin", options => (options.MaxRunningTasks, options.MinCreateInterval) = (2, TimeSpan.FromHours(1)));
        _api.Respond("""{"id":"task-1"}""");
        await client.Videos.CreateAsync(new VideoRequest("sent"), Token);
        var waitsForTheInterval = client.Videos.CreateAsync(new VideoRequest("b"), Token);
        var waitsForASlot = client.Videos.CreateAsync(new VideoRequest("c"), Token);
        var character = client.Characters.CreateAsync(CharacterRequest.FromTask("t", new TimeRange(1, 3)), Token);

        await client.DisposeAsync();

        var late = client.Videos.CreateAsync(new VideoRequest("d"), Token);
        foreach (var create in new Task[] { waitsForTheInterval, waitsForASlot, character, late })
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => create);
        }

        Assert.Equal(1, _api.Count);
    }

    [Fact]
    public async Task Create_between_two_attempts_ends_immediately_and_is_recorded_as_refused()
    {
        var client = Client("juxin", options => options.CreateRetries = 3);
        _api.Respond(Responses.Saturated, HttpStatusCode.ServiceUnavailable);
        var create = client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await _clock.WaitForTimerAsync(Token);

        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => create);
        Assert.Equal(1, _api.Count);
        await AssertRecordAsync(TaskRecordState.Refused, null);
    }

    [Fact]
    public async Task Client_can_be_disposed_twice()
    {
        var client = Client("juxin");
        client.Dispose();
        client.Dispose();
        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Videos.GetAsync("task-1", Token));
    }

    [Fact]
    public async Task Stopping_host_refuses_new_creates_and_completes_sent_ones()
    {
        using var lifetime = new Lifetime();
        var provider = Provider(lifetime);
        var client = provider.GetRequiredService<ISora2Client>();
        var create = client.Videos.CreateAsync(new VideoRequest("sent"), Token);
        await _api.Sent;

        lifetime.StopApplication();
        var refused = await Assert.ThrowsAsync<Sora2Exception>(() => client.Videos.CreateAsync(new VideoRequest("new"), Token));
        Assert.Equal(Sora2ErrorKind.Stopping, refused.Kind);
        Assert.False(refused.IsTransient);
        Assert.False(refused.MayHaveBeenCharged);
        var items = await client.Videos.GenerateBatchAsync(
            [new VideoRequest("b"), new VideoRequest("c")], cancellationToken: Token).CollectAsync();
        Assert.All(items, item => Assert.Equal(BatchItemState.NotStarted, item.State));
        Assert.All(items, item => Assert.Null(item.Error));

        var stopped = provider.DisposeAsync().AsTask();
        Assert.False(stopped.IsCompleted);
        _api.Respond("""{"id":"task-1"}""");
        await stopped;

        Assert.Equal("task-1", (await create).Id);
        Assert.Equal(1, _api.Count);
        await AssertRecordAsync(TaskRecordState.Running, "task-1");
    }

    [Fact]
    public async Task Stopping_host_still_polls_tasks()
    {
        using var lifetime = new Lifetime();
        await using var provider = Provider(lifetime);
        var client = provider.GetRequiredService<ISora2Client>();
        lifetime.StopApplication();
        _api.Respond("""{"id":"task-1","status":"processing"}""");

        Assert.Equal(VideoTaskStatus.InProgress, (await client.Videos.GetAsync("task-1", Token)).Status);
    }

    private ServiceProvider Provider(IHostApplicationLifetime lifetime, Action<IHttpClientBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(lifetime);
        services.AddSora2(options => (options.ApiKey, options.TaskStore, options.TimeProvider) = ("test-key-juxin", _store, _clock))
            .ConfigureHttp(http =>
            {
                http.ConfigurePrimaryHttpMessageHandler(() => _api);
                configure?.Invoke(http);
            });
        return services.BuildServiceProvider();
    }

    private Sora2Client Client(string platform, Action<Sora2ClientOptions>? configure = null) => TestClients.Create(
        Sora2Platform.BuiltIn.Single(known => known.Name == platform),
        _api,
        options =>
        {
            options.TimeProvider = _clock;
            options.TaskStore = _store;
            configure?.Invoke(options);
        });

    private async Task AssertRecordAsync(TaskRecordState state, string? taskId)
    {
        var record = Assert.Single(await _store.RecordsAsync(Token));
        Assert.Equal(state, record.State);
        Assert.Equal(taskId, record.TaskId);
    }

    /// <summary>Reads the whole request and holds the response back until the test provides one.</summary>
    private sealed class HeldHandler : HttpMessageHandler
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<(string Body, HttpStatusCode Status)> _response = new(
            TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public Task Sent => _sent.Task;

        public int Count => _count;

        public void Respond(string body, HttpStatusCode status = HttpStatusCode.OK) => _response.SetResult((body, status));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            await (request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask);
            _sent.TrySetResult();
            var (body, status) = await _response.Task.WaitAsync(cancellationToken);
            return StubHandler.Json(body, status);
        }
    }

    private sealed class Holding(TaskCompletionSource held, Task release) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            held.TrySetResult();
            await release;
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }

    /// <summary>Saves the intent and hangs on every later write.</summary>
    private sealed class HangingStore : WrappedStore
    {
        protected override Task SaveAsync(TaskRecord record, Func<Task> save) =>
            record.State == TaskRecordState.Submitting ? save() : new TaskCompletionSource().Task;
    }
}
