using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.IntegrationTests.Support;

namespace Sora2.Sdk.IntegrationTests.Transport;

/// <summary>A paid request is sent once under every kind of host handler, and its response is not lost.</summary>
public sealed class SendGuardTests : ResilienceTest
{
    private const string Accepted = """{"id":"video_a","status":"queued"}""";

    public static TheoryData<string> Wrappers =>
    [
        "clone on failure", "three clones at once", "repeat in the primary handler", "standard", "standard hedging",
        "buffer, throw after the response", "own content, throw after the response",
    ];

    [Theory]
    [MemberData(nameof(Wrappers))]
    public async Task Successful_response_reaches_the_caller_and_the_create_is_sent_once(string wrapper)
    {
        var api = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));

        var task = await ClientOf(api, wrapper).Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal("video_a", task.Id);
        Assert.Single(api.Asked);
    }

    [Theory]
    [MemberData(nameof(Wrappers))]
    public async Task Failure_that_may_have_been_charged_is_unknown_and_the_create_is_sent_once(string wrapper)
    {
        var api = await HostAsync((_, http) => FailAsync(http, 500));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => ClientOf(api, wrapper).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Null(error.MayHaveBeenCharged);
        Assert.Single(api.Asked);
    }

    public static TheoryData<string, int, string, Sora2ErrorKind> Refusals
    {
        get
        {
            var refusals = new TheoryData<string, int, string, Sora2ErrorKind>();
            foreach (var wrapper in new[] { "standard", "standard hedging", "clone on failure" })
            {
                refusals.Add(
                    wrapper, 503, """{"error":{"message":"当前分组 default 下对于模型 sora-2-all 无可用渠道"}}""", Sora2ErrorKind.ModelUnavailable);
                refusals.Add(wrapper, 500, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""", Sora2ErrorKind.Saturated);
                refusals.Add(
                    wrapper, 429, """{"error":{"message":"用户额度不足","code":"insufficient_user_quota"}}""", Sora2ErrorKind.InsufficientQuota);
            }

            return refusals;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_keeps_its_body_and_kind(string wrapper, int status, string body, Sora2ErrorKind kind)
    {
        var api = await HostAsync(async (_, http) =>
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(body, Token);
        });

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => ClientOf(api, wrapper).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(false, error.MayHaveBeenCharged);
        Assert.Equal(body, error.RawBody);
        Assert.Single(api.Asked);
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("standard hedging")]
    public async Task Response_after_the_handlers_timeout_is_used(string wrapper)
    {
        var timedOut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = await HostAsync(async (_, http) =>
        {
            await timedOut.Task;
            await http.Response.WriteAsync(Accepted, Token);
        });

        // Long enough for a busy machine to send the request; otherwise it would rightly be refused.
        var client = ClientOf(api, wrapper, timeout: TimeSpan.FromSeconds(1), timedOut);
        var task = await client.Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal("video_a", task.Id);
        Assert.Single(api.Asked);
    }

    [Fact]
    public async Task Response_made_up_by_a_handler_does_not_replace_a_failure()
    {
        var api = await HostAsync((_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        var client = ClientOf(api, http => http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
        {
            try
            {
                return await send(request);
            }
            catch (HttpRequestException)
            {
                return new HttpResponseMessage { Content = new StringContent("""{"id":"an-old-one","status":"queued"}""") };
            }
        })));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Null(error.TaskId);
        Assert.Single(api.Asked);
    }

    [Fact]
    public async Task Handler_may_request_a_token_before_it_sends()
    {
        var tokens = await HostAsync((_, http) => http.Response.WriteAsync("token", Token));
        var api = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));
        var client = ClientOf(api, http => http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
        {
            using var asked = new HttpRequestMessage(HttpMethod.Post, tokens.Address) { Content = new StringContent("{}") };
            using var token = await send(asked);
            request.Headers.Add("X-Token", await token.Content.ReadAsStringAsync(Token));
            return await send(request);
        })));

        Assert.Equal("video_a", (await client.Videos.CreateAsync(new VideoRequest("a"), Token)).Id);

        Assert.Contains("X-Token: token", Assert.Single(api.Asked).Headers, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", Assert.Single(tokens.Asked).Headers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_redirected_by_a_handler_to_another_host_is_refused_without_the_key(bool isPaid)
    {
        var elsewhere = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));
        var api = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));
        var client = ClientOf(api, http => http.AddHttpMessageHandler(() => new Handler((request, send) =>
        {
            request.RequestUri = new Uri(elsewhere.Address, request.RequestUri!.PathAndQuery);
            return send(request);
        })));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => isPaid ? client.Videos.CreateAsync(new VideoRequest("a"), Token) : client.Videos.GetAsync("video_a", Token));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, error.Kind);
        Assert.False(error.IsTransient);
        Assert.Empty(api.Asked);
        Assert.All(elsewhere.Asked, asked => Assert.DoesNotContain("Authorization", asked.Headers, StringComparison.Ordinal));
        Assert.Equal(isPaid ? 0 : 1, elsewhere.Asked.Count);
    }

    [Fact]
    public async Task Handlers_and_structured_logs_do_not_see_the_key()
    {
        var api = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));
        var seen = new ConcurrentQueue<string>();
        using var everything = new Listening(null);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace)).AddSingleton<ILoggerFactory>(everything);
        services.AddSora2(options => Fill(options, api)).ConfigureHttp(http => http.AddDefaultLogger().AddHttpMessageHandler(
            () => new Handler(async (request, send) =>
            {
                seen.Enqueue(request.ToString());
                var response = await send(request);
                seen.Enqueue(request.ToString() + response.RequestMessage);
                return response;
            })));
        await using var provider = services.BuildServiceProvider();
        var client = (Sora2Client)provider.GetRequiredService<ISora2Client>();

        await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await client.Videos.GetAsync("video_a", Token);
        await client.Account.ListModelsAsync(Token);

        Assert.Equal(3, api.Asked.Count);
        Assert.All(
            api.Asked, asked => Assert.Contains($"Authorization: Bearer {Simulator.ApiKey}", asked.Headers, StringComparison.Ordinal));
        Assert.Equal(6, seen.Count);
        Assert.All(seen, text => Assert.DoesNotContain(Simulator.ApiKey, text, StringComparison.Ordinal));
        Assert.Contains(everything.Lines, line => line.Category.Contains("LogicalHandler", StringComparison.Ordinal));
        Assert.All(everything.Lines, line => Assert.DoesNotContain(Simulator.ApiKey, line.Text + line.Values, StringComparison.Ordinal));
    }

    [Fact]
    public async Task HttpClient_of_the_SDKs_name_cannot_send_paid_requests()
    {
        var api = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));
        var services = new ServiceCollection();
        services.AddSora2(options => Fill(options, api));
        await using var provider = services.BuildServiceProvider();
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("Sora2.Sdk:");

        await Assert.ThrowsAnyAsync<InvalidOperationException>(
            () => http.PostAsync(new Uri(api.Address, "/v1/video/create"), new StringContent("{}"), Token));

        Assert.Empty(api.Asked);
    }

    [Theory]
    [AllPlatforms]
    public async Task Each_create_has_its_own_connection_and_polls_share_connections(string platform)
    {
        using var server = new KeptConnections();
        var client = Client(platform, options => options.BaseAddress = server.Address);

        for (var round = 0; round < 200; round++)
        {
            await client.Videos.GetAsync("task-1", Token);
            await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        }

        Assert.Equal(200, server.Creates);
        Assert.Equal(0, server.CreatesOnUsedConnections);
        Assert.InRange(server.PollConnections, 1, 20);
    }

    [Theory]
    [InlineData(401, Sora2ErrorKind.Authentication)]
    [InlineData(413, Sora2ErrorKind.InvalidRequest)]
    public async Task Refusal_during_the_upload_is_read(int status, Sora2ErrorKind kind)
    {
        const string Headers = "Content-Type: application/json\r\nContent-Length: 33\r\nConnection: close";
        using var server = new EarlyServer(
            $"HTTP/1.1 {status} No\r\n{Headers}\r\n\r\n{{\"error\":{{\"message\":\"not so big\"}}}}", readBody: 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => LargeCreateAsync(server));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(false, error.MayHaveBeenCharged);
        Assert.Contains("not so big", error.RawBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_upload_is_unknown()
    {
        using var server = new EarlyServer("", readBody: 100_000);

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => LargeCreateAsync(server));
    }

    [Fact]
    public async Task Connect_timeout_proves_that_nothing_was_sent()
    {
        var tries = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(20),
            ConnectCallback = async (_, token) =>
            {
                tries++;
                await Task.Delay(Timeout.Infinite, token);
                throw new InvalidOperationException();
            },
        };
        var client = Client("juxin", options => (options.CreateRetries, options.RetryDelay) = (1, TimeSpan.FromMilliseconds(1)), handler);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(false, error.MayHaveBeenCharged);
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task Handler_that_sends_after_its_call_ended_is_refused()
    {
        var api = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));
        var late = new List<Task<HttpResponseMessage>>();
        var release = new TaskCompletionSource();
        var client = ClientOf(api, http => http.AddHttpMessageHandler(() => new Handler((request, send) =>
        {
            late.Add(LateAsync());
            throw new TimeoutException("timed out");

            async Task<HttpResponseMessage> LateAsync()
            {
                await release.Task;
                return await send(request);
            }
        })));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));
        release.SetResult();
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => late.Single());

        Assert.Equal(false, error.MayHaveBeenCharged);
        Assert.Empty(api.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_that_sends_in_the_execution_context_of_another_call_is_refused(bool afterCreate)
    {
        var api = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));
        ExecutionContext? first = null;
        var client = ClientOf(api, http => http.AddHttpMessageHandler(() => new Handler((request, send) =>
        {
            first ??= ExecutionContext.Capture();
            Task<HttpResponseMessage>? sent = null;
            ExecutionContext.Run(first!, _ => sent = send(request), null); // as a worker that was started by the first call does
            return sent!;
        })));
        await (afterCreate ? client.Videos.CreateAsync(new VideoRequest("a"), Token) : client.Videos.GetAsync("video_a", Token));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("b"), Token));

        Assert.Equal(false, error.MayHaveBeenCharged);
        Assert.Contains("execution context", error.Message, StringComparison.Ordinal);
        Assert.Single(api.Asked);
    }

    [Fact]
    public async Task Own_request_of_a_handler_to_the_API_gets_no_key_and_does_not_replace_the_create()
    {
        var api = await HostAsync((_, http) => http.Response.WriteAsync(Accepted, Token));
        var client = ClientOf(api, http => http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
        {
            using var own = new HttpRequestMessage(HttpMethod.Post, new Uri(api.Address, "/oauth/token"));
            own.Content = new StringContent("{}");
            await Assert.ThrowsAnyAsync<InvalidOperationException>(() => send(own));
            return await send(request);
        })));

        Assert.Equal("video_a", (await client.Videos.CreateAsync(new VideoRequest("a"), Token)).Id);

        Assert.Equal("/v1/video/create", Assert.Single(api.Asked).Path);
    }

    [Fact]
    public async Task Handler_may_send_to_another_host_after_the_response()
    {
        var audit = await HostAsync((_, http) => http.Response.WriteAsync("noted", Token));
        var api = await HostAsync((_, http) => http.Response.WriteAsync("""{"id":"video_a","status":"processing"}""", Token));
        var client = ClientOf(api, http => http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
        {
            var response = await send(request);
            using var note = new HttpRequestMessage(HttpMethod.Post, audit.Address) { Content = new StringContent("{}") };
            (await send(note)).Dispose();
            return response;
        })));

        Assert.Equal(VideoTaskStatus.InProgress, (await client.Videos.GetAsync("video_a", Token)).Status);
        Assert.Single(audit.Asked);
    }

    [Fact]
    public async Task Canceled_create_with_a_replaced_body_is_unknown()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = await HostAsync(async (_, http) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var client = ClientOf(api, http => http.AddHttpMessageHandler(() => new Handler((request, send) =>
        {
            request.Content = new StringContent("{}");
            return send(request);
        })));
        using var cancel = new CancellationTokenSource();

        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<SubmissionCanceledException>(() => create);
    }

    [Theory]
    [InlineData(200, Accepted, TaskRecordState.Running, "video_a")]
    [InlineData(503, """{"error":{"message":"无可用渠道"}}""", TaskRecordState.Refused, null)]
    [InlineData(500, """{"id":"video_a","status":"queued","error":{"message":"save task failed"}}""", TaskRecordState.Unknown, "video_a")]
    public async Task Canceled_create_in_flight_continues_and_its_outcome_is_saved(
        int status, string body, TaskRecordState state, string? taskId)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = await HostAsync(async (_, http) =>
        {
            using var request = new StreamReader(http.Request.Body);
            await request.ReadToEndAsync(Token);
            arrived.SetResult();
            await release.Task;
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(body, Token);
        });
        var store = new WatchedStore();
        var client = Client("juxin", options => (options.BaseAddress, options.TaskStore) = (api.Address, store));
        using var cancel = new CancellationTokenSource();

        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<SubmissionCanceledException>(() => create);
        Assert.Equal(TaskRecordState.Submitting, (await store.Inner.RecordsAsync(Token)).Single().State);
        await foreach (var open in client.Videos.ResumeAsync(cancellationToken: Token))
        {
            Assert.Fail($"{open} is being sent.");
        }

        release.SetResult();
        var record = await store.SavedAsync(state, taskId);

        Assert.Equal(taskId, record.TaskId);
        Assert.Single(api.Asked);
    }

    [Fact]
    public void Connection_of_creates_copies_every_setting()
    {
        string[] different = [nameof(SocketsHttpHandler.PooledConnectionLifetime), nameof(SocketsHttpHandler.MaxConnectionsPerServer)];
        var settable = typeof(SocketsHttpHandler)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod?.IsPublic == true && !different.Contains(property.Name));
        using var given = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = System.Diagnostics.DistributedContextPropagator.CreateNoOutputPropagator(),
#if NET9_0_OR_GREATER
            EnableMultipleHttp3Connections = true,
#endif
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.Brotli,
            ConnectCallback = (_, _) => default,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            CookieContainer = new CookieContainer(),
            Credentials = CredentialCache.DefaultCredentials,
            DefaultProxyCredentials = CredentialCache.DefaultCredentials,
            EnableMultipleHttp2Connections = true,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(4),
            InitialHttp2StreamWindowSize = 100_000,
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(6),
            MaxAutomaticRedirections = 7,
            MaxConnectionsPerServer = 8,
            MaxResponseDrainSize = 9,
            MaxResponseHeadersLength = 10,
            PlaintextStreamFilter = (context, _) => new(context.PlaintextStream),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(11),
            PooledConnectionLifetime = TimeSpan.FromSeconds(12),
            PreAuthenticate = true,
            Proxy = new WebProxy("http://h:1"),
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ResponseDrainTimeout = TimeSpan.FromSeconds(13),
            ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            SslOptions = new() { TargetHost = "h" },
            UseCookies = false,
            UseProxy = false,
        };
        using var standard = new SocketsHttpHandler();
        using var copy = Copy(given);

        foreach (var property in settable)
        {
            if (property.Name != nameof(SocketsHttpHandler.MeterFactory))
            {
                Assert.False(
                    Equals(property.GetValue(standard), property.GetValue(given)),
                    $"{property.Name} is new: give it a value other than the default.");
            }

            Assert.Equal(property.GetValue(given), property.GetValue(copy));
        }

        Assert.Equal(TimeSpan.Zero, copy.PooledConnectionLifetime);
    }

    private static SocketsHttpHandler Copy(SocketsHttpHandler handler)
    {
        var type = typeof(Sora2Client).Assembly.GetType("Sora2.Sdk.Transport.HttpHandlers", throwOnError: true)!;
        return (SocketsHttpHandler)type.GetMethod("WithoutPooling")!.Invoke(null, [handler])!;
    }

    private Task<VideoTask> LargeCreateAsync(EarlyServer server)
    {
        var client = Client("juxin", options => (options.BaseAddress, options.CreateRetries) = (server.Address, 0));
        var request = new VideoRequest("a") { Images = [ImageInput.FromBytes(Pictures.Png(4_000_000))] };
        return client.Videos.CreateAsync(request, Token);
    }

    private void Fill(Sora2ClientOptions options, ImageHost api) =>
        (options.ApiKey, options.BaseAddress, options.CreateRetries, options.QueryRetries) = (Simulator.ApiKey, api.Address, 0, 0);

    private ISora2Client ClientOf(
        ImageHost api, string wrapper, TimeSpan? timeout = null, TaskCompletionSource? timedOut = null) => ClientOf(api, http =>
    {
        if (timedOut is not null)
        {
            http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
            {
                try
                {
                    return await send(request);
                }
                catch (Exception)
                {
                    timedOut.TrySetResult();
                    throw;
                }
            }));
        }

        switch (wrapper)
        {
            case "clone on failure":
                http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
                {
                    for (var attempt = 0; ; attempt++)
                    {
                        var response = await send(await CloneAsync(request));
                        if (response.IsSuccessStatusCode || attempt == 2)
                        {
                            return response;
                        }
                    }
                }));
                break;
            case "three clones at once":
                http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
                {
                    var clones = new[] { await CloneAsync(request), await CloneAsync(request), await CloneAsync(request) };
                    return (await Task.WhenAll(clones.Select(send)))[2];
                }));
                break;
            case "repeat in the primary handler":
                http.ConfigurePrimaryHttpMessageHandler(() => new Handler(RepeatAsync) { InnerHandler = new SocketsHttpHandler() });
                break;
            case "standard":
                http.AddStandardResilienceHandler(options =>
                {
                    options.Retry.Delay = TimeSpan.FromMilliseconds(1);
                    options.AttemptTimeout.Timeout = timeout ?? TimeSpan.FromHours(1);
                    options.TotalRequestTimeout.Timeout = options.AttemptTimeout.Timeout * 3;
                    options.CircuitBreaker.SamplingDuration = options.AttemptTimeout.Timeout * 2 + TimeSpan.FromSeconds(1);
                });
                break;
            case "standard hedging":
                http.AddStandardHedgingHandler().Configure(options =>
                {
                    options.Hedging.Delay = TimeSpan.FromMilliseconds(1); // each try joins the first
                    options.Endpoint.Timeout.Timeout = timeout ?? TimeSpan.FromHours(1);
                    options.TotalRequestTimeout.Timeout = options.Endpoint.Timeout.Timeout * 3;
                    options.Endpoint.CircuitBreaker.SamplingDuration = options.Endpoint.Timeout.Timeout * 2 + TimeSpan.FromSeconds(1);
                });
                break;
            case "buffer, throw after the response":
                http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
                {
                    await request.Content!.LoadIntoBufferAsync();
                    using var response = await send(request);
                    throw new IOException("boom");
                }));
                break;
            default:
                http.AddHttpMessageHandler(() => new Handler(async (request, send) =>
                {
                    request.Content = new StringContent("{}");
                    using var response = await send(request);
                    throw new IOException("boom");
                }));
                break;
        }
    });

    private ISora2Client ClientOf(ImageHost api, Action<IHttpClientBuilder> http)
    {
        var services = new ServiceCollection();
        services.AddSora2(options => Fill(options, api)).ConfigureHttp(http);
        var provider = services.BuildServiceProvider();
        Own(provider);
        return provider.GetRequiredService<ISora2Client>();
    }

    private static async Task<HttpResponseMessage> RepeatAsync(
        HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> send)
    {
        await request.Content!.LoadIntoBufferAsync();
        var response = await send(request);
        return response.IsSuccessStatusCode ? response : await send(request);
    }

    /// <summary>A usual hand-written clone: method, address, headers and content, without options.</summary>
    private static async Task<HttpRequestMessage> CloneAsync(HttpRequestMessage request)
    {
        var content = await request.Content!.ReadAsByteArrayAsync(Token);
        var clone = new HttpRequestMessage(request.Method, request.RequestUri) { Content = new ByteArrayContent(content) };
        foreach (var header in request.Headers)
        {
            clone.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return clone;
    }

    /// <summary>A store that lets a test await a saved state.</summary>
    private sealed class WatchedStore : WrappedStore
    {
        private readonly Channel<TaskRecord> _saved = Channel.CreateUnbounded<TaskRecord>();

        public async Task<TaskRecord> SavedAsync(TaskRecordState state, string? taskId)
        {
            await foreach (var record in _saved.Reader.ReadAllAsync(Token))
            {
                if (record.State == state && record.TaskId == taskId)
                {
                    return record;
                }
            }

            throw new InvalidOperationException();
        }

        protected override async Task SaveAsync(TaskRecord record, Func<Task> save)
        {
            await save();
            _saved.Writer.TryWrite(record);
        }
    }

    private sealed class Handler(
        Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> handle) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            handle(request, message => base.SendAsync(message, cancellationToken));
    }

    /// <summary>Keeps every connection open, and counts the requests on new and used ones.</summary>
    private sealed class KeptConnections : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _creates;
        private int _createsOnUsed;
        private int _pollConnections;

        public KeptConnections()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public Uri Address => new($"http://{_listener.LocalEndpoint}/");

        public int Creates => _creates;

        public int CreatesOnUsedConnections => _createsOnUsed;

        public int PollConnections => _pollConnections;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await _listener.AcceptSocketAsync());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(Socket connection)
        {
            using var _ = connection;
            var buffer = new byte[64 * 1024];
            var isUsed = false;
            var text = "";
            while (await connection.ReceiveAsync(buffer) is > 0 and var read)
            {
                text += Encoding.Latin1.GetString(buffer, 0, read);
                var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end < 0 || text.Length < end + 4 + LengthOf(text))
                {
                    continue;
                }

                if (text.StartsWith("POST", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _creates);
                    Interlocked.Add(ref _createsOnUsed, isUsed ? 1 : 0);
                }
                else if (!isUsed)
                {
                    Interlocked.Increment(ref _pollConnections);
                }

                (isUsed, text) = (true, "");
                const string Body = """{"id":"task-1","task_id":"task-1","status":"processing"}""";
                var response = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";
                await connection.SendAsync(Encoding.ASCII.GetBytes(response));
            }
        }

        private static int LengthOf(string head)
        {
            var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
            return at < 0 ? 0 : int.Parse(head[(at + 16)..head.IndexOf('\r', at)], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Responds after the head and a part of the body, and closes the connection.</summary>
    private sealed class EarlyServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public EarlyServer(string response, int readBody)
        {
            _listener.Start();
            _ = ServeAsync(response, readBody);
        }

        public Uri Address => new($"http://{_listener.LocalEndpoint}/");

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(string response, int readBody)
        {
            try
            {
                while (true)
                {
                    using var connection = await _listener.AcceptSocketAsync();
                    var buffer = new byte[4096];
                    var head = "";
                    while (
                        !head.Contains("\r\n\r\n", StringComparison.Ordinal) && await connection.ReceiveAsync(buffer) is > 0 and var read)
                    {
                        head += Encoding.Latin1.GetString(buffer, 0, read);
                    }

                    if (readBody > 0)
                    {
                        await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                        for (var body = 0; body < readBody && await connection.ReceiveAsync(buffer) is > 0 and var read;)
                        {
                            body += read;
                        }
                    }

                    await connection.SendAsync(Encoding.ASCII.GetBytes(response));
                    if (readBody > 0)
                    {
                        connection.LingerState = new LingerOption(true, 0); // a reset
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
