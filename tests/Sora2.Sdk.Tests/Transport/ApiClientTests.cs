using System.Net;
using System.Text;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Transport;

/// <summary>What is repeated and what is not, time-outs and cancellation, without sockets.</summary>
public sealed class ApiClientTests
{
    private readonly VirtualClock _clock = new();

    public static TheoryData<string, string> PaidCalls
    {
        get
        {
            var calls = new TheoryData<string, string>();
            foreach (var platform in Sora2Platform.BuiltIn)
            {
                foreach (var call in new[] { "video", "storyboard", "character" })
                {
                    calls.Add(platform.Name, call);
                }
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(PaidCalls))]
    public async Task A_paid_call_whose_connection_breaks_is_sent_once_and_its_outcome_unknown(string platform, string call)
    {
        var api = new StubHandler((_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded, "gone"));
        using var client = Client(platform, api);

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => _clock.RunAsync(PayAsync(client, call)));

        Assert.Single(api.Sent);
        Assert.Equal((Sora2ErrorKind.SubmissionUnknown, (bool?)null, platform, _clock.Start, false), (error.Kind, error.MayHaveBeenCharged, error.Platform, error.SentAt, error.IsTransient));
    }

    [Theory]
    [MemberData(nameof(PaidCalls))]
    public async Task A_paid_call_that_is_not_answered_in_time_is_unknown(string platform, string call)
    {
        using var client = Client(platform, new SilentHandler());

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => _clock.RunAsync(PayAsync(client, call)));

        Assert.Equal(TimeSpan.FromMinutes(5), _clock.Elapsed);
        Assert.Contains("within 300 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PaidCalls))]
    public async Task A_paid_call_that_never_left_is_tried_again_and_then_a_plain_network_error(string platform, string call)
    {
        var api = new StubHandler((_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        using var client = Client(platform, api);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(PayAsync(client, call)));

        Assert.Equal((4, 4), (api.Sent.Count, error.Attempts));
        Assert.Equal((Sora2ErrorKind.Network, (bool?)false, true), (error.Kind, error.MayHaveBeenCharged, error.IsTransient));
        Assert.Contains("Nothing was sent", error.Message, StringComparison.Ordinal);
        Assert.Contains("This was attempt 4; the ones before: Network, Network, Network.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PaidCalls))]
    public async Task A_paid_call_that_was_surely_not_taken_is_sent_again_with_a_fresh_body(string platform, string call)
    {
        var api = new StubHandler((n, _) => n switch
        {
            0 => throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"),
            1 => StubHandler.Json("""{"code":"rate_limited","message":"当前分组上游负载已饱和，请稍后再试","data":null}""", HttpStatusCode.ServiceUnavailable),
            2 => StubHandler.Json("""{"error":{"message":"Too many requests"}}""", HttpStatusCode.TooManyRequests),
            _ => StubHandler.Json("""{"id":"task-1","username":"a.cat"}"""),
        });
        using var client = Client(platform, api);

        await _clock.RunAsync(PayAsync(client, call));

        Assert.Equal(4, api.Sent.Count);
        Assert.Empty(api.Sent[0].Body); // no connection, nothing sent
        Assert.All(api.Sent.Skip(1), sent => Assert.Equal((api.Sent[3].Body.Length, true), (sent.Body.Length, sent.Body.Length > 0)));
        Assert.InRange(_clock.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)); // ten seconds alone after the second, saturated attempt
    }

    [Theory]
    [MemberData(nameof(PaidCalls))]
    public async Task Sending_again_can_be_switched_off(string platform, string call)
    {
        var api = new StubHandler((_, _) => StubHandler.Json("""{"message":"当前分组上游负载已饱和，请稍后再试"}""", HttpStatusCode.TooManyRequests));
        using var client = Client(platform, api, options => options.CreateRetries = 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(PayAsync(client, call)));

        Assert.Equal((1, 1, Sora2ErrorKind.Saturated), (api.Sent.Count, error.Attempts, error.Kind));
    }

    [Fact]
    public async Task The_pause_that_the_platform_asks_for_is_kept_before_a_paid_call_is_sent_again()
    {
        using var client = Client("juxin", new StubHandler((n, _) =>
        {
            var answer = StubHandler.Json(n == 0 ? "{}" : """{"id":"task-1"}""", n == 0 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
            answer.Headers.Add("Retry-After", "42");
            return answer;
        }));

        await _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal(TimeSpan.FromSeconds(42), _clock.Elapsed);
    }

    [Fact]
    public async Task A_pause_that_nobody_waits_for_is_told_instead()
    {
        using var client = Client("juxin", new StubHandler((_, _) =>
        {
            var answer = StubHandler.Json("{}", HttpStatusCode.TooManyRequests);
            answer.Headers.Add("Retry-After", (_clock.GetUtcNow() + TimeSpan.FromHours(1)).ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            return answer;
        }));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a"))));

        Assert.Equal((TimeSpan.FromHours(1), 1, TimeSpan.Zero), (error.RetryAfter!.Value, error.Attempts, _clock.Elapsed));
    }

    [Fact]
    public async Task An_unknown_outcome_carries_what_is_needed_to_look_it_up()
    {
        using var client = Client("zhenzhen", new StubHandler((_, _) =>
        {
            var answer = StubHandler.Json("<html>504</html>", HttpStatusCode.GatewayTimeout);
            answer.Headers.Add("X-Oneapi-Request-Id", "20261120");
            return answer;
        }));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("小猫")));

        Assert.Equal(("zhenzhen", "20261120", "POST /v2/videos/generations", HttpStatusCode.GatewayTimeout, _clock.Start), (error.Platform, error.RequestId, error.Request, error.StatusCode!.Value, error.SentAt));
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("小猫"u8)).ToLowerInvariant()[..16], error.PromptDigest);
        Assert.Contains(error.PromptDigest!, error.Message, StringComparison.Ordinal);
        Assert.Contains("request id 20261120", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("小猫", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_that_trips_over_an_answer_does_not_lose_a_paid_task()
    {
        using var client = TestClients.Create(new TrippingPlatform(), new StubHandler("""{"id":"task-1"}"""));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Contains("task-1", error.RawBody, StringComparison.Ordinal);
        Assert.IsType<KeyNotFoundException>(error.InnerException!.InnerException);
    }

    [Fact]
    public async Task Whatever_a_handler_of_the_hosts_own_throws_the_outcome_of_a_paid_call_is_unknown()
    {
        using var client = Client("juxin", new StubHandler((_, _) => throw new NotSupportedException("a circuit is open")));

        Assert.Contains("a circuit is open", (await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(400)]
    [InlineData(408)]
    public async Task A_paid_call_is_not_repeated_on_any_other_answer(int status)
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
    public async Task An_accepting_answer_without_an_id_is_unknown_not_lost(string body)
    {
        using var client = Client("juxin", new StubHandler(body));

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));
    }

    [Fact]
    public async Task A_handler_that_repeats_a_paid_call_finds_nothing_to_send()
    {
        var api = new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.InternalServerError));
        using var client = Client("juxin", new RepeatingHandler { InnerHandler = api });

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Single(api.Sent);
    }

    [Theory]
    [AllPlatforms]
    public async Task A_question_is_repeated_until_it_is_answered(string platform)
    {
        var api = new StubHandler((n, _) => n < 5 ? StubHandler.Json("", HttpStatusCode.BadGateway) : StubHandler.Json("""{"status":"queued"}"""));
        using var client = Client(platform, api);

        Assert.Equal("queued", (await _clock.RunAsync(client.Videos.GetAsync("task-1"))).RawStatus);
        Assert.Equal(6, api.Sent.Count);
    }

    [Fact]
    public async Task A_question_is_given_up_after_its_retries_with_the_last_error()
    {
        var api = new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway));
        using var client = Client("juxin", api, options => options.QueryRetries = 2);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GetAsync("task-1")));

        Assert.Equal((3, 3, Sora2ErrorKind.ServerError, "task-1", HttpStatusCode.BadGateway), (api.Sent.Count, error.Attempts, error.Kind, error.TaskId, error.StatusCode!.Value));
        Assert.Contains("This was attempt 3; the ones before: ServerError 502, ServerError 502.", error.Message, StringComparison.Ordinal);
        Assert.Equal("GET /v1/video/query", error.Request);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"无效的令牌"}}""")]
    [InlineData(403, """{"error":{"code":"insufficient_user_quota","message":"x"}}""")]
    [InlineData(503, """{"error":{"message":"无可用渠道"}}""")]
    [InlineData(400, """{"code":"task_not_exist","message":"task_not_exist","data":null}""")]
    public async Task A_question_that_will_not_be_answered_better_is_not_repeated(int status, string body)
    {
        var api = new StubHandler((_, _) => StubHandler.Json(body, (HttpStatusCode)status));
        using var client = Client("zhenzhen", api);

        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GetAsync("task-1")));

        Assert.Single(api.Sent);
    }

    [Fact]
    public async Task A_question_that_is_not_answered_times_out_each_time()
    {
        using var client = Client("juxin", new SilentHandler(), options => options.QueryRetries = 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GetAsync("task-1")));

        Assert.Equal((Sora2ErrorKind.Timeout, true, TimeSpan.FromSeconds(30)), (error.Kind, error.IsTransient, _clock.Elapsed));
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_that_and_nothing_else()
    {
        using var cancel = new CancellationTokenSource();
        var clock = new VirtualClock();
        using var client = Client("juxin", new SilentHandler(), options => options.TimeProvider = clock);
        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal(cancel.Token, error.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(5)); // ends the send, and lets the client be disposed
    }

    [Fact]
    public async Task The_timeout_of_a_hosts_handler_is_not_reported_as_the_SDKs()
    {
        using var client = Client("juxin", new StubHandler((_, _) => throw new TaskCanceledException("Gave up after 50 ms.", new TimeoutException())));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.DoesNotContain("300 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("Gave up after 50 ms.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_try_that_is_refused_does_not_make_the_first_one_unsent()
    {
        var tries = 0;
        var inner = new StubHandler((_, _) => throw (++tries == 1 ? new HttpRequestException(HttpRequestError.ResponseEnded, "dropped") : new HttpRequestException(HttpRequestError.ConnectionError, "refused")));
        using var client = Client("juxin", new RetryingOnException { InnerHandler = inner });

        Assert.Null((await Assert.ThrowsAsync<SubmissionUnknownException>(() => _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a"))))).MayHaveBeenCharged);
    }

    [Fact]
    public async Task A_disposed_scope_in_a_handler_leaves_a_paid_call_unknown()
    {
        using var client = Client("juxin", new StubHandler((_, _) => throw new ObjectDisposedException("scope")));

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));
    }

    [Fact]
    public async Task An_id_that_came_before_the_connection_broke_is_kept()
    {
        using var client = Client("zhenzhen", new StubHandler((_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BreakingStream("""{"task_id":"task-1","sta"""u8.ToArray())) }));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal("task-1", error.TaskId);
        Assert.Contains("names task task-1: ask for it with GetAsync", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task A_character_of_an_unknown_task_names_the_task(string platform)
    {
        using var client = Client(platform, new StubHandler((_, _) => StubHandler.Json("""{"code":"task_not_exist","message":"task_not_exist","data":null}""", HttpStatusCode.BadRequest)));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Characters.CreateAsync(CharacterRequest.FromTask("task-9", new TimeRange(1, 3))));

        Assert.Equal(("task-9", Sora2ErrorKind.TaskNotFound, (bool?)false), (error.TaskId, error.Kind, error.MayHaveBeenCharged));
        Assert.Contains("does not know task task-9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_that_a_handed_in_client_followed_is_no_answer()
    {
        using var client = Client("juxin", new Following { InnerHandler = new StubHandler("""{"id":"of-another-host"}""") });

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal((Sora2ErrorKind.WrongEndpoint, (bool?)false), (error.Kind, error.MayHaveBeenCharged));
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
    public async Task What_proves_that_nothing_was_sent_is_tried_again_whatever_had_read_the_body(HttpRequestError failure, int tries)
    {
        // Behind the guard, which knows what came of the one that passed, although a handler before it kept the body in memory.
        var api = new StubHandler((_, _) => throw new HttpRequestException(failure, "broken"));
        using var client = Client("juxin", new Keeping { InnerHandler = api });

        var error = await Assert.ThrowsAnyAsync<Sora2Exception>(() => _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a"))));

        Assert.Equal((tries, tries, tries == 4 ? false : null), (api.Sent.Count, error.Attempts, error.MayHaveBeenCharged));
        Assert.Equal(tries == 4, error.Message.Contains("Nothing was sent.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(300, Sora2ErrorKind.WrongEndpoint, false)]
    [InlineData(400, Sora2ErrorKind.InvalidRequest, false)]
    [InlineData(429, Sora2ErrorKind.RateLimited, false)]
    [InlineData(498, Sora2ErrorKind.InvalidRequest, false)]
    [InlineData(408, Sora2ErrorKind.SubmissionUnknown, null)]
    [InlineData(499, Sora2ErrorKind.SubmissionUnknown, null)]
    [InlineData(500, Sora2ErrorKind.SubmissionUnknown, null)]
    public async Task The_answer_that_a_repeating_handler_threw_away_still_counts(int status, Sora2ErrorKind kind, bool? mayHaveBeenCharged)
    {
        var api = new StubHandler((_, _) => StubHandler.Json("{}", (HttpStatusCode)status));
        using var client = Client("juxin", new RepeatingHandler { InnerHandler = api }, options => options.CreateRetries = 0);

        var error = await Assert.ThrowsAnyAsync<Sora2Exception>(() => client.Videos.CreateAsync(new VideoRequest("a")));

        Assert.Equal((1, kind, mayHaveBeenCharged, (HttpStatusCode)status), (api.Sent.Count, error.Kind, error.MayHaveBeenCharged, error.StatusCode!.Value));
    }

    [Fact]
    public async Task Questions_pass_the_guard_as_often_as_they_like()
    {
        var api = new StubHandler((n, _) => n == 0 ? StubHandler.Json("", HttpStatusCode.BadGateway) : StubHandler.Json("""{"status":"queued"}"""));
        using var client = Client("juxin", new RepeatingHandler { InnerHandler = api });

        Assert.Equal("queued", (await client.Videos.GetAsync("t")).RawStatus);
        Assert.Equal(2, api.Sent.Count);
    }

    [Fact]
    public async Task A_question_asked_once_is_repeated_when_the_platform_is_busy()
    {
        var api = new StubHandler((_, _) => StubHandler.Json("{}", HttpStatusCode.TooManyRequests));
        using var client = Client("juxin", api);

        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GetAsync("t")));

        Assert.Equal(6, api.Sent.Count);
    }

    [Fact]
    public async Task Pauses_stray_by_the_seed_and_are_short_where_nothing_was_sent()
    {
        var pauses = new List<TimeSpan>();
        foreach (var seed in new[] { 1, 1, 2 })
        {
            var start = _clock.Elapsed;
            using var client = Client("juxin", new StubHandler((n, _) => n == 0 ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused") : StubHandler.Json("""{"id":"t"}""")), options => options.JitterSeed = seed);
            await _clock.RunAsync(client.Videos.CreateAsync(new VideoRequest("a")));
            pauses.Add(_clock.Elapsed - start);
        }

        Assert.Equal(pauses[0], pauses[1]);
        Assert.NotEqual(pauses[0], pauses[2]);
        Assert.All(pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task Pauses_grow_and_are_as_long_as_asked_for()
    {
        using var usual = Client("juxin", new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway)), options => options.JitterSeed = 1);
        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(usual.Videos.GetAsync("t")));
        Assert.InRange(_clock.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(75));

        var start = _clock.Elapsed;
        using var slow = Client("juxin", new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway)), options => (options.JitterSeed, options.RetryDelay) = (1, TimeSpan.FromMinutes(2)));
        await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(slow.Videos.GetAsync("t")));
        Assert.True(_clock.Elapsed - start > TimeSpan.FromMinutes(5), "five pauses of up to two minutes");
    }

    [Fact]
    public async Task Half_an_answer_to_a_question_is_about_the_task_that_was_asked_for()
    {
        using var client = Client("juxin", new StubHandler((_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new BreakingStream("""{"id":"another","sta"""u8.ToArray())) }), options => options.QueryRetries = 0);

        Assert.Equal("asked", (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("asked"))).TaskId);
    }

    [Theory]
    [InlineData(true, Sora2ErrorKind.Timeout)]
    [InlineData(false, Sora2ErrorKind.Network)]
    public async Task A_call_that_something_else_gave_up_is_told_as_what_it_was(bool byTimeout, Sora2ErrorKind kind)
    {
        using var client = Client("juxin", new StubHandler((_, _) => throw new TaskCanceledException("given up", byTimeout ? new TimeoutException() : null)), options => options.QueryRetries = 0);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("t"));

        Assert.Equal(kind, error.Kind);
        Assert.Contains("given up by the HttpClient: given up.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_outcome_without_ids_names_none()
    {
        using var client = Client("juxin", new StubHandler("{}"));
        using var characters = Client("juxin", new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway)));

        var video = await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a")));
        var character = await Assert.ThrowsAsync<SubmissionUnknownException>(() => characters.Characters.CreateAsync(CharacterRequest.FromTask("source", new TimeRange(1, 3))));

        Assert.DoesNotContain("request id", video.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("names task", video.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("names task", character.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_begins_with_a_byte_order_mark_is_read()
    {
        using var client = Client("juxin", new StubHandler((_, _) => StubHandler.Bytes([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("""{"status":"queued"}""")])));

        Assert.Equal("queued", (await client.Videos.GetAsync("task-1", TestContext.Current.CancellationToken)).RawStatus);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        using var client = Client("juxin", new StubHandler((_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new EndlessStream()) }), options => options.QueryRetries = 0);

        Assert.Equal(Sora2ErrorKind.UnreadableResponse, (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("task-1"))).Kind);
    }

    [Fact]
    public async Task The_request_id_comes_from_the_header_if_the_text_has_none()
    {
        using var client = Client("juxin", new StubHandler((_, _) =>
        {
            var answer = StubHandler.Json("""{"message":"bad"}""", HttpStatusCode.BadRequest);
            answer.Headers.Add("X-Oneapi-Request-Id", "20261120");
            return answer;
        }));

        Assert.Equal("20261120", (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a")))).RequestId);
    }

    private static async Task<object> PayAsync(ISora2Client client, string call) => call switch
    {
        "video" => await client.Videos.CreateAsync(new VideoRequest("a")),
        "storyboard" => await client.Storyboards.CreateAsync(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10)).Build()),
        _ => await client.Characters.CreateAsync(CharacterRequest.FromTask("t", new TimeRange(1, 3))),
    };

    private Sora2Client Client(string platform, HttpMessageHandler api, Action<Sora2ClientOptions>? configure = null) => TestClients.Create(Sora2Platform.BuiltIn.Single(known => known.Name == platform), api, options =>
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

    private sealed class Following : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // As the framework's own handler does for a 302.
            (request.Method, request.RequestUri, request.Content) = (HttpMethod.Get, new Uri("https://elsewhere.example.com" + request.RequestUri!.PathAndQuery), null);
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

    private sealed class Keeping : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.ReadAsByteArrayAsync(cancellationToken); // kept in the content from here on
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class TrippingPlatform() : LikeJuxin("tripping")
    {
        public override VideoTask DecodeTask(ApiResponse response) => throw new KeyNotFoundException("no such field");
    }

    private sealed class RepeatingHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? answer : await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => count;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }
}
