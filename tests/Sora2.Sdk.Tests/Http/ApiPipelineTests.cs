using System.Net;
using System.Text;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Http;

/// <summary>What is repeated and what is not, time-outs and cancellation, without sockets.</summary>
public sealed class ApiPipelineTests
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
    public async Task A_paid_call_that_never_left_is_a_plain_network_error(string platform, string call)
    {
        var api = new StubHandler((_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        using var client = Client(platform, api);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(PayAsync(client, call)));

        Assert.Single(api.Sent);
        Assert.Equal((Sora2ErrorKind.Network, (bool?)false, true), (error.Kind, error.MayHaveBeenCharged, error.IsTransient));
        Assert.Contains("Nothing was sent", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_paid_call_is_not_repeated_whatever_the_answer(int status)
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

        Assert.Equal((3, Sora2ErrorKind.ServerError, "task-1", HttpStatusCode.BadGateway), (api.Sent.Count, error.Kind, error.TaskId, error.StatusCode!.Value));
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
        using var client = Client("juxin", new SilentHandler());
        var create = client.Videos.CreateAsync(new VideoRequest("a"), cancel.Token);

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => create);
        Assert.Equal(cancel.Token, error.CancellationToken);
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

        Assert.Equal(Sora2ErrorKind.UnreadableAnswer, (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("task-1"))).Kind);
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
