using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Transport;

/// <summary>Resilience of free API requests as the host configures it; paid requests do not use it.</summary>
public sealed class ApiResilienceTests : ResilienceTest
{
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Free_request_is_retried_as_the_host_configures(string way)
    {
        Simulator.Faults.On(SimulatorOperation.ListModels).Then(SimulatorFault.ServerError()).Then(SimulatorFault.Html(502));
        var client = (Sora2Client)Open(
            way,
            options => (options.Queries.MaxRetryAttempts, options.Queries.RetryDelay) = (2, TimeSpan.FromMilliseconds(1)),
            options => options.TimeProvider = TimeProvider.System);

        Assert.NotEmpty(await client.Account.ListModelsAsync(Token));
        Assert.Equal(3, Simulator.Ledger.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Open_circuit_of_polls_refuses_no_paid_request(string way)
    {
        Simulator.Faults.On(SimulatorOperation.Query).Then(SimulatorFault.ServerError(), times: 2);
        var client = Open(way, options => (options.Queries.UseCircuitBreaker, options.Queries.MinimumThroughput) = (true, 2));
        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("a", Token));
        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("a", Token));

        var refused = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("a", Token));
        var task = await client.Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal(Sora2ErrorKind.Network, refused.Kind);
        Assert.True(refused.IsTransient);
        Assert.Equal(TimeSpan.FromSeconds(15), refused.RetryAfter);
        Assert.Equal(2, Simulator.Ledger.Count(SimulatorOperation.Query));
        Assert.NotEmpty(task.Id);
        Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(task.Id, (await client.Videos.GetAsync(task.Id, Token)).Id);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Paid_request_is_neither_retried_nor_limited_by_resilience(string way)
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.ServerError().AfterAccept());
        var client = Open(way, options =>
        {
            options.Queries = new HttpResilienceOptions
            {
                MaxRetryAttempts = 5,
                AttemptTimeout = TimeSpan.FromSeconds(1),
                UseCircuitBreaker = true,
                PermitLimit = 1,
                QueueLimit = 0,
            };
            options.Media = options.Queries;
        });

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));
        Assert.Equal(1, Simulator.Ledger.Count(SimulatorOperation.CreateVideo));

        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.Delay(Timeout.InfiniteTimeSpan).AfterAccept());
        var slow = client.Videos.CreateAsync(new VideoRequest("b"), Token);
        await Simulator.Ledger.WaitForAsync(request => request.WasBilled && request.Json?.GetProperty("prompt").GetString() == "b", Token);
        Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.False(slow.IsCompleted);
        Assert.NotEmpty((await client.Videos.CreateAsync(new VideoRequest("c"), Token)).Id);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<SubmissionUnknownException>(() => slow);
        Assert.Equal(3, Simulator.Ledger.Count(SimulatorOperation.CreateVideo));
    }

    [Fact]
    public async Task Host_handlers_see_the_kind_of_each_request()
    {
        var kinds = new ConcurrentQueue<(CallKind? Kind, bool IsPaid)>();
        var images = await HostAsync((_, http) => http.Response.Body.WriteAsync(TinyImages.Png, Token).AsTask());
        var client = (Sora2Client)Open("container", _ => { }, http: http => http.AddHttpMessageHandler(() => new Recording(kinds)));
        var host = await HostAsync((_, http) => WriteVideoAsync(http));

        await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await client.Videos.CreateAsync(ThreeShots(ImageInput.FromUrl(images.Address)), Token);
        await client.Characters.CreateAsync(
            CharacterRequest.FromUrl(new Uri("https://videos.example.com/cat.mp4"), new TimeRange(1, 3)), Token);
        await client.Account.ListModelsAsync(Token);
        await DownloadAsync(client, host);

        Assert.Equal(
            [
                (CallKind.CreateVideo, true), (CallKind.Media, false), (CallKind.CreateStoryboard, true), (CallKind.CreateCharacter, true),
                (CallKind.Query, false), (CallKind.Media, false),
            ],
            kinds);
        Assert.False(Sora2RequestOptions.IsPaid(new HttpRequestMessage(HttpMethod.Post, "https://h/")));
    }

    [Fact]
    public async Task Changed_settings_are_applied_and_invalid_ones_are_ignored()
    {
        var requests = 0;
        var host = await HostAsync((request, http) => (requests = request) % 3 == 0
            ? http.Response.Body.WriteAsync(TinyImages.Png, Token).AsTask()
            : FailAsync(http));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Http:Media:MaxRetryAttempts", "0"), new("Http:Media:UseCircuitBreaker", "false")])
            .Build();
        var services = new ServiceCollection();
        services.AddSora2("resilience", options =>
        {
            (options.ApiKey, options.BaseAddress, options.AllowPrivateNetworkDownloads) = (Simulator.ApiKey, AddressOf("juxin"), true);
            (options.RetryDelay, options.LoggerFactory) = (TimeSpan.FromMilliseconds(1), Heard);
        }).AddResilience(configuration.GetSection("Http"));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ISora2Client>();

        await Assert.ThrowsAsync<Sora2ValidationException>(CreateAsync);
        Assert.Equal(1, requests);

        configuration["Http:Media:MaxRetryAttempts"] = "2";
        configuration.Reload();
        await CreateAsync();
        Assert.Equal(3, requests);

        configuration["Http:Media:MaxRetryAttempts"] = "-1";
        configuration.Reload();
        await CreateAsync();
        Assert.Equal(6, requests);
        var refused = Assert.Single(Heard.Lines, line => line.Id == 51);
        Assert.Contains("Http:Media:MaxRetryAttempts", refused.Text, StringComparison.Ordinal);

        Task CreateAsync() => client.Videos.CreateAsync(ThreeShots(ImageInput.FromUrl(host.Address)), Token);
    }

    [Theory]
    [InlineData("Media:PermitLimit", "0", "1")]
    [InlineData("Media:BreakDuration", "20", "20")]
    [InlineData("Media:BreakDuration", "2.00:00:00", "0.5 s")]
    [InlineData("Queries:FailureRatio", "0", "0")]
    [InlineData("Media:PermitLimits", "3", "AttemptTimeout")]
    [InlineData("Downloads:PermitLimit", "3", "AttemptTimeout")]
    public async Task Invalid_settings_stop_the_start_with_their_path(string path, string value, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Http:" + path, value)]).Build();
        var services = new ServiceCollection();
        services.AddSora2(options => options.ApiKey = "test-key-juxin").AddResilience(configuration.GetSection("Http"));
        await using var provider = services.BuildServiceProvider();

        var error = Assert.ThrowsAny<Exception>(() => provider.GetRequiredService<ISora2Client>());

        Assert.Contains("Http:" + path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<Exception> Foreign =>
    [
        new BrokenCircuitException("open"), new TimeoutRejectedException("late", TimeSpan.FromSeconds(3)),
        new RateLimiterRejectedException("full"), new InvalidOperationException("a bug"), new TaskCanceledException("canceled"),
        new UnknownException(),
    ];

    [Theory]
    [MemberData(nameof(Foreign), DisableDiscoveryEnumeration = true)]
    public async Task Exception_of_a_host_handler_becomes_an_SDK_exception_everywhere(Exception foreign)
    {
        var images = await HostAsync((_, http) => http.Response.Body.WriteAsync(TinyImages.Png, Token).AsTask());
        var client = (Sora2Client)Open(
            "container",
            options => options.Media.MaxRetryAttempts = 0,
            http: http => http.AddHttpMessageHandler(() => new Throwing(foreign)));

        await IsTypedAsync(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));
        await IsTypedAsync(() => client.Videos.CreateAsync(ThreeShots(ImageInput.FromUrl(images.Address)), Token));
        await IsTypedAsync(() => client.Characters.CreateAsync(
            CharacterRequest.FromUrl(new Uri("https://videos.example.com/cat.mp4"), new TimeRange(1, 3)), Token));
        await IsTypedAsync(() => client.Videos.GetAsync("a", Token));
        await IsTypedAsync(() => client.Account.ListModelsAsync(Token));
        await IsTypedAsync(() => DownloadAsync(client, images));
        Assert.Empty(Simulator.Ledger.Requests);

        static async Task IsTypedAsync(Func<Task> call)
        {
            var error = await Assert.ThrowsAnyAsync<Sora2Exception>(call);
            Assert.NotNull(error.InnerException);
        }
    }

    [Fact]
    public async Task Host_can_remove_its_own_resilience_and_the_SDKs_remains()
    {
        var host = await HostAsync((request, http) => request == 1 ? FailAsync(http, 503, "5") : WriteVideoAsync(http));
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler(options => options.Retry.MaxRetryAttempts = 9));
#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers may change; docs/hosting.md says so
        services.AddSora2("resilience", options =>
        {
            (options.ApiKey, options.BaseAddress, options.AllowPrivateNetworkDownloads) = (Simulator.ApiKey, AddressOf("juxin"), true);
            (options.TimeProvider, options.DownloadRetries) = (Clock, 1);
        }).ConfigureHttp(http => http.RemoveAllResilienceHandlers());
#pragma warning restore EXTEXP0001
        await using var provider = services.BuildServiceProvider();

        var download = DownloadAsync(provider.GetRequiredService<ISora2Client>(), host);
        await PassAsync(TimeSpan.FromSeconds(5)); // the host's handler would use the system clock

        Assert.Equal(Video.Length, (await download).Length);
        Assert.Equal(2, host.Asked.Count);
    }

    private sealed class Recording(ConcurrentQueue<(CallKind? Kind, bool IsPaid)> kinds) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            kinds.Enqueue((
                request.Options.TryGetValue(Sora2RequestOptions.CallKind, out var kind) ? kind : null,
                Sora2RequestOptions.IsPaid(request)));
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Throwing(Exception exception) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw exception;
    }

    private sealed class UnknownException : Exception;
}
