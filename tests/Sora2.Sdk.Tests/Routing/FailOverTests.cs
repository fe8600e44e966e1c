using System.Net;
using System.Text;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Routing;

/// <summary>When a router goes on to the next client, and when it must not.</summary>
public sealed class FailOverTests : IDisposable
{
    private readonly List<Sora2Client> _clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string> RefusalsOfTheAccount => new()
    {
        { "Saturated", 503, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""" },
        { "RateLimited", 429, """{"error":{"message":"slow down"}}""" },
        { "InsufficientQuota", 403, """{"error":{"message":"用户额度不足","code":"insufficient_user_quota"}}""" },
        { "ModelUnavailable", 503, """{"error":{"message":"当前分组 default 下对于模型 sora-2-all 无可用渠道"}}""" },
        { "Authentication", 401, """{"error":{"message":"无效的令牌"}}""" },
        { "PermissionDenied", 403, """{"error":{"message":"no"}}""" },
        { "ServerError", 500, """{"id":"","status":"error","error":"任务提交失败，请重新发起请求"}""" },
        { "Unknown", 200, """{"id":"","status":"error","error":"任务提交失败，请重新发起请求"}""" },
        { "WrongEndpoint", 404, "<html><title>Not found</title></html>" },
        { "Network", 0, "" },
    };

    public static TheoryData<string, int, string> RefusalsOfTheRequest => new()
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
    [MemberData(nameof(RefusalsOfTheAccount))]
    public async Task A_refusal_that_is_about_the_account_goes_to_the_next_client(string kind, int status, string answer)
    {
        var (first, second) = (Answering(status, answer), Taking());
        var router = Router(first, second);

        var task = await router.CreateAsync(new VideoRequest("a"), Token);
        // So that what is tested is what is said.
        var refusal = await Assert.ThrowsAsync<Sora2ApiException>(() => router.Clients[0].Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(("second", "task-1", 1), (task.Client, task.Id, second.Sent.Count));
        Assert.Equal((kind, (bool?)false), (refusal.Kind.ToString(), refusal.MayHaveBeenCharged));
    }

    [Theory]
    [MemberData(nameof(RefusalsOfTheRequest))]
    public async Task A_refusal_of_the_request_itself_does_not(string kind, int status, string answer)
    {
        var (first, second) = (Answering(status, answer), Taking());

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Router(first, second).CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((kind, "first", 1, 0), (error.Kind.ToString(), error.Client, first.Sent.Count, second.Sent.Count));
    }

    [Theory]
    [MemberData(nameof(UnknownOutcomes))]
    public async Task An_unknown_outcome_never_does_and_says_whose_log_to_look_in(int status, string answer)
    {
        var (first, second) = (Answering(status, answer), Taking());

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => Router(first, second).GenerateAsync(new VideoRequest("a"), cancellationToken: Token));

        Assert.Equal(("first", 1, 0), (error.Client, first.Sent.Count, second.Sent.Count));
    }

    [Fact]
    public async Task A_cancelled_create_does_not()
    {
        using var cancellation = new CancellationTokenSource();
        var second = Taking();
        var first = new StubHandler((_, _) =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Router(first, second).CreateAsync(new VideoRequest("a"), cancellation.Token));

        Assert.Empty(second.Sent);
    }

    [Fact]
    public async Task A_refused_question_about_an_accepted_task_does_not()
    {
        var first = new StubHandler((_, request) => request.Method == HttpMethod.Post ? StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin)) : StubHandler.Json("""{"error":{"message":"无效的令牌"}}""", HttpStatusCode.Unauthorized));
        var second = Taking();

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Router(first, second).GenerateAsync(new VideoRequest("a"), cancellationToken: Token));

        Assert.Equal((Sora2ErrorKind.Authentication, (bool?)true, "task-1", "first", 0), (error.Kind, error.MayHaveBeenCharged, error.TaskId, error.Client, second.Sent.Count));
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_says_which_client_has_the_task()
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

        var error = await Assert.ThrowsAsync<WaitCanceledException>(() => Router(first, Taking()).GenerateAsync(new VideoRequest("a"), cancellationToken: cancellation.Token));

        Assert.Equal(("juxin", "first", "task-1"), (error.Platform, error.Client, error.TaskId));
    }

    [Fact]
    public async Task When_all_refuse_the_error_names_every_client_and_reason()
    {
        var empty = Answering(403, """{"error":{"message":"用户额度不足","code":"insufficient_user_quota"}}""");
        var full = Answering(503, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""");
        var forbidden = Answering(403, """{"error":{"message":"no"}}""");

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Router(empty, full, forbidden).CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(
            "None of 3 clients took it, and nothing was charged. "
            + "Juxin \"first\": 用户额度不足. Top up the account or raise the key's budget at Juxin; nothing was charged. "
            + "Juxin \"second\": 当前分组上游负载已饱和，请稍后再试. The request was not accepted; retry later. "
            + "Juxin \"third\": no. Juxin knows the key, but it lacks the permission: check the key's group.",
            error.Message);
        // Of the one that may pass by itself.
        Assert.Equal((Sora2ErrorKind.Saturated, true, (bool?)false, "juxin", "second", 3, HttpStatusCode.ServiceUnavailable), (error.Kind, error.IsTransient, error.MayHaveBeenCharged, error.Platform, error.Client, error.Attempts, error.StatusCode!.Value));
        Assert.Contains("负载已饱和", error.RawBody, StringComparison.Ordinal);
        Assert.Equal(["first", "second", "third"], ((AggregateException)error.InnerException!).InnerExceptions.Select(refusal => ((Sora2ApiException)refusal).Client));
    }

    [Fact]
    public async Task When_none_may_pass_by_itself_the_last_one_says_what_kind_of_error_it_is()
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Router(Answering(401, "{}"), Answering(403, "{}")).CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal((Sora2ErrorKind.PermissionDenied, false, "second"), (error.Kind, error.IsTransient, error.Client));
    }

    [Fact]
    public async Task The_refusal_of_the_only_client_that_can_is_told_as_it_is()
    {
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Router(Answering(401, """{"error":{"message":"无效的令牌"}}""")).CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal("无效的令牌. Check the API key of Juxin (Sora2ClientOptions.ApiKey).", error.Message);
        Assert.Equal("first", error.Client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_from_a_stream_reaches_the_second_client_whole(bool canSeek)
    {
        var (first, second) = (Answering(503, """{"error":{"message":"负载已饱和"}}"""), Taking());
        using Stream stream = canSeek ? new MemoryStream(TinyImages.Png) : new TricklingStream(TinyImages.Png);
        var image = ImageInput.FromStream(stream);

        await Router(first, second).CreateAsync(new VideoRequest("a") { Images = [image, ImageInput.FromBytes(TinyImages.Gif), image] }, Token);

        Assert.Equal(first.Sent[0].Text, second.Sent[0].Text);
        Assert.Equal(3, second.Sent[0].Text.Split(Convert.ToBase64String(TinyImages.Png)).Length);
    }

    [Fact]
    public async Task A_storyboards_stream_reaches_the_second_client_once_and_whole()
    {
        var (first, second) = (Answering(503, """{"error":{"message":"负载已饱和"}}"""), Taking());
        using var stream = new TricklingStream(TinyImages.Png);
        var image = ImageInput.FromStream(stream);
        var storyboard = new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(5), image).AddShot("b", TimeSpan.FromSeconds(5), image).AddReferenceImage(image).Build();

        await Router(first, second).CreateAsync(storyboard, Token);

        Assert.Equal(2, Encoding.Latin1.GetString(second.Sent[0].Body).Split(Encoding.Latin1.GetString(TinyImages.Png)).Length);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_refused_before_anything_is_sent()
    {
        var (first, second) = (Taking(), Taking());
        using var stream = new BrokenStream();

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => Router(first, second).CreateAsync(new VideoRequest("a") { Images = [ImageInput.FromStream(stream)] }, Token));

        Assert.Equal("An image cannot be read from its stream: The cable was pulled. Nothing was sent.", error.Message);
        Assert.Empty(first.Sent);
    }

    [Fact]
    public async Task A_stream_that_is_too_large_is_refused_before_anything_is_sent()
    {
        var router = new Sora2Router([Small("first"), Small("second")]);
        using var stream = new TricklingStream(TinyImages.Png);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => router.CreateAsync(new VideoRequest("a") { Images = [ImageInput.FromStream(stream)] }, Token));

        Assert.Equal("An image from a stream is larger than 20 bytes, the most that is sent. Scale it down. Nothing was sent.", error.Message);

        Sora2Client Small(string name) => Keep(TestClients.Create(new SmallPlatform(), new StubHandler("{}"), name: name));
    }

    [Fact]
    public async Task A_task_is_asked_for_where_it_was_made()
    {
        var (first, second) = (Answering(401, "{}"), Taking());
        var router = Router(first, second);
        var task = await router.CreateAsync(new VideoRequest("a"), Token);

        var asked = await router.GetAsync(task, Token);
        var later = await router.FindClient("juxin", task.Client).Videos.GetAsync(task.Id, Token);

        Assert.Equal(("second", "second", "second"), (task.Client, asked.Client, later.Client));
        Assert.Same(router.Clients[1], router.FindClient(task));
        Assert.Single(first.Sent);
        Assert.DoesNotContain("second", task.ToUnifiedJson().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_of_nobody_here_is_refused_with_those_that_are()
    {
        var router = Router(Taking(), Taking());
        var foreign = new VideoTask { Platform = "zhenzhen", Client = "third", Id = "t", Status = VideoTaskStatus.Unknown };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => router.WaitAsync(foreign, cancellationToken: Token));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => router.GetAsync(foreign with { Platform = "juxin" }, Token));

        Assert.Equal("No client of this router is named \"third\" on Zhenzhen; it has Juxin \"first\", Juxin \"second\". Give the platform and the client of the task, or add that client to the router.", error.Message);
        Assert.Throws<Sora2ValidationException>(() => router.WatchAsync(foreign, cancellationToken: Token));
        Assert.Throws<Sora2ValidationException>(() => router.FindClient("juxin")); // which of the two is not for a router to guess
    }

    [Fact]
    public void The_only_client_on_a_platform_needs_no_name()
    {
        var router = Router(Taking());

        Assert.Same(router.Clients[0], router.FindClient("juxin"));
        Assert.Throws<Sora2ValidationException>(() => router.FindClient("juxin", "second"));
    }

    private static StubHandler Taking() => new(TestClients.Accepted(Sora2Platform.Juxin));

    /// <summary>Always the same answer; 0 for a connection that is refused, -1 for one that breaks.</summary>
    private static StubHandler Answering(int status, string answer) => new((_, _) => status switch
    {
        0 => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"),
        -1 => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely"),
        _ => StubHandler.Json(answer, (HttpStatusCode)status),
    });

    /// <summary>Two or three accounts on Juxin.</summary>
    private Sora2Router Router(params StubHandler[] accounts) => new(accounts.Zip(
        ["first", "second", "third"],
        (account, name) => Keep(TestClients.Create(Sora2Platform.Juxin, account, options => (options.CreateRetries, options.PollInterval, options.WaitTimeout) = (0, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10)), name: name))));

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

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The cable was pulled");
    }
}
