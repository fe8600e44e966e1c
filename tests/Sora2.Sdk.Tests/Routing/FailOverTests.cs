using System.Net;
using System.Text;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Routing;

/// <summary>When a router tries the next client, and when it must not.</summary>
public sealed class FailOverTests : IDisposable
{
    private readonly List<Sora2Client> _clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string> AccountRefusals => new()
    {
        { "Saturated", 503, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""" },
        { "RateLimited", 429, """{"error":{"message":"slow down"}}""" },
        { "InsufficientQuota", 403, """{"error":{"message":"用户额度不足","code":"insufficient_user_quota"}}""" },
        { "ModelUnavailable", 503, """{"error":{"message":"当前分组 default 下对于模型 sora-2-all 无可用渠道"}}""" },
        { "Authentication", 401, """{"error":{"message":"无效的令牌"}}""" },
        { "PermissionDenied", 403, """{"error":{"message":"no"}}""" },
        { "PermissionDenied", 403, """{"error":{"message":"账号因违规已被封禁"}}""" },
        { "ServerError", 500, """{"id":"","status":"error","error":"任务提交失败，请重新发起请求"}""" },
        { "Unknown", 200, """{"id":"","status":"error","error":"任务提交失败，请重新发起请求"}""" },
        { "WrongEndpoint", 404, "<html><title>Not found</title></html>" },
        { "Network", 0, "" },
    };

    public static TheoryData<string, int, string> RequestRefusals => new()
    {
        { "InputModeration", 400, """{"error":{"message":"提示词违反了内容政策"}}""" },
        { "InvalidRequest", 400, """{"error":{"message":"duration is not a number"}}""" },
    };

    public static TheoryData<int, string> UnknownOutcomes => new()
    {
        { 500, """{"error":{"message":"上游服务出错，请稍后再试"}}""" },
        { 502, "<html><title>502 Bad Gateway</title></html>" },
        { 504, "" },
        { 200, "" },
        { 200, """{"id":""" },
        { -1, "" },
    };

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Theory]
    [MemberData(nameof(AccountRefusals))]
    public async Task Refusal_of_the_account_is_followed_by_the_next_client(string kind, int status, string response)
    {
        var (first, second) = (Responding(status, response), Accepting());
        var router = Router(first, second);

        var task = await router.Videos.CreateAsync(new VideoRequest("a"), Token);
        var refusal = await Assert.ThrowsAsync<Sora2ApiException>(() => router.Clients[0].Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal("second", task.ClientName);
        Assert.Equal("task-1", task.Id);
        Assert.Single(second.Sent);
        Assert.Equal(kind, refusal.Kind.ToString());
        Assert.False(refusal.MayHaveBeenCharged);
    }

    [Theory]
    [MemberData(nameof(RequestRefusals))]
    public async Task Refusal_of_the_request_is_thrown_at_once(string kind, int status, string response)
    {
        var (first, second) = (Responding(status, response), Accepting());

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => Router(first, second).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(kind, error.Kind.ToString());
        Assert.Equal("first", error.ClientName);
        Assert.Single(first.Sent);
        Assert.Empty(second.Sent);
    }

    [Theory]
    [MemberData(nameof(UnknownOutcomes))]
    public async Task Unknown_outcome_is_thrown_at_once_and_names_the_client(int status, string response)
    {
        var (first, second) = (Responding(status, response), Accepting());

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => Router(first, second).Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token));

        Assert.Equal("first", error.ClientName);
        Assert.Single(first.Sent);
        Assert.Empty(second.Sent);
    }

    [Fact]
    public async Task Canceled_create_is_not_repeated_with_the_next_client()
    {
        using var cancellation = new CancellationTokenSource();
        var second = Accepting();
        var first = new StubHandler((_, _) =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Router(first, second).Videos.CreateAsync(new VideoRequest("a"), cancellation.Token));

        Assert.Empty(second.Sent);
    }

    [Fact]
    public async Task Refused_poll_of_an_accepted_task_is_thrown_at_once()
    {
        var first = new StubHandler((_, request) => request.Method == HttpMethod.Post
            ? StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin))
            : StubHandler.Json("""{"error":{"message":"无效的令牌"}}""", HttpStatusCode.Unauthorized));
        var second = Accepting();

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => Router(first, second).Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token));

        Assert.Equal(Sora2ErrorKind.Authentication, error.Kind);
        Assert.True(error.MayHaveBeenCharged);
        Assert.Equal("task-1", error.TaskId);
        Assert.Equal("first", error.ClientName);
        Assert.Empty(second.Sent);
    }

    [Fact]
    public async Task Canceled_wait_names_the_client_of_the_task()
    {
        using var cancellation = new CancellationTokenSource();
        var first = new StubHandler((_, request) =>
        {
            if (request.Method == HttpMethod.Get)
            {
                cancellation.Cancel();
            }

            return StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin));
        });

        var error = await Assert.ThrowsAsync<WaitCanceledException>(
            () => Router(first, Accepting()).Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: cancellation.Token));

        Assert.Equal(("juxin", "first", "task-1"), (error.PlatformName, error.ClientName, error.TaskId));
    }

    [Fact]
    public async Task When_all_refuse_the_error_has_the_reason_of_each_and_the_kind_of_the_transient_one()
    {
        var noQuota = Responding(403, """{"error":{"message":"用户额度不足","code":"insufficient_user_quota"}}""");
        var saturated = Responding(503, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""");
        var forbidden = Responding(403, """{"error":{"message":"no"}}""");

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => Router(noQuota, saturated, forbidden).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Matches(
            "(?s)3 clients.*Juxin \"first\": 用户额度不足\\. .*Juxin \"second\": 当前分组上游负载已饱和，请稍后再试\\. .*Juxin \"third\": no\\. ",
            error.Message);
        Assert.Equal(Sora2ErrorKind.Saturated, error.Kind);
        Assert.True(error.IsTransient);
        Assert.False(error.MayHaveBeenCharged);
        Assert.Equal(("juxin", "second", 3), (error.PlatformName, error.ClientName, error.Attempts));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.StatusCode);
        Assert.Contains("负载已饱和", error.RawBody, StringComparison.Ordinal);
        var refusals = Assert.IsType<AggregateException>(error.InnerException).InnerExceptions.Cast<Sora2ApiException>();
        Assert.Equal(["first", "second", "third"], refusals.Select(refusal => refusal.ClientName));
    }

    [Fact]
    public async Task When_no_refusal_is_transient_the_error_has_the_kind_of_the_last()
    {
        var router = Router(Responding(401, "{}"), Responding(403, "{}"));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => router.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((Sora2ErrorKind.PermissionDenied, false, "second"), (error.Kind, error.IsTransient, error.ClientName));
    }

    [Fact]
    public async Task Refusal_of_the_only_client_is_thrown_unchanged()
    {
        var router = Router(Responding(401, """{"error":{"message":"无效的令牌"}}"""));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => router.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.StartsWith("无效的令牌. ", error.Message, StringComparison.Ordinal);
        Assert.Null(error.InnerException);
        Assert.Equal("first", error.ClientName);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Image_from_a_stream_reaches_the_second_client_completely(bool canSeek)
    {
        var (first, second) = (Responding(503, """{"error":{"message":"负载已饱和"}}"""), Accepting());
        using Stream stream = canSeek ? new MemoryStream(TinyImages.Png) : new TricklingStream(TinyImages.Png);
        var image = ImageInput.FromStream(stream);

        var request = new VideoRequest("a") { Images = [image, ImageInput.FromBytes(TinyImages.Gif), image] };

        await Router(first, second).Videos.CreateAsync(request, Token);

        Assert.Equal(first.Sent[0].Text, second.Sent[0].Text);
        Assert.Equal(3, second.Sent[0].Text.Split(Convert.ToBase64String(TinyImages.Png)).Length);
    }

    [Fact]
    public async Task Storyboard_image_from_a_stream_reaches_the_second_client_once()
    {
        var (first, second) = (Responding(503, """{"error":{"message":"负载已饱和"}}"""), Accepting());
        using var stream = new TricklingStream(TinyImages.Png);
        var image = ImageInput.FromStream(stream);
        var storyboard = new StoryboardBuilder()
            .AddShot("a", TimeSpan.FromSeconds(5), image)
            .AddShot("b", TimeSpan.FromSeconds(5), image)
            .AddReferenceImage(image)
            .Build();

        await Router(first, second).Videos.CreateAsync(storyboard, Token);

        Assert.Equal(2, Encoding.Latin1.GetString(second.Sent[0].Body).Split(Encoding.Latin1.GetString(TinyImages.Png)).Length);
    }

    [Fact]
    public async Task Failing_stream_is_refused_before_anything_is_sent()
    {
        var (first, second) = (Accepting(), Accepting());
        using var stream = new BrokenStream();

        var request = new VideoRequest("a") { Images = [ImageInput.FromStream(stream)] };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => Router(first, second).Videos.CreateAsync(request, Token));

        Assert.Contains("The cable was pulled. Nothing was sent.", error.Message, StringComparison.Ordinal);
        Assert.Empty(first.Sent);
    }

    [Fact]
    public async Task Too_large_stream_is_refused_before_anything_is_sent()
    {
        var router = new Sora2Router([Small("first"), Small("second")]);
        using var stream = new TricklingStream(TinyImages.Png);

        var request = new VideoRequest("a") { Images = [ImageInput.FromStream(stream)] };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => router.Videos.CreateAsync(request, Token));

        Assert.Contains("larger than 20 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", error.Message, StringComparison.Ordinal);

        Sora2Client Small(string name) => Keep(TestClients.Create(new SmallPlatform(), new StubHandler("{}"), name: name));
    }

    [Fact]
    public async Task Task_is_polled_with_the_client_that_created_it()
    {
        var (first, second) = (Responding(401, "{}"), Accepting());
        var router = Router(first, second);
        var task = await router.Videos.CreateAsync(new VideoRequest("a"), Token);

        var polled = await router.Videos.GetAsync(task, Token);
        var later = await router.FindClient(task.Handle).Videos.GetAsync(task.Id, Token);

        Assert.Equal(("second", "second", "second"), (task.ClientName, polled.ClientName, later.ClientName));
        Assert.Same(router.Clients[1], router.FindClient(task));
        Assert.Single(first.Sent);
        Assert.DoesNotContain("second", task.ToUnifiedJson().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_of_another_client_is_refused_with_the_names_of_the_clients()
    {
        var router = Router(Accepting(), Accepting());
        var foreign = new VideoTask { PlatformName = "zhenzhen", ClientName = "third", Id = "t", Status = VideoTaskStatus.Unknown };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => router.Videos.WaitAsync(foreign, cancellationToken: Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => router.Videos.GetAsync(foreign with { PlatformName = "juxin" }, Token));

        Assert.Contains("\"third\" on Zhenzhen", error.Message, StringComparison.Ordinal);
        Assert.Contains("Juxin \"first\", Juxin \"second\"", error.Message, StringComparison.Ordinal);
        Assert.Throws<Sora2ValidationException>(() => router.Videos.WatchAsync(foreign, cancellationToken: Token));

        // Ambiguous: the router has two on Juxin.
        Assert.Throws<Sora2ValidationException>(() => router.FindClient(new TaskHandle("t") { PlatformName = "juxin" }));
    }

    [Fact]
    public void Only_client_on_a_platform_is_found_without_its_name()
    {
        var router = Router(Accepting());

        Assert.Same(router.Clients[0], router.FindClient(new TaskHandle("t") { PlatformName = "juxin" }));
        Assert.Throws<Sora2ValidationException>(() => router.FindClient("sora2:juxin/second/t"));
    }

    private static StubHandler Accepting() => new(TestClients.Accepted(Sora2Platform.Juxin));

    /// <summary>Always the same response; status 0 is a refused connection, -1 a broken one.</summary>
    private static StubHandler Responding(int status, string response) => new((_, _) => status switch
    {
        0 => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"),
        -1 => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely"),
        _ => StubHandler.Json(response, (HttpStatusCode)status),
    });

    /// <summary>Two or three accounts on Juxin.</summary>
    private Sora2Router Router(params StubHandler[] accounts) => new(accounts.Zip(
        ["first", "second", "third"],
        (account, name) => Keep(TestClients.Create(
            Sora2Platform.Juxin,
            account,
            options =>
            {
                options.CreateRetries = 0;
                options.PollInterval = TimeSpan.FromMilliseconds(1);
                options.WaitTimeout = TimeSpan.FromSeconds(10);
            },
            name: name))));

    private Sora2Client Keep(Sora2Client client)
    {
        _clients.Add(client);
        return client;
    }

    private sealed class SmallPlatform() : LikeJuxin("small")
    {
        public override long MaxImageBytes => 20;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("The cable was pulled");
    }
}
