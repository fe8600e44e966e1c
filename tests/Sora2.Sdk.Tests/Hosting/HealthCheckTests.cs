using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sora2.Sdk.DependencyInjection;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Hosting;

public sealed class HealthCheckTests
{
    private const string Models = """{"object":"list","data":[{"id":"sora-2-all"},{"id":"veo3.1-fast"}]}""";

    private readonly VirtualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static HealthCheckContext Context => new()
    {
        Registration = new HealthCheckRegistration("sora2", _ => throw new NotSupportedException(), failureStatus: null, tags: null),
    };

    [Fact]
    public async Task Platform_that_accepts_the_key_is_healthy_and_probed_once_a_minute()
    {
        var api = new StubHandler(Models);
        await using var provider = Provider(api);

        var first = await CheckAsync(provider);
        _clock.Advance(TimeSpan.FromSeconds(59.9));
        var second = await CheckAsync(provider);
        Assert.Single(api.Sent);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        var third = await CheckAsync(provider);

        Assert.Equal(2, api.Sent.Count);
        Assert.All(api.Sent, sent => Assert.Equal("GET", sent.Method));
        Assert.Equal(
            (HealthStatus.Healthy, "Juxin responded in 0 ms and accepts the key, for 2 models."), (first.Status, first.Description));
        Assert.Equal([new("platform", "juxin"), new("client", ""), new("latencyMs", 0.0), new("checkedAt", _clock.Start)], first.Data);
        Assert.Equal(first.Data, second.Data);
        Assert.Equal(_clock.Start.AddSeconds(60.1), third.Data["checkedAt"]);
    }

    [Theory]
    [InlineData(429, """{"error":{"message":"too fast"}}""", HealthStatus.Degraded, "Juxin can be reached and is busy: too fast")]
    [InlineData(503, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""", HealthStatus.Degraded, "负载已饱和")]
    [InlineData(401, """{"error":{"message":"无效的令牌"}}""", HealthStatus.Unhealthy, "Juxin cannot be used: 无效的令牌")]
    [InlineData(200, """{"success":false,"message":"无效的令牌"}""", HealthStatus.Unhealthy, "无效的令牌")]
    [InlineData(500, """{"error":{"message":"broken"}}""", HealthStatus.Unhealthy, "broken")]
    [InlineData(200, "<html><title>Shop</title></html>", HealthStatus.Unhealthy, "a web page titled \"Shop\"")]
    public async Task Failure_is_described_and_probed_again_after_ten_seconds(
        int status,
        string body,
        HealthStatus expected,
        string description)
    {
        var api = new StubHandler((_, _) => StubHandler.Json(body, (HttpStatusCode)status));
        await using var provider = Provider(api);

        var result = await CheckAsync(provider);
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        await CheckAsync(provider);
        Assert.Single(api.Sent);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        await CheckAsync(provider);

        Assert.Equal(2, api.Sent.Count);
        Assert.Equal(expected, result.Status);
        Assert.Contains(description, result.Description, StringComparison.Ordinal);
        Assert.IsType<Sora2ApiException>(result.Exception);
    }

    [Fact]
    public async Task Concurrent_checks_share_one_probe_that_a_cancelled_check_leaves_to_the_others()
    {
        var api = new Held();
        using var client = TestClients.Create(Sora2Platform.Juxin, api, options => options.TimeProvider = _clock);
        var check = new Sora2HealthCheck(client, _clock, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1));
        using var cancellation = new CancellationTokenSource();

        var cancelled = check.CheckHealthAsync(Context, cancellation.Token);
        var second = check.CheckHealthAsync(Context, Token);
        var third = check.CheckHealthAsync(Context, Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        api.Respond(StubHandler.Json(Models));

        Assert.Equal([HealthStatus.Healthy, HealthStatus.Healthy], (await Task.WhenAll(second, third)).Select(result => result.Status));
        Assert.Equal(1, api.Requests);
    }

    [Fact]
    public async Task Silent_platform_fails_after_the_timeout_of_the_check()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new Held(), options => options.TimeProvider = _clock);

        var check = new Sora2HealthCheck(client, _clock, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1));
        var running = check.CheckHealthAsync(Context, Token);
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(running.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));

        var result = await running;
        Assert.Equal((HealthStatus.Unhealthy, (object)3000.0), (result.Status, result.Data["latencyMs"]));
        Assert.Contains("within 3 s", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Network_failure_is_reported_at_once_with_the_status_of_the_application()
    {
        var api = new StubHandler((_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        await using var provider = Provider(
            api,
            builder => builder.AddHealthCheck(
                failureStatus: HealthStatus.Degraded,
                tags: ["relay"],
                name: "video",
                cacheFor: TimeSpan.Zero));

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        await CheckAsync(provider);

        var entry = report.Entries["video"];
        Assert.Equal((HealthStatus.Degraded, "relay"), (entry.Status, Assert.Single(entry.Tags)));
        Assert.Contains("Connection refused", entry.Description, StringComparison.Ordinal);
        Assert.Equal(2, api.Sent.Count); // One for each check: neither retried nor cached.
    }

    [Fact]
    public async Task Each_client_has_its_own_check()
    {
        var services = new ServiceCollection();
        foreach (var name in new[] { "", "cheap" })
        {
            services.AddSora2(name, options => (options.ApiKey, options.TimeProvider) = ("test-key-juxin", _clock))
                .ConfigureHttp(http => http.ConfigurePrimaryHttpMessageHandler(() => new StubHandler("""{"data":[]}""")))
                .AddHealthCheck();
        }

        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);

        Assert.Equal(
            [
                ("sora2", "Juxin responded in 0 ms and accepts the key."),
                ("sora2-cheap", "Juxin \"cheap\" responded in 0 ms and accepts the key."),
            ],
            report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value.Description)));
    }

    [Fact]
    public async Task Client_that_is_not_the_SDKs_own_is_degraded()
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton<ISora2Client>("", new Fake());
        services.AddSora2(options => options.ApiKey = "test-key-juxin").AddHealthCheck();
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(provider)).Status);
    }

    [Fact]
    public async Task Probe_does_not_wait_for_the_query_interval()
    {
        var api = new StubHandler((_, request) =>
            StubHandler.Json(request.RequestUri!.AbsolutePath == "/v1/models" ? "{}" : """{"status":"IN_PROGRESS"}"""));
        await using var provider = Provider(api, builder =>
        {
            builder.Services.Configure<Sora2ClientOptions>("", options => options.MinQueryInterval = TimeSpan.FromMinutes(1));
            return builder.AddHealthCheck();
        });
        var client = provider.GetRequiredService<ISora2Client>();
        var waiting = Enumerable.Range(0, 5).Select(_ => client.Videos.GetAsync("task-1", Token)).ToList();

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(provider)).Status);

        Assert.Equal(4, waiting.Count(poll => !poll.IsCompleted));
    }

    [Fact]
    public void Times_out_of_range_are_refused()
    {
        var builder = new ServiceCollection().AddSora2(options => options.ApiKey = "test-key-juxin");

        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => builder.AddHealthCheck(timeout: TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>("cacheFor", () => builder.AddHealthCheck(cacheFor: TimeSpan.FromSeconds(-1)));
    }

    private ServiceProvider Provider(HttpMessageHandler api, Func<ISora2Builder, ISora2Builder>? add = null)
    {
        var builder = new ServiceCollection()
            .AddSora2(options => (options.ApiKey, options.TimeProvider) = ("test-key-juxin", _clock));
        builder.ConfigureHttp(http => http.ConfigurePrimaryHttpMessageHandler(() => api));
        return (add ?? (with => with.AddHealthCheck()))(builder).Services.BuildServiceProvider();
    }

    private static async Task<HealthReportEntry> CheckAsync(IServiceProvider provider) =>
        Assert.Single((await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Entries).Value;

    /// <summary>Responds when the test calls <see cref="Respond"/>.</summary>
    private sealed class Held : HttpMessageHandler
    {
        private readonly TaskCompletionSource<HttpResponseMessage> _response = new();
        private int _requests;

        public int Requests => _requests;

        public void Respond(HttpResponseMessage response) => _response.SetResult(response);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return _response.Task.WaitAsync(cancellationToken);
        }
    }

    private sealed class Fake : ISora2Client
    {
        public string Name => "fake";

        public string PlatformName => "juxin";

        public IReadOnlyList<VideoModel> Models => [];

        public IVideoClient Videos => throw new NotSupportedException();

        public ICharacterClient Characters => throw new NotSupportedException();

        public IAccountClient Account => throw new NotSupportedException();
    }
}
