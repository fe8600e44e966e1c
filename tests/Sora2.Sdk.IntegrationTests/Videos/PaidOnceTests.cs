using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>A paid request reaches the platform once, whatever fails and whatever handlers wrap the HttpClient.</summary>
public sealed class PaidOnceTests : SimulatorTest
{
    private static readonly SimulatorOperation[] Creates =
    [
        SimulatorOperation.CreateVideo, SimulatorOperation.CreateStoryboard, SimulatorOperation.CreateCharacter,
    ];

    public static TheoryData<string, SimulatorOperation> PaidOperations
    {
        get
        {
            var calls = new TheoryData<string, SimulatorOperation>();
            foreach (var platform in Sora2Platform.BuiltIn)
            {
                foreach (var create in Creates)
                {
                    calls.Add(platform.Name, create);
                }
            }

            return calls;
        }
    }

    public static TheoryData<string, string> Wrappings
    {
        get
        {
            var wrappings = new TheoryData<string, string>();
            foreach (var platform in Sora2Platform.BuiltIn)
            {
                foreach (var wrapping in new[] { "retrying", "standard", "standard-hedging", "hedging", "timing-out", "cloning" })
                {
                    wrappings.Add(platform.Name, wrapping);
                }
            }

            return wrappings;
        }
    }

    [Theory]
    [MemberData(nameof(PaidOperations))]
    public async Task Create_that_was_read_and_dropped_is_one_request_and_unknown(string platform, SimulatorOperation create)
    {
        Simulator.Faults.On(platform, create).Then(SimulatorFault.DropAfterAccept());

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => SubmitAsync(Client(platform, Hurry), create));

        Assert.Equal((null, 1, 1), (error.MayHaveBeenCharged, Simulator.Ledger.Count(create), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [MemberData(nameof(PaidOperations))]
    public async Task Create_with_a_truncated_response_is_one_request_and_unknown(string platform, SimulatorOperation create)
    {
        Simulator.Faults.On(platform, create).Then(SimulatorFault.TruncatedJson());
        Simulator.Faults.On(platform, create).Then(SimulatorFault.ResetMidBody());

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => SubmitAsync(Client(platform, Hurry), create));
        await Assert.ThrowsAsync<SubmissionUnknownException>(() => SubmitAsync(Client(platform, Hurry), create));

        Assert.Equal((2, 2), (Simulator.Ledger.Count(create), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [MemberData(nameof(PaidOperations))]
    public async Task Create_with_a_late_response_is_one_request_and_unknown(string platform, SimulatorOperation create)
    {
        Simulator.Faults.On(platform, create).Then(SimulatorFault.Delay(Timeout.InfiniteTimeSpan).AfterAccept());

        var clock = new VirtualClock();

        var paying = SubmitAsync(Client(platform, options => options.TimeProvider = clock), create);
        while (Simulator.Ledger.Count(create) == 0)
        {
            await Task.Delay(1, Token); // Until it was sent.
        }

        clock.Advance(TimeSpan.FromMinutes(5));
        await Assert.ThrowsAsync<SubmissionUnknownException>(() => paying);
        Assert.Equal((1, 1), (Simulator.Ledger.Count(create), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [MemberData(nameof(PaidOperations))]
    public async Task Connection_that_is_refused_twice_creates_one_task(string platform, SimulatorOperation create)
    {
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) =>
            {
                if (Interlocked.Increment(ref connections) <= 2)
                {
                    throw new SocketException((int)SocketError.ConnectionRefused);
                }

                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

        await SubmitAsync(Client(platform, Hurry, handler), create);

        Assert.Equal((3, 1, 1), (connections, Simulator.Ledger.Count(create), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [MemberData(nameof(PaidOperations))]
    public async Task Create_that_was_not_accepted_is_sent_again_and_paid_once(string platform, SimulatorOperation create)
    {
        Simulator.Faults.On(platform, create).Then(SimulatorFault.Saturated(503)).Then(SimulatorFault.RateLimited(TimeSpan.FromSeconds(3)));

        await SubmitAsync(Client(platform, Hurry), create);

        Assert.Equal((3, 1), (Simulator.Ledger.Count(create), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [MemberData(nameof(PaidOperations))]
    public async Task Refused_create_is_sent_once(string platform, SimulatorOperation create)
    {
        Simulator.Faults.On(platform, create)
            .Then(SimulatorFault.QuotaExhausted(429))
            .Then(SimulatorFault.NoChannel())
            .Then(SimulatorFault.EmptyId(500))
            .Then(SimulatorFault.EmptyId());
        var client = Client(platform, Hurry);

        foreach (var kind in new[] { Sora2ErrorKind.InsufficientQuota, Sora2ErrorKind.ModelUnavailable })
        {
            Assert.Equal((kind, (bool?)false), await RefusalAsync());
        }

        Assert.Equal(false, (await RefusalAsync()).Charged);
        Assert.Equal(false, (await RefusalAsync()).Charged);
        Assert.Equal((4, 0), (Simulator.Ledger.Count(create), Simulator.Ledger.BilledCreates));

        async Task<(Sora2ErrorKind Kind, bool? Charged)> RefusalAsync()
        {
            var error = await Assert.ThrowsAsync<Sora2ApiException>(() => SubmitAsync(client, create));
            return (error.Kind, error.MayHaveBeenCharged);
        }
    }

    [Theory]
    [MemberData(nameof(Wrappings))]
    public async Task Handlers_set_for_all_clients_cannot_pay_twice(string platform, string wrapping)
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(wrapping == "timing-out"
            ? SimulatorFault.Delay(Timeout.InfiniteTimeSpan).AfterAccept()
            : SimulatorFault.ServerError().AfterAccept(), times: 5);
        var clock = new VirtualClock();
        var billed = Simulator.Ledger.WaitForAsync(request => request.WasBilled, Token);
        await using var provider = Host(platform, wrapping, giveUp: wrapping == "timing-out" ? billed : null, clock);

        var create = provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token);
        await billed;
        clock.Advance(TimeSpan.FromMinutes(6)); // More than CreateTimeout: a request that the handler abandoned is awaited until then.
        await Assert.ThrowsAsync<SubmissionUnknownException>(() => create);

        Assert.Equal((1, 1), (Simulator.Ledger.Count(SimulatorOperation.CreateVideo), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [MemberData(nameof(Wrappings))]
    public async Task Handlers_set_for_all_clients_do_not_affect_a_good_create(string platform, string wrapping)
    {
        await using var provider = Host(platform, wrapping);

        // A hedging handler sends a second attempt at once, which is stopped; the first one counts.
        Assert.NotEmpty((await provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token)).Id);

        Assert.Equal((1, 1), (Simulator.Ledger.Count(SimulatorOperation.CreateVideo), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [MemberData(nameof(Wrappings))]
    public async Task Redirected_create_is_not_sent_to_the_new_address(string platform, string wrapping)
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.Redirect(307, AddressOf(platform)), times: 5);
        await using var provider = Host(platform, wrapping);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(false, error.MayHaveBeenCharged);
        Assert.Equal((1, 0), (Simulator.Ledger.Requests.Count, Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [AllPlatforms]
    public async Task Refusal_that_a_handler_discarded_is_still_a_refusal(string platform)
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.RateLimited(), times: 5);
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Retrying()));
        services.AddSora2(options =>
        {
            Fill(options, platform);
            options.CreateRetries = 0;
        });
        await using var provider = services.BuildServiceProvider();

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(
            (Sora2ErrorKind.RateLimited, (bool?)false, HttpStatusCode.TooManyRequests),
            (error.Kind, error.MayHaveBeenCharged, error.StatusCode!.Value));
        Assert.Single(Simulator.Ledger.Requests);
    }

    [Theory]
    [AllPlatforms]
    public async Task Replaced_primary_handler_is_guarded_as_well(string platform)
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.ServerError().AfterAccept(), times: 5);
        var services = new ServiceCollection();
        services.AddSora2(options => Fill(options, platform)).ConfigureHttp(http => http
            .AddHttpMessageHandler(() => new Cloning())
            .ConfigurePrimaryHttpMessageHandler(() => new Retrying { InnerHandler = new SocketsHttpHandler() })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler()));
        await using var provider = services.BuildServiceProvider();

        await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task Fallback_address_gets_the_create_and_its_polls(string platform)
    {
        var client = Client(platform, options =>
        {
            Hurry(options);
            options.FallbackBaseAddresses = [AddressOf(platform)];
            options.BaseAddress = new Uri("http://127.0.0.1:1");
        });

        var task = await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        Assert.True(task.IsCompleted);
        Assert.Equal((1, 1), (Simulator.Ledger.Count(SimulatorOperation.CreateVideo, platform), Simulator.Ledger.BilledCreates));
    }

    [Theory]
    [AllPlatforms]
    public async Task MaxRunningTasks_is_never_exceeded(string platform)
    {
        var client = Client(platform, options => options.MaxRunningTasks = 3);

        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => client.Videos.GenerateAsync(new VideoRequest($"Number {i}"), cancellationToken: Token)));

        var requests = Simulator.Ledger.Requests;
        var ends = requests.Select((request, at) => (request, at))
            .Where(entry => entry.request.Operation == SimulatorOperation.Query)
            .GroupBy(entry => entry.request.TaskId!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(entry => entry.at), StringComparer.Ordinal);
        var creates = requests.Select((request, at) => (request, at))
            .Where(entry => entry.request.Operation == SimulatorOperation.CreateVideo)
            .ToList();
        Assert.Equal(20, creates.Count);
        Assert.All(
            creates,
            create => Assert.InRange(creates.Count(other => other.at <= create.at && ends[other.request.TaskId!] > create.at), 1, 3));
    }

    private static Task SubmitAsync(Sora2Client client, SimulatorOperation create) => create switch
    {
        SimulatorOperation.CreateVideo => client.Videos.CreateAsync(
            new VideoRequest("a") { Images = [ImageInput.FromBytes(TinyImages.Png)] }, Token),
        SimulatorOperation.CreateStoryboard => client.Videos.CreateAsync(ThreeShots(ImageInput.FromBytes(TinyImages.Png)), Token),
        _ => client.Characters.CreateAsync(
            CharacterRequest.FromUrl(new Uri("https://videos.example.com/cat.mp4"), new TimeRange(1, 3)), Token),
    };

    private ServiceProvider Host(string platform, string wrapping, Task? giveUp = null, TimeProvider? clock = null)
    {
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => _ = wrapping switch
        {
            // As service templates add them, except for delays and timeouts that a test would wait for or a slow machine exceed.
            "standard" => (object)http.AddStandardResilienceHandler(options =>
            {
                options.Retry.Delay = TimeSpan.FromMilliseconds(1);
                (options.AttemptTimeout.Timeout, options.CircuitBreaker.SamplingDuration, options.TotalRequestTimeout.Timeout) =
                    (TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(3));
            }),
            "standard-hedging" => http.AddStandardHedgingHandler().Configure(options =>
            {
                options.Hedging.Delay = Timeout.InfiniteTimeSpan;
                (options.Endpoint.Timeout.Timeout, options.Endpoint.CircuitBreaker.SamplingDuration, options.TotalRequestTimeout.Timeout) =
                    (TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(3));
            }),
            "retrying" or "timing-out" => http.AddHttpMessageHandler(() => new Retrying { GiveUp = giveUp }),
            "hedging" => http.AddHttpMessageHandler(() => new Hedging()),
            _ => http.AddHttpMessageHandler(() => new Cloning()),
        });
        services.AddSora2(options =>
        {
            Fill(options, platform);
            options.TimeProvider = clock ?? options.TimeProvider;
        });
        return services.BuildServiceProvider();
    }

    private void Fill(Sora2ClientOptions options, string platform)
    {
        options.Platform = platform;
        options.ApiKey = Simulator.ApiKey;
        options.BaseAddress = AddressOf(platform);
    }
}
