using System.Net;
using System.Text;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Transport;

/// <summary>Retries, timeouts and cancellation of API requests, without sockets.</summary>
public sealed class ApiClientTests
{
    private readonly VirtualClock _clock = new();

    public static TheoryData<string, string> PaidRequests
    {
        get
        {
            var requests = new TheoryData<string, string>();
            foreach (var platform in Sora2Platform.BuiltIn)
            {
                foreach (var kind in new[] { "video", "storyboard", "character" })
                {
                    requests.Add(platform.Name, kind);
                }
            }

            return requests;
        }
    }

    [Theory]
    [MemberData(nameof(PaidRequests))]
    public async Task Paid_request_whose_connection_breaks_is_sent_once_and_its_outcome_is_unknown(string platform, string kind)
    {
        var api = new StubHandler((_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded, "gone"));
        using var client = Client(platform, api);

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => _clock.RunAsync(SubmitAsync(client, kind)));

        Assert.Single(api.Sent);
        Assert.Equal(Sora2ErrorKind.SubmissionUnknown, error.Kind);
        Assert.Null(error.MayHaveBeenCharged);
        Assert.Equal(platform, error.PlatformName);
        Assert.Equal(_clock.Start, error.SentAt);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [MemberData(nameof(PaidRequests))]
    public async Task Paid_request_without_a_response_in_time_is_unknown(string platform, string kind)
    {
        using var client = Client(platform, new SilentHandler());

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => _clock.RunAsync(SubmitAsync(client, kind)));

        Assert.Equal(TimeSpan.FromMinutes(5), _clock.Elapsed);
        Assert.Contains("300 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PaidRequests))]
    public async Task Paid_request_that_was_not_sent_is_retried_and_ends_as_a_network_error(string platform, string kind)
    {
        var api = new StubHandler((_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        using var client = Client(platform, api);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(SubmitAsync(client, kind)));

        Assert.Equal(4, api.Sent.Count);
        Assert.Equal(4, error.Attempts);
        Assert.Equal(Sora2ErrorKind.Network, error.Kind);
        Assert.False(error.MayHaveBeenCharged);
        Assert.True(error.IsTransient);
        Assert.Contains("Network, Network, Network", error.Message, StringComparison.Ordinal); // the attempts before
    }

    [Theory]
    [MemberData(nameof(PaidRequests))]
    public async Task Refused_paid_request_is_retried_with_a_fresh_body(string platform, string kind)
    {
        var api = new StubHandler((n, _) => n switch
        {
            0 => throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"),
            1 => StubHandler.Json(
                """{"code":"rate_limited","message":"当前分组上游负载已饱和，请稍后再试","data":null}""", HttpStatusCode.ServiceUnavailable),
            2 => StubHandler.Json(Responses.TooManyRequests, HttpStatusCode.TooManyRequests),
            _ => StubHandler.Json("""{"id":"task-1","username":"a.cat"}"""),
        });
        using var client = Client(platform, api);

        await _clock.RunAsync(SubmitAsync(client, kind));

        Assert.Equal(4, api.Sent.Count);
        Assert.Empty(api.Sent[0].Body); // no connection, nothing sent
        Assert.NotEmpty(api.Sent[3].Body);
        Assert.All(api.Sent.Skip(1), sent => Assert.Equal(api.Sent[3].Body.Length, sent.Body.Length));

        // At least 10 s after the second attempt, which was Saturated.
        Assert.InRange(_clock.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [MemberData(nameof(PaidRequests))]
    public async Task Retries_of_paid_requests_can_be_disabled(string platform, string kind)
    {
        var api = new StubHandler((_, _) => StubHandler.Json("""{"message":"当前分组上游负载已饱和，请稍后再试"}""", HttpStatusCode.TooManyRequests));
        using var client = Client(platform, api, options => options.CreateRetries = 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(SubmitAsync(client, kind)));

        Assert.Single(api.Sent);
        Assert.Equal(1, error.Attempts);
        Assert.Equal(Sora2ErrorKind.Saturated, error.Kind);
    }

    [Fact]
    public async Task Retry_of_a_paid_request_waits_for_the_retry_after()
    {
        using var client = Client("juxin", new StubHandler((n, _) =>
        {
            var response = StubHandler.Json(
                n == 0 ? "{}" : """{"id":"task-1"}""", n == 0 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
            response.Headers.Add("Retry-After", "42");
            return response;
        }));

        await _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal(TimeSpan.FromSeconds(42), _clock.Elapsed);
    }

    [Fact]
    public async Task Long_retry_after_is_reported_not_waited()
    {
        using var client = Client("juxin", new StubHandler((_, _) =>
        {
            var response = StubHandler.Json("{}", HttpStatusCode.TooManyRequests);
            response.Headers.Add(
                "Retry-After",
                (_clock.GetUtcNow() + TimeSpan.FromHours(1)).ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            return response;
        }));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a"))));

        Assert.Equal(TimeSpan.FromHours(1), error.RetryAfter!.Value);
        Assert.Equal(1, error.Attempts);
        Assert.Equal(TimeSpan.Zero, _clock.Elapsed);
    }

    [Fact]
    public async Task Unknown_outcome_has_the_details_to_look_it_up()
    {
        using var client = Client("zhenzhen", new StubHandler((_, _) =>
        {
            var response = StubHandler.Json("<html>504</html>", HttpStatusCode.GatewayTimeout);
            response.Headers.Add("X-Oneapi-Request-Id", "20261120");
            return response;
        }));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("小猫")));

        Assert.Equal("zhenzhen", error.PlatformName);
        Assert.Equal("20261120", error.RequestId);
        Assert.Equal("POST /v2/videos/generations", error.RequestLine);
        Assert.Equal(HttpStatusCode.GatewayTimeout, error.StatusCode!.Value);
        Assert.Equal(_clock.Start, error.SentAt);
        Assert.Equal(
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("小猫"u8)).ToLowerInvariant()[..16], error.PromptDigest);
        Assert.Contains(error.PromptDigest!, error.Message, StringComparison.Ordinal);
        Assert.Contains("20261120", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("小猫", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapter_that_throws_on_a_response_does_not_lose_a_paid_task()
    {
        using var client = TestClients.Create(new ThrowingPlatform(), new StubHandler("""{"id":"task-1"}"""));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Contains("task-1", error.RawBody, StringComparison.Ordinal);
        Assert.IsType<KeyNotFoundException>(error.InnerException!.InnerException);
    }

    [Fact]
    public async Task Exception_of_a_host_handler_leaves_the_outcome_of_a_paid_request_unknown()
    {
        using var client = Client("juxin", new StubHandler((_, _) => throw new NotSupportedException("not supported here")));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Contains("not supported here", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(400)]
    [InlineData(408)]
    public async Task Paid_request_is_not_retried_on_other_status_codes(int status)
    {
        var api = new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"boom"}}""", (HttpStatusCode)status));
        using var client = Client("juxin", api);

        await Assert.ThrowsAnyAsync<Sora2Exception>(() => _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a"))));

        Assert.Single(api.Sent);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"id":"task-""")]
    public async Task Accepting_response_without_an_id_is_unknown_not_lost(string body)
    {
        using var client = Client("juxin", new StubHandler(body));

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));
    }

    [Fact]
    public async Task Handler_that_repeats_a_paid_request_sends_it_once()
    {
        var api = new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.InternalServerError));
        using var client = Client("juxin", new RepeatingHandler { InnerHandler = api });

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Single(api.Sent);
    }

    [Theory]
    [AllPlatforms]
    public async Task Poll_is_retried_until_it_succeeds(string platform)
    {
        var api = new StubHandler(
            (n, _) => n < 5 ? StubHandler.Json("", HttpStatusCode.BadGateway) : StubHandler.Json("""{"status":"queued"}"""));
        using var client = Client(platform, api);

        Assert.Equal("queued", (await _clock.RunAsync(client.Videos.GetAsync("task-1"))).RawStatus);
        Assert.Equal(6, api.Sent.Count);
    }

    [Fact]
    public async Task Poll_fails_after_its_retries_with_the_last_error()
    {
        var api = new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway));
        using var client = Client("juxin", api, options => options.QueryRetries = 2);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GetAsync("task-1")));

        Assert.Equal(3, api.Sent.Count);
        Assert.Equal(3, error.Attempts);
        Assert.Equal(Sora2ErrorKind.ServerError, error.Kind);
        Assert.Equal("task-1", error.TaskId);
        Assert.Equal(HttpStatusCode.BadGateway, error.StatusCode!.Value);
        Assert.Contains("ServerError 502, ServerError 502", error.Message, StringComparison.Ordinal); // the attempts before
        Assert.Equal("GET /v1/video/query", error.RequestLine);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"无效的令牌"}}""")]
    [InlineData(403, """{"error":{"code":"insufficient_user_quota","message":"x"}}""")]
    [InlineData(503, """{"error":{"message":"无可用渠道"}}""")]
    [InlineData(400, """{"code":"task_not_exist","message":"task_not_exist","data":null}""")]
    public async Task Poll_is_not_retried_on_a_permanent_error(int status, string body)
    {
        var api = new StubHandler((_, _) => StubHandler.Json(body, (HttpStatusCode)status));
        using var client = Client("zhenzhen", api);

        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GetAsync("task-1")));

        Assert.Single(api.Sent);
    }

    [Fact]
    public async Task Poll_without_a_response_times_out()
    {
        using var client = Client("juxin", new SilentHandler(), options => options.QueryRetries = 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GetAsync("task-1")));

        Assert.Equal(Sora2ErrorKind.Timeout, error.Kind);
        Assert.True(error.IsTransient);
        Assert.Equal(TimeSpan.FromSeconds(30), _clock.Elapsed);
    }

    [Fact]
    public async Task Cancellation_by_the_caller_has_the_callers_token()
    {
        using var cancel = new CancellationTokenSource();
        var clock = new VirtualClock();
        using var client = Client("juxin", new SilentHandler(), options => options.TimeProvider = clock);
        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal(cancel.Token, error.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(5)); // ends the request, so that the client can be disposed
    }

    [Fact]
    public async Task Timeout_of_a_host_handler_is_not_reported_as_the_SDKs()
    {
        using var client = Client(
            "juxin", new StubHandler((_, _) => throw new TaskCanceledException("Gave up after 50 ms.", new TimeoutException())));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.DoesNotContain("300 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("Gave up after 50 ms.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_second_attempt_does_not_make_the_first_one_unsent()
    {
        var attempts = 0;
        var inner = new StubHandler((_, _) => throw (++attempts == 1
            ? new HttpRequestException(HttpRequestError.ResponseEnded, "dropped")
            : new HttpRequestException(HttpRequestError.ConnectionError, "refused")));
        using var client = Client("juxin", new RetryingOnException { InnerHandler = inner });

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a"))));

        Assert.Null(error.MayHaveBeenCharged);
    }

    [Fact]
    public async Task Disposed_scope_in_a_handler_leaves_a_paid_request_unknown()
    {
        using var client = Client("juxin", new StubHandler((_, _) => throw new ObjectDisposedException("scope")));

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));
    }

    [Fact]
    public async Task Id_received_before_the_connection_broke_is_kept()
    {
        var api = new StubHandler((_, _) => Streamed(new BreakingStream("""{"task_id":"task-1","sta"""u8.ToArray())));
        using var client = Client("zhenzhen", api);

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal("task-1", error.TaskId);
        Assert.Contains("task-1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task Character_of_an_unknown_task_names_the_task(string platform)
    {
        using var client = Client(
            platform,
            new StubHandler((_, _) => StubHandler.Json(
                """{"code":"task_not_exist","message":"task_not_exist","data":null}""", HttpStatusCode.BadRequest)));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => client.Characters.CreateAsync(CharacterRequest.FromTask("task-9", new TimeRange(1, 3))));

        Assert.Equal("task-9", error.TaskId);
        Assert.Equal(Sora2ErrorKind.TaskNotFound, error.Kind);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Contains("task-9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_followed_by_a_handler_is_an_error()
    {
        using var client = Client("juxin", new RedirectingHandler { InnerHandler = new StubHandler("""{"id":"of-another-host"}""") });

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, error.Kind);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Contains("https://elsewhere.example.com/v1/video/create", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, 4)]
    [InlineData(HttpRequestError.ConnectionError, 4)]
    [InlineData(HttpRequestError.SecureConnectionError, 4)]
    [InlineData(HttpRequestError.ProxyTunnelError, 4)]
    [InlineData(HttpRequestError.ResponseEnded, 1)]
    [InlineData(HttpRequestError.HttpProtocolError, 1)]
    [InlineData(HttpRequestError.Unknown, 1)]
    public async Task Request_that_provably_was_not_sent_is_retried_even_if_a_handler_read_its_body(HttpRequestError failure, int tries)
    {
        // The guard is behind the handler and knows that the request was not sent, although the handler buffered the body.
        var api = new StubHandler((_, _) => throw new HttpRequestException(failure, "broken"));
        using var client = Client("juxin", new Buffering { InnerHandler = api });

        var error = await Assert.ThrowsAnyAsync<Sora2Exception>(() => _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a"))));

        Assert.Equal(tries, api.Sent.Count);
        Assert.Equal(tries, error.Attempts);
        Assert.Equal(tries == 4 ? false : null, error.MayHaveBeenCharged);
        Assert.Equal(tries == 4, error.Kind == Sora2ErrorKind.Network);
    }

    [Theory]
    [InlineData(300, Sora2ErrorKind.WrongEndpoint, false)]
    [InlineData(400, Sora2ErrorKind.InvalidRequest, false)]
    [InlineData(429, Sora2ErrorKind.RateLimited, false)]
    [InlineData(498, Sora2ErrorKind.InvalidRequest, false)]
    [InlineData(408, Sora2ErrorKind.SubmissionUnknown, null)]
    [InlineData(499, Sora2ErrorKind.SubmissionUnknown, null)]
    [InlineData(500, Sora2ErrorKind.SubmissionUnknown, null)]
    public async Task Response_discarded_by_a_repeating_handler_still_counts(int status, Sora2ErrorKind kind, bool? mayHaveBeenCharged)
    {
        var api = new StubHandler((_, _) => StubHandler.Json("{}", (HttpStatusCode)status));
        using var client = Client("juxin", new RepeatingHandler { InnerHandler = api }, options => options.CreateRetries = 0);

        var error = await Assert.ThrowsAnyAsync<Sora2Exception>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Single(api.Sent);
        Assert.Equal(kind, error.Kind);
        Assert.Equal(mayHaveBeenCharged, error.MayHaveBeenCharged);
        Assert.Equal((HttpStatusCode)status, error.StatusCode!.Value);
    }

    [Fact]
    public async Task Polls_may_be_repeated_by_a_handler()
    {
        var api = new StubHandler(
            (n, _) => n == 0 ? StubHandler.Json("", HttpStatusCode.BadGateway) : StubHandler.Json("""{"status":"queued"}"""));
        using var client = Client("juxin", new RepeatingHandler { InnerHandler = api });

        Assert.Equal("queued", (await client.Videos.GetAsync("t")).RawStatus);
        Assert.Equal(2, api.Sent.Count);
    }

    [Fact]
    public async Task Poll_is_retried_when_the_platform_is_busy()
    {
        var api = new StubHandler((_, _) => StubHandler.Json("{}", HttpStatusCode.TooManyRequests));
        using var client = Client("juxin", api);

        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GetAsync("t")));

        Assert.Equal(6, api.Sent.Count);
    }

    [Fact]
    public async Task Retry_delays_follow_the_jitter_seed_and_are_short_if_nothing_was_sent()
    {
        var delays = new List<TimeSpan>();
        foreach (var seed in new[] { 1, 1, 2 })
        {
            var start = _clock.Elapsed;
            var api = new StubHandler((n, _) => n == 0
                ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
                : StubHandler.Json("""{"id":"t"}"""));
            using var client = Client("juxin", api, options => options.JitterSeed = seed);
            await _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a")));
            delays.Add(_clock.Elapsed - start);
        }

        Assert.Equal(delays[0], delays[1]);
        Assert.NotEqual(delays[0], delays[2]);
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task Retry_delays_grow_and_follow_the_option()
    {
        using var usual = Client(
            "juxin", new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway)), options => options.JitterSeed = 1);
        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(usual.Videos.GetAsync("t")));
        Assert.InRange(_clock.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(75));

        var start = _clock.Elapsed;
        using var slow = Client(
            "juxin",
            new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway)),
            options => (options.JitterSeed, options.RetryDelay) = (1, TimeSpan.FromMinutes(2)));
        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(slow.Videos.GetAsync("t")));
        Assert.True(_clock.Elapsed - start > TimeSpan.FromMinutes(5), "five delays of up to two minutes");
    }

    [Fact]
    public async Task Truncated_poll_response_is_about_the_polled_task()
    {
        var api = new StubHandler((_, _) => Streamed(new BreakingStream("""{"id":"another","sta"""u8.ToArray())));
        using var client = Client("juxin", api, options => options.QueryRetries = 0);

        Assert.Equal("polled", (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("polled"))).TaskId);
    }

    [Theory]
    [InlineData(true, Sora2ErrorKind.Timeout)]
    [InlineData(false, Sora2ErrorKind.Network)]
    public async Task Request_canceled_by_a_handler_is_a_timeout_or_a_network_error(bool byTimeout, Sora2ErrorKind kind)
    {
        using var client = Client(
            "juxin",
            new StubHandler((_, _) => throw new TaskCanceledException("canceled by a handler", byTimeout ? new TimeoutException() : null)),
            options => options.QueryRetries = 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("t"));

        Assert.Equal(kind, error.Kind);
        Assert.Contains("canceled by a handler", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_outcome_without_ids_names_none()
    {
        using var client = Client("juxin", new StubHandler("{}"));
        using var characters = Client("juxin", new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway)));

        var video = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));
        var character = await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => characters.Characters.CreateAsync(CharacterRequest.FromTask("source", new TimeRange(1, 3))));

        Assert.Null(video.TaskId);
        Assert.Equal("source", character.TaskId);
        Assert.All(new[] { video, character }, error =>
        {
            Assert.Null(error.RequestId);
            Assert.DoesNotContain("request id", error.Message, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("GetAsync", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Response_with_a_byte_order_mark_is_read()
    {
        using var client = Client(
            "juxin",
            new StubHandler((_, _) => StubHandler.Bytes([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("""{"status":"queued"}""")])));

        Assert.Equal("queued", (await client.Videos.GetAsync("task-1", TestContext.Current.CancellationToken)).RawStatus);
    }

    [Fact]
    public async Task Endless_response_is_refused()
    {
        var api = new StubHandler((_, _) => Streamed(new EndlessStream()));
        using var client = Client("juxin", api, options => options.QueryRetries = 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("task-1"));

        Assert.Equal(Sora2ErrorKind.UnreadableResponse, error.Kind);
    }

    [Fact]
    public async Task Request_id_comes_from_the_header_if_the_body_has_none()
    {
        using var client = Client("juxin", new StubHandler((_, _) =>
        {
            var response = StubHandler.Json("""{"message":"bad"}""", HttpStatusCode.BadRequest);
            response.Headers.Add("X-Oneapi-Request-Id", "20261120");
            return response;
        }));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal("20261120", error.RequestId);
    }

    private static async Task<object> SubmitAsync(ISora2Client client, string kind) => kind switch
    {
        "video" => await client.Videos.CreateAsync(new VideoRequest("a")),
        "storyboard" => await client.Videos.CreateAsync(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10)).Build()),
        _ => await client.Characters.CreateAsync(CharacterRequest.FromTask("t", new TimeRange(1, 3))),
    };

    private static HttpResponseMessage Streamed(Stream body) => new(HttpStatusCode.OK) { Content = new StreamContent(body) };

    private Sora2Client Client(string platform, HttpMessageHandler api, Action<Sora2ClientOptions>? configure = null) => TestClients.Create(
        Sora2Platform.BuiltIn.Single(known => known.Name == platform),
        api,
        options =>
        {
            options.TimeProvider = _clock;
            configure?.Invoke(options);
        });

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is not null)
            {
                await request.Content.CopyToAsync(Stream.Null, cancellationToken);
            }

            var never = new TaskCompletionSource<HttpResponseMessage>();
            await using var _ = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            return await never.Task;
        }
    }

    private sealed class RetryingOnException : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException)
            {
                return await base.SendAsync(request, cancellationToken);
            }
        }
    }

    private sealed class RedirectingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // As the framework's own handler does after a 302.
            (request.Method, request.RequestUri, request.Content) =
                (HttpMethod.Get, new Uri("https://elsewhere.example.com" + request.RequestUri!.PathAndQuery), null);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class BreakingStream(byte[] start) : MemoryStream(start)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("The connection was reset.");
        }
    }

    private sealed class Buffering : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.ReadAsByteArrayAsync(cancellationToken); // buffered in the content from here on
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class ThrowingPlatform() : LikeJuxin("throwing")
    {
        public override VideoTask DecodeTask(ApiResponse response) => throw new KeyNotFoundException("no such field");
    }

    private sealed class RepeatingHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode ? response : await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => count;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }
}
