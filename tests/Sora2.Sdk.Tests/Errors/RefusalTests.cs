using System.Net;
using System.Text;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Errors;

/// <summary>Responses of relays to a create that they refuse or that fails, through a client of either platform.</summary>
public sealed class RefusalTests
{
    private const bool NotCharged = false;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, int, string> Refusals
    {
        get
        {
            var rows = new TheoryData<string, string, int, string>();
            foreach (var (kind, status, body) in RefusedCreates())
            {
                foreach (var platform in Sora2Platform.BuiltIn)
                {
                    rows.Add(platform.Name, kind.ToString(), status, body);
                }
            }

            return rows;
        }
    }

    /// <summary>Status, body, and the fragment that has to be in the message.</summary>
    public static TheoryData<int, string, string> Words => new()
    {
        { 400, """{"errors":[{"message":"duration must be 10 or 15"}]}""", "duration must be 10 or 15" },
        { 400, """{"errors":{"duration":["must be 10 or 15"]}}""", "duration: must be 10 or 15" },
        { 400, """{"type":"about:blank","title":"Prompt too long","status":400}""", "Prompt too long" },
        {
            400,
            """{"type":"about:blank","title":"Bad prompt","status":400,"detail":"at most 800 characters"}""",
            "Bad prompt: at most 800 characters"
        },
        {
            400,
            """{"title":"One or more errors","errors":{"prompt":["too long"],"size":["unknown"]}}""",
            "One or more errors: prompt: too long; size: unknown"
        },
        { 400, """{"error_code":1234,"error_msg":"prompt length exceeds 800"}""", "prompt length exceeds 800" },
        { 400, """{"code":400,"data":"prompt too long"}""", "prompt too long" },
        { 400, """{"detail":[{"loc":["body","prompt"],"msg":"field required"}]}""", "field required" },
        { 400, """{"Code":"InvalidParameter","Message":"The size is not match"}""", "The size is not match" },
        { 400, """{"message":["prompt too long","size unknown"],"error":"Bad Request"}""", "prompt too long; size unknown" },
        { 400, """{"base_resp":{"status_code":2013,"status_msg":"invalid params"}}""", "invalid params" },
        { 400, """{"success":false,"errorMessage":"size unknown"}""", "size unknown" },
        { 400, """{"code":"size_unknown","message":""}""", "size_unknown" },
        { 400, """{"message":"half an emoji \ud83d and more"}""", "half an emoji" },
        { 500, """{"error":{"message":"upstream broke in the mid""", "upstream broke in the mid" },
        { 400, "data: {\"error\":{\"message\":\"prompt too long\"}}\n\ndata: [DONE]\n\n", "prompt too long" },
        {
            400,
            "<br />\n<b>Warning</b>:  Undefined key in <b>/srv/api.php</b><br />\n{\"error\":{\"message\":\"prompt too long\"}}",
            "prompt too long"
        },
        {
            403,
            "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Not from this country</Message></Error>",
            "AccessDenied Not from this country"
        },
        { 503, "<html><head><title>Just a moment...</title></head></html>", "Just a moment" },
        { 403, "error code: 1020", "a gateway blocked" },
        { 429, "error code: 1015", "error code: 1015" },
        { 503, "upstream connect error or disconnect/reset before headers", "upstream connect error or disconnect/reset before headers" },
        { 200, "no healthy upstream", "no healthy upstream" },
    };

    public static TheoryData<int, string> BeforeTheUpstream => new()
    {
        { 500, """{"code":"get_channel_failed","message":"分组 default 下模型 sora-2-all 的可用渠道不存在（retry）","data":null}""" },
        { 500, """{"error":{"message":"获取分组 default 下模型 sora-2-all 的可用渠道失败（retry）: x","type":"new_api_error","code":""}}""" },
        { 500, """{"error":{"message":"分组 vip 下模型 sora-2 的可用渠道不存在（retry）"}}""" },
        { 503, """{"error":{"message":"No available channel for model sora-2 under group default (distributor)"}}""" },
        { 500, """{"error":{"message":"no keys left","type":"new_api_error","code":"channel:no_available_key"}}""" },
        { 500, """{"error":{"message":"bad header","type":"new_api_error","code":"channel:header_override_invalid"}}""" },
        { 500, """{"code":"gen_relay_info_failed","message":"x","data":null}""" },
        { 500, """{"code":"build_request_failed","message":"x","data":null}""" },
        { 500, """{"error":{"message":"x","code":"convert_request_failed"}}""" },
        { 500, """{"error":{"message":"x","code":"count_token_failed"}}""" },
        { 503, """{"error":{"message":"System CPU overloaded","code":"system_cpu_overloaded"}}""" },
        { 503, """{"error":{"message":"x","code":"system_memory_overloaded"}}""" },
        {
            401,
            """{"code":"fail_to_fetch_task","message":"{\"error\":{\"message\":\"Incorrect API key provided: x\",\"code\":"""
            + """\"invalid_api_key\"}}","data":null}"""
        },
        {
            403,
            """{"code":"fail_to_fetch_task","message":"{\"error\":{\"message\":\"用户额度不足, 剩余额度: 0\",\"code\":"""
            + """\"insufficient_user_quota\"}}","data":null}"""
        },
        {
            429,
            """{"code":"fail_to_fetch_task","message":"{\"error\":{\"message\":\"You exceeded your current quota\",\"code\":"""
            + """\"insufficient_quota\"}}","data":null}"""
        },
        { 400, """{"code":"fail_to_fetch_task","message":"{\"code\":402,\"message\":\"Insufficient credits\"}","data":null}""" },
        { 500, """{"code":"fail_to_fetch_task","message":"401: Unauthorized, a user is required","data":null}""" },
        { 401, """{"code":"fail_to_fetch_task","message":"x","data":null}""" },
        { 402, """{"code":"fail_to_fetch_task","message":"","data":null}""" },
        { 404, """{"code":"fail_to_fetch_task","message":"no such route","data":null}""" },
        { 307, """{"code":"fail_to_fetch_task","message":"moved","data":null}""" },
    };

    public static TheoryData<int, string> Unknown => new()
    {
        { 500, """{"code":"do_request_failed","message":"Post \"https://up.example.com\": EOF","data":null}""" },
        { 500, """{"code":"do_request_failed","message":"insufficient balance of time","data":null}""" },
        { 500, """{"code":"read_response_body_failed","message":"unexpected EOF","data":null}""" },
        { 500, """{"code":"unmarshal_response_body_failed","message":"invalid character","data":null}""" },
        { 500, """{"code":"invalid_response","message":"task_id is empty","data":null}""" },
        { 500, """{"code":"fail_to_fetch_task","message":"upstream broke","data":null}""" },
        { 502, "<html><title>502 Bad Gateway</title></html>" },
        { 504, "<html><title>504 Gateway Time-out</title></html>" },
        { 504, """{"status":"error","message":"upstream timeout, the task may still be running"}""" },
        { 524, "error code: 524" },
        { 500, """{"error":{"message":"We're under heavy load, please try again later"}}""" },
        { 503, """{"error":{"message":"系统繁忙，请稍后再试"}}""" },
        { 500, """{"error":{"message":"The upstream timed out. It said before: insufficient balance"}}""" },
        { 200, """{"code":500,"msg":"internal","data":null}""" },
        { 200, """{"code":-1,"msg":"failed","data":null}""" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refused_create_has_its_kind_and_is_not_charged(string platform, string kind, int status, string body)
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(platform, status, body));

        Assert.Equal((kind, (bool?)NotCharged), (error.Kind.ToString(), error.MayHaveBeenCharged));
    }

    [Theory]
    [InlineData("We're under heavy load, please try again later")]
    [InlineData("系统繁忙，请稍后再试")]
    [InlineData("服务器负载过高")]
    [InlineData("The model is overloaded")]
    [InlineData("The service is experiencing high demand")]
    public async Task Load_with_500_or_503_is_saturated_and_proves_nothing(string words)
    {
        foreach (var status in (int[])[500, 503])
        {
            var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => CreateAsync("juxin", status, Json(words)));

            Assert.Equal(Sora2ErrorKind.Saturated, ((Sora2Exception)error.InnerException!).Kind);
            Assert.DoesNotContain("not accepted", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Platforms_text_is_in_the_message(int status, string body, string words)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var error = await Assert.ThrowsAnyAsync<Sora2Exception>(() => CreateAsync(platform.Name, status, body));

            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gbk")]
    [InlineData("GB2312")]
    [InlineData("\"gb18030\"")]
    public async Task Text_in_the_charset_of_the_header_is_read(string charset)
    {
        var body = GbkOf("""{"error":{"message":"用户积分不足，请充值"}}""");

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(
            "juxin", 400, body, $"application/json; charset={charset}"));

        Assert.Equal((Sora2ErrorKind.InsufficientQuota, (bool?)NotCharged), (error.Kind, error.MayHaveBeenCharged));
        Assert.StartsWith("用户积分不足，请充值", error.Message, StringComparison.Ordinal);
        Assert.Contains("用户积分不足", error.RawBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_in_an_unknown_charset_is_shown_as_far_as_possible()
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(
            "juxin", 400, GbkOf("""{"error":{"message":"错误: size 7"}}"""), "application/json; charset=klingon"));

        Assert.Contains("\uFFFD", error.Message, StringComparison.Ordinal);
        Assert.Contains(": size 7", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BeforeTheUpstream))]
    public async Task Error_before_the_upstream_tries_the_next_client(int status, string body)
    {
        var (first, second) = (Responding(status, body), new StubHandler(TestClients.Accepted(Sora2Platform.Zhenzhen)));
        using var one = Client("juxin", first);
        using var two = Client("zhenzhen", second);

        var task = await new Sora2Router([one, two]).Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal(("zhenzhen", 1, 1), (task.PlatformName, first.Sent.Count, second.Sent.Count));
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Possibly_accepted_create_never_tries_the_next_client(int status, string body)
    {
        var (first, second) = (Responding(status, body), new StubHandler(TestClients.Accepted(Sora2Platform.Zhenzhen)));
        using var one = Client("juxin", first, retries: 3);
        using var two = Client("zhenzhen", second);

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() =>
            new Sora2Router([one, two]).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((null, 1, 0), (error.MayHaveBeenCharged, first.Sent.Count, second.Sent.Count));
    }

    [Theory]
    [InlineData(200, """{"code":402,"msg":"Credits insufficient. Top up to continue.","data":null}""")]
    [InlineData(402, "")]
    [InlineData(400, """{"error":{"message":"用户积分不足，请充值"}}""")]
    [InlineData(400, """{"code":400,"message":"Insufficient credits. Please top up."}""")]
    public async Task Empty_account_stops_a_batch_after_one_create(int status, string body)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var api = Responding(status, body);
            using var client = Client(platform.Name, api);
            var items = new List<BatchItem>();
            await foreach (var item in client.Videos.GenerateBatchAsync(
                Enumerable.Range(0, 6).Select(_ => new VideoRequest("a")), new BatchOptions { MaxConcurrency = 1 }, Token))
            {
                items.Add(item);
            }

            Assert.Single(api.Sent);
            Assert.Equal(5, items.Count(item => item.State == BatchItemState.NotStarted));
        }
    }

    [Fact]
    public async Task Broken_channel_does_not_stop_a_batch()
    {
        var api = new StubHandler((call, request) => call == 0
            ? Response(
                401,
                """{"code":"fail_to_fetch_task","message":"{\"error\":{\"code\":\"invalid_api_key\","""
                    + """\"message\":\"Incorrect API key provided\"}}","data":null}""")
            : StubHandler.Json(request.Method == HttpMethod.Post
                ? $$"""{"id":"task-{{call}}"}"""
                : """{"status":"SUCCESS","video_url":"https://x/v.mp4"}"""));
        using var client = TestClients.Create(
            Sora2Platform.Juxin, api, options => (options.CreateRetries, options.TimeProvider) = (0, new FastClock(200)));
        var items = new List<BatchItem>();
        await foreach (var item in client.Videos.GenerateBatchAsync(
            [new VideoRequest("a"), new VideoRequest("b"), new VideoRequest("c")],
            new BatchOptions { MaxConcurrency = 1, BusyTimeout = TimeSpan.Zero },
            Token))
        {
            items.Add(item);
        }

        Assert.Equal(
            [BatchItemState.Failed, BatchItemState.Succeeded, BatchItemState.Succeeded],
            items.OrderBy(item => item.Index).Select(item => item.State));
        var error = (Sora2Exception)items.Single(item => item.Index == 0).Error!;
        Assert.Equal((Sora2ErrorKind.Saturated, true), (error.Kind, error.IsTransient));
        Assert.DoesNotContain("Check the API key", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Top up", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "The plain HTTP request was sent to HTTPS port", "WrongEndpoint", "https://")]
    [InlineData(401, "401 Authorization Required", "Authentication", "API key")]
    [InlineData(403, "Attention Required! | Cloudflare", "PermissionDenied", "was blocked")]
    [InlineData(403, "ERROR: The requested URL could not be retrieved", "PermissionDenied", "was blocked")]
    [InlineData(407, "407 Proxy Authentication Required", "Authentication", "A proxy")]
    [InlineData(413, "413 Request Entity Too Large", "InvalidRequest", "too large")]
    [InlineData(414, "414 Request-URI Too Large", "InvalidRequest", "too long")]
    [InlineData(431, "431 Request Header Fields Too Large", "InvalidRequest", "too large")]
    public async Task Page_of_a_gateway_is_classified_by_its_status(int status, string title, string kind, string words)
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(
            "juxin", status, $"<html><head><title>{title}</title></head></html>"));

        Assert.Equal((kind, (bool?)NotCharged), (error.Kind.ToString(), error.MayHaveBeenCharged));
        Assert.Contains(title, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.True(kind == "WrongEndpoint" || !error.Message.Contains("BaseAddress", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(413, "<html><head><title>413 Request Entity Too Large</title></head></html>")]
    [InlineData(413, """{"error":{"message":"body too big"}}""")]
    [InlineData(413, "")]
    public async Task Too_large_request_reports_its_size_and_that_of_its_images(int status, string body)
    {
        var api = Responding(status, body);
        using var client = Client("juxin", api);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(
            new VideoRequest("a") { Images = [ImageInput.FromBytes(TinyImages.Png)] }, Token));

        Assert.Equal(Sora2ErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(
            $"{api.Sent[0].Body.Length} bytes, with 1 image of {TinyImages.Png.Length} bytes", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("BaseAddress", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_HTTP_at_a_port_for_HTTPS_is_reported_from_plain_text()
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(
            "zhenzhen", 400, "Client sent an HTTP request to an HTTPS server.\n"));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, error.Kind);
        Assert.Contains("has to begin with https://", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_304_is_not_a_redirect()
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync("juxin", 304, ""));

        Assert.DoesNotContain("redirected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_channel_for_characters_is_not_a_missing_model()
    {
        using var client = Client("juxin", Responding(404, """{"error":{"message":"channel not found"}}"""));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Characters.CreateAsync(
            CharacterRequest.FromTask("t", new TimeRange(1, 3)), Token));

        Assert.Contains("makes characters", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("model", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(400, """{"code":"fail_to_fetch_task","message":"{\"error\":{\"message\":\"rate limit exceeded\",\"code\":429}}"}""")]
    [InlineData(401, """{"code":"fail_to_fetch_task","message":"{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"x\"}}"}""")]
    [InlineData(200, """{"code":429,"msg":"Too many requests","data":null}""")]
    [InlineData(200, """{"code":"fail_to_fetch_task","message":"x","data":null}""")]
    [InlineData(
        200,
        """{"code":"fetch_task_failed","message":"Get \"https://up.example.com/v1/videos/x\": context deadline exceeded","data":null}""")]
    [InlineData(200, """{"error":{"message":"upstream timeout","type":"new_api_error","code":""}}""")]
    public async Task Query_that_fails_between_relay_and_upstream_is_transient(int status, string body)
    {
        using var client = Client("juxin", Responding(status, body));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("task-1", Token));

        Assert.True(error.IsTransient, error.Message);
    }

    [Theory]
    [InlineData("OutputAudioSensitiveContentDetected: the output audio may contain sensitive information", "OutputModeration")]
    [InlineData("OutputVideoSensitiveContentDetected", "OutputModeration")]
    [InlineData("The generated video may contain inappropriate content", "OutputModeration")]
    [InlineData("blocked by safety filters", "InputModeration")]
    [InlineData("图片中包含真人", "InputModeration")]
    [InlineData("触发风控", "InputModeration")]
    [InlineData("The prompt goes against the usage guidelines. You were not charged.", "InputModeration")]
    [InlineData("账户余额不足", "InsufficientQuota")]
    [InlineData("the model name is case-sensitive", "TaskFailed")]
    public void Failed_tasks_reason_separates_input_from_output(string reason, string kind) =>
        Assert.Equal(kind, TaskFailureClassifier.Classify(reason).ToString());

    [Theory]
    [InlineData(
        """{"status":"failed","error":{"message":"Video generation failed","code":"moderation_blocked"}}""", "Video generation failed")]
    [InlineData("""{"status":"failed","error":{"message":"","code":"moderation_blocked"}}""", "moderation_blocked")]
    public async Task Failed_tasks_code_is_read(string body, string words)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            using var client = Client(platform.Name, Responding(200, body));

            var error = await Assert.ThrowsAsync<VideoTaskFailedException>(() =>
                client.Videos.WaitAsync("task-1", cancellationToken: Token));

            Assert.Equal((Sora2ErrorKind.InputModeration, false, null), (error.Kind, error.IsTransient, error.MayHaveBeenCharged));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Timed_out_wait_reports_the_text_of_a_response_without_a_status()
    {
        var clock = new VirtualClock();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            Responding(
                200,
                """{"error":{"message":"This content may violate our content policies.","code":"moderation_blocked"},"id":"task-1"}"""),
            options => options.TimeProvider = clock);

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(() =>
            clock.RunAsync(client.Videos.WaitAsync("task-1", cancellationToken: Token)));

        Assert.Contains("This content may violate our content policies.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_number_zero_under_an_error_code_is_neither_refusal_nor_task()
    {
        var error = ErrorClassifier.Classify(new ApiResponse
        {
            Platform = "juxin",
            Kind = CallKind.CreateVideo,
            Body = """{"id":0,"code":500,"message":"insert failed"}"""u8.ToArray(),
            Address = new Uri("https://h/path"),
        });

        Assert.Equal((Sora2ErrorKind.ServerError, null, null), (error.Kind, error.MayHaveBeenCharged, error.TaskId));
    }

    [Fact]
    public void Response_that_names_a_task_is_never_not_charged()
    {
        var response = new ApiResponse
        {
            Platform = "juxin",
            Kind = CallKind.CreateVideo,
            StatusCode = HttpStatusCode.TooManyRequests,
            Body = """{"error":{"message":"余额不足","code":"insufficient_user_quota"},"task_id":"task-7"}"""u8.ToArray(),
            Address = new Uri("https://h/path"),
        };

        var error = ErrorClassifier.Classify(response, namedTask: "task-7");

        Assert.Equal((null, "task-7"), (error.MayHaveBeenCharged, error.TaskId));
        Assert.DoesNotContain("nothing was charged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Position_without_a_shot_reports_the_number_of_shots()
    {
        var builder = new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(5));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => builder.RemoveShot(5));

        Assert.Equal(("index", 5), (error.ParamName, error.ActualValue));
        Assert.StartsWith("There is no shot at this position: the storyboard has 1 shot", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reason_of_an_unknown_submission_is_recorded_once()
    {
        var store = new MemoryTaskStore();
        using var client = TestClients.Create(Sora2Platform.Juxin, Responding(500, Json("boom")), options => options.TaskStore = store);

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal("boom.", Assert.Single(await store.RecordsAsync(Token)).Error);
    }

    private static IEnumerable<(Sora2ErrorKind Kind, int Status, string Body)> RefusedCreates()
    {
        foreach (var (kind, status, body) in new (Sora2ErrorKind, int, string)[]
        {
            (
                Sora2ErrorKind.InsufficientQuota,
                402,
                """{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}"""),
            (Sora2ErrorKind.InsufficientQuota, 402, ""),
            (Sora2ErrorKind.InsufficientQuota, 402, "<html><title>Payment Required</title></html>"),
            (Sora2ErrorKind.InsufficientQuota, 402, """{"error":{"message":"内容审核"}}"""),
            (Sora2ErrorKind.InsufficientQuota, 400, """{"code":400,"message":"Insufficient credits. Please top up."}"""),
            (Sora2ErrorKind.InsufficientQuota, 403, """{"error":{"message":"Insufficient credits. A credit balance > 0 is required"}}"""),
            (Sora2ErrorKind.InsufficientQuota, 400, """{"error":{"message":"用户积分不足，请充值"}}"""),
            (
                Sora2ErrorKind.InsufficientQuota,
                403,
                """{"error":{"message":"预扣费额度失败, 用户剩余额度: ＄0.42, 需要预扣费额度: ＄0.90 (request id: 20261127b)","""
                    + """ "type":"upstream_error","code":null}}"""),
            (
                Sora2ErrorKind.InsufficientQuota,
                400,
                """{"code":"Arrearage","message":"Access denied, please make sure your account is in good standing."}"""),
            (Sora2ErrorKind.InsufficientQuota, 403, """{"message":"账户已欠费"}"""),
            (Sora2ErrorKind.InsufficientQuota, 403, """{"message":"user quota is not enough"}"""),
            (Sora2ErrorKind.InsufficientQuota, 400, """{"message":"Account balance not enough"}"""),
            (Sora2ErrorKind.InsufficientQuota, 400, """{"message":"insufficient account balance"}"""),
            (Sora2ErrorKind.InsufficientQuota, 429, """{"message":"Insufficient funds"}"""),
            (Sora2ErrorKind.InsufficientQuota, 500, """{"error":{"message":"用户额度不足, 剩余额度: ＄0.01"}}"""),
            (Sora2ErrorKind.InsufficientQuota, 200, """{"code":402,"msg":"Credits insufficient. Top up to continue.","data":null}"""),
            (Sora2ErrorKind.InsufficientQuota, 200, """{"code":"402","msg":"","data":null}"""),
            (Sora2ErrorKind.InsufficientQuota, 200, """{"code":-402,"msg":"x","data":null}"""),
            (Sora2ErrorKind.InsufficientQuota, 200, """{"status":402,"message":"x"}"""),
            (Sora2ErrorKind.InsufficientQuota, 200, """{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}"""),
            (Sora2ErrorKind.InsufficientQuota, 200, """{"success":false,"message":"积分余额不足"}"""),
            (Sora2ErrorKind.InsufficientQuota, 400, """{"error":{"message":"Your credit balance is too low to access the API."}}"""),
            (Sora2ErrorKind.InsufficientQuota, 403, "Insufficient credits"),
            (Sora2ErrorKind.Authentication, 200, """{"code":401,"msg":"x","data":null}"""),
            (Sora2ErrorKind.InvalidRequest, 200, """{"code":422,"msg":"size unknown","data":null}"""),
            (Sora2ErrorKind.ServerError, 200, """{"code":455,"msg":"under maintenance","data":null}"""),
            (Sora2ErrorKind.RateLimited, 200, """{"code":429,"msg":"slow down","data":null}"""),
            (
                Sora2ErrorKind.InputModeration,
                500,
                """{"error":{"message":"sensitive_words_detected (request id: 20261127c)","type":"new_api_error","""
                    + """ "code":"sensitive_words_detected"}}"""),
            (Sora2ErrorKind.InputModeration, 500, """{"error":{"message":"sensitive words detected: apple","type":"new_api_error"}}"""),
            (Sora2ErrorKind.InputModeration, 400, """{"error":{"message":"x","code":"prompt_blocked"}}"""),
            (
                Sora2ErrorKind.InputModeration,
                400,
                """{"error":{"message":"input contains sensitive words: [apple]","code":"sensitive_words_detected"}}"""),
            (
                Sora2ErrorKind.InputModeration,
                400,
                """{"error":{"code":"InputImageSensitiveContentDetected","""
                    + """ "message":"The input image may contain sensitive information."}}"""),
            (
                Sora2ErrorKind.InputModeration,
                400,
                """{"code":"DataInspectionFailed","message":"Input data may contain inappropriate content."}"""),
            (Sora2ErrorKind.InputModeration, 400, """{"error":{"message":"NSFW content detected in prompt"}}"""),
            (Sora2ErrorKind.InputModeration, 400, """{"error":{"message":"提示词包含敏感内容"}}"""),
            (Sora2ErrorKind.OutputModeration, 400, """{"error":{"code":"OutputVideoSensitiveContentDetected","message":"x"}}"""),
            (Sora2ErrorKind.InvalidRequest, 400, """{"error":{"message":"The model name is case-sensitive"}}"""),
            (Sora2ErrorKind.InvalidRequest, 400, """{"error":{"message":"invalid token '}' at position 7"}}"""),
            (Sora2ErrorKind.InvalidRequest, 400, """{"error":{"message":"frame rate limit exceeded"}}"""),
            (Sora2ErrorKind.InvalidRequest, 400, """{"error":{"message":"invalid url (image 2)"}}"""),
            (Sora2ErrorKind.InvalidRequest, 400, """{"error":{"message":"unsafe scheme of the image's address; use https"}}"""),
            (
                Sora2ErrorKind.InvalidRequest,
                422,
                """{"detail":[{"loc":["body"],"msg":"the balance of the laptop up there is not a number"}]}"""),
            (
                Sora2ErrorKind.Saturated,
                429,
                """{"error":{"message":"The upstream load of the current group is saturated, please try again later"}}"""),
            (
                Sora2ErrorKind.Saturated,
                500,
                """{"error":{"message":"The upstream load of the current group is saturated, please try again later"}}"""),
            (Sora2ErrorKind.Saturated, 400, """{"error":{"message":"系统繁忙，请稍后再试"}}"""),
            (Sora2ErrorKind.ModelUnavailable, 503, """{"error":{"message":"当前分组 default 下对于模型 sora-2-all 无可用渠道（distributor）"}}"""),
        })
        {
            yield return (kind, status, body);
        }
    }

    private static string Json(string words) => "{\"error\":{\"message\":\"" + words + "\"}}";

    private static byte[] GbkOf(string text) => CodePagesEncodingProvider.Instance.GetEncoding("gbk")!.GetBytes(text);

    private static HttpResponseMessage Response(int status, string body) => StubHandler.Json(body, (HttpStatusCode)status);

    private static StubHandler Responding(int status, string body) => new((_, _) => Response(status, body));

    private static Sora2Client Client(string platform, StubHandler api, int retries = 0) =>
        TestClients.Create(
            Sora2Platform.BuiltIn.Single(known => known.Name == platform),
            api,
            options => (options.CreateRetries, options.QueryRetries) = (retries, 0));

    private static async Task CreateAsync(string platform, int status, string body)
    {
        using var client = Client(platform, Responding(status, body));
        await client.Videos.CreateAsync(new VideoRequest("a"), Token);
    }

    private static async Task CreateAsync(string platform, int status, byte[] body, string contentType)
    {
        using var client = Client(platform, new StubHandler((_, _) =>
        {
            var response = StubHandler.Bytes(body, (HttpStatusCode)status);
            response.Content.Headers.Remove("Content-Type");
            response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            return response;
        }));
        await client.Videos.CreateAsync(new VideoRequest("a"), Token);
    }
}
