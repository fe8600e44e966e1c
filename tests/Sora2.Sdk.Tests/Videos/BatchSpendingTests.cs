using System.Net;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>What a batch may spend: the cases in which a create could be sent that the caller no longer wants.</summary>
public sealed class BatchSpendingTests : IDisposable
{
    private const string Accepted = """{"id":"task-new"}""";
    private const string Done = """{"status":"SUCCESS","video_url":"https://x/v.mp4"}""";

    private readonly CancellationTokenSource _cancel = new();

    public void Dispose() => _cancel.Dispose();

    [Fact]
    public async Task Cancellation_during_a_create_waits_for_its_response_and_keeps_the_id()
    {
        var api = new Held();
        using var client = Client(api);
        var batch = ToListAsync(client.Videos.GenerateBatchAsync(
            [new VideoRequest("a"), new VideoRequest("b")], new BatchOptions { MaxConcurrency = 1 }, _cancel.Token));

        await _cancel.CancelAsync();
        Assert.False(batch.IsCompleted);
        api.Response.SetResult(StubHandler.Json(Accepted));

        var items = await batch;
        Assert.Equal(
            [(0, BatchItemState.Canceled, "task-new"), (1, BatchItemState.NotStarted, null)],
            items.OrderBy(item => item.Index).Select(item => (item.Index, item.State, item.TaskId)));
        Assert.Equal(1, api.Sent);
    }

    [Fact]
    public async Task Cancellation_between_two_attempts_sends_no_second_one()
    {
        var api = new StubHandler((_, _) =>
        {
            var response = StubHandler.Json("""{"error":{"message":"Too many requests"}}""", HttpStatusCode.TooManyRequests);
            response.Headers.Add("Retry-After", "30");
            return response;
        });
        using var client = Client(api, options => options.TimeProvider = new VirtualClock());
        var batch = ToListAsync(client.Videos.GenerateBatchAsync([new VideoRequest("a")], cancellationToken: _cancel.Token));

        await _cancel.CancelAsync();

        Assert.Equal((BatchItemState.NotStarted, null), (Assert.Single(await batch).State, (await batch)[0].Error));
        Assert.Single(api.Sent);
    }

    [Theory]
    [InlineData(403, "用户已被封禁", 1)]
    [InlineData(401, "Your account has been deactivated", 1)]
    [InlineData(400, "账号因违规已被封禁", 1)]
    [InlineData(403, "该令牌无权访问模型 sora-2-all", 3)] // another request of the batch may be for another model
    public async Task Blocked_account_ends_further_creates(int status, string words, int sent)
    {
        var api = new StubHandler((_, _) => StubHandler.Json("{\"error\":{\"message\":\"" + words + "\"}}", (HttpStatusCode)status));
        using var client = Client(api);
        VideoRequest[] requests = [new("a"), new("b"), new("c")];

        var items = await ToListAsync(
            client.Videos.GenerateBatchAsync(requests, new BatchOptions { MaxConcurrency = 1 }, _cancel.Token));

        Assert.Equal(sent, api.Sent.Count);
        Assert.All(items, item => Assert.Equal(item.Index < sent ? BatchItemState.Failed : BatchItemState.NotStarted, item.State));
        Assert.All(
            items.Where(item => item.Error is not null),
            item => Assert.Equal(Sora2ErrorKind.PermissionDenied, ((Sora2Exception)item.Error!).Kind));
    }

    [Fact]
    public async Task Cancellation_while_an_address_fails_tries_no_other_one()
    {
        var api = new StubHandler((_, _) =>
        {
            _cancel.Cancel();
            throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
        });
        using var client = Client(
            api, options => (options.BaseAddress, options.FallbackBaseAddresses) = (new Uri("https://first"), [new Uri("https://second")]));

        var item = Assert.Single(
            await ToListAsync(client.Videos.GenerateBatchAsync([new VideoRequest("a")], cancellationToken: _cancel.Token)));

        Assert.Equal((BatchItemState.NotStarted, 1), (item.State, api.Sent.Count));
    }

    [Theory]
    [InlineData(BatchItemState.NotStarted, null, false, BatchItemState.Succeeded, 1)]
    [InlineData(BatchItemState.NotStarted, "task-old", false, BatchItemState.Succeeded, 0)]
    [InlineData(BatchItemState.Failed, null, false, BatchItemState.Succeeded, 1)]
    [InlineData(BatchItemState.Failed, "task-old", false, BatchItemState.Succeeded, 0)]
    [InlineData(BatchItemState.SubmissionUnknown, null, false, BatchItemState.SubmissionUnknown, 0)]
    [InlineData(BatchItemState.SubmissionUnknown, null, true, BatchItemState.Succeeded, 1)]
    [InlineData(BatchItemState.SubmissionUnknown, "task-old", true, BatchItemState.Succeeded, 0)]
    [InlineData(BatchItemState.Unfinished, "task-old", true, BatchItemState.Succeeded, 0)]
    [InlineData(BatchItemState.Canceled, "task-old", true, BatchItemState.Succeeded, 0)]
    [InlineData(BatchItemState.Running, "task-old", true, BatchItemState.Succeeded, 0)]
    [InlineData(BatchItemState.Running, null, false, BatchItemState.Running, 0)]
    [InlineData(BatchItemState.DownloadFailed, "task-old", true, BatchItemState.Succeeded, 0)]
    public async Task Resuming_creates_only_items_that_surely_have_no_paid_task(
        BatchItemState state, string? taskId, bool createUnknownAgain, BatchItemState becomes, int creates)
    {
        var api = new StubHandler((_, request) => StubHandler.Json(request.Method == HttpMethod.Post ? Accepted : Done));
        using var client = Client(api);
        var earlier = new BatchItem
        {
            Index = 5,
            Request = new VideoRequest("a") { Key = "five" },
            State = state,
            Handle = taskId,
            Error = new FormatException("of the first time"),
        };

        var item = Assert.Single(await ToListAsync(client.Videos.ResumeBatchAsync(
            [earlier], new BatchOptions { CreateUnknownAgain = createUnknownAgain }, CancellationToken.None)));

        Assert.Equal((5, "five", becomes), (item.Index, item.Request.Key, item.State));
        Assert.Equal(becomes == BatchItemState.Succeeded ? creates == 1 ? "task-new" : "task-old" : null, item.TaskId);
        Assert.Equal(becomes == BatchItemState.Succeeded, item.Error is null);
        Assert.Equal(creates, api.Sent.Count(sent => sent.Method == "POST"));
    }

    [Theory]
    [InlineData(200, """{"status":"FAILURE","fail_reason":"still"}""", BatchItemState.Succeeded, "task-new", 1)]
    [InlineData(404, """{"error":{"message":"task_not_exist","code":"task_not_exist"}}""", BatchItemState.Succeeded, "task-new", 1)]
    [InlineData(200, """{"status":"PROCESSING"}""", BatchItemState.Succeeded, "task-old", 0)]
    [InlineData(401, """{"error":{"message":"Invalid token"}}""", BatchItemState.Failed, "task-old", 0)]
    public async Task Failed_task_is_queried_before_another_is_paid_for(
        int status, string body, BatchItemState becomes, string taskId, int creates)
    {
        var polls = 0;
        var api = new StubHandler((_, request) => request.Method == HttpMethod.Post ? StubHandler.Json(Accepted)
            : polls++ == 0 || (status != 200 && polls < 4) ? StubHandler.Json(body, (HttpStatusCode)status)
            : StubHandler.Json(Done));
        using var client = Client(api);
        var earlier = new BatchItem
        {
            Index = 0,
            Request = new VideoRequest("a"),
            State = BatchItemState.Failed,
            Handle = "task-old",
            Error = new FormatException("of the first time"),
        };

        var item = Assert.Single(await ToListAsync(client.Videos.ResumeBatchAsync([earlier], cancellationToken: CancellationToken.None)));

        Assert.Equal((becomes, taskId), (item.State, item.TaskId));
        Assert.Equal(becomes == BatchItemState.Failed, item.Error is Sora2ApiException { Kind: Sora2ErrorKind.Authentication });
        Assert.Equal(creates, api.Sent.Count(sent => sent.Method == "POST"));
    }

    [Fact]
    public async Task Option_of_the_download_is_refused_before_anything_is_paid()
    {
        var api = new StubHandler(Done);
        using var client = Client(api);
        var options = new BatchOptions { DownloadTo = "videos", Download = new DownloadOptions { FileNameTemplate = "video" } };

        Assert.Throws<Sora2ValidationException>(() => client.Videos.GenerateBatchAsync([new VideoRequest("a")], options));
        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.GenerateAndDownloadAsync(new VideoRequest("a"), "a.mp4", download: new DownloadOptions { MaxBytes = 0 }));
        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.GenerateAndDownloadAsync(new VideoRequest("a"), Path.GetTempPath()));
        Assert.Empty(api.Sent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cheap")]
    public async Task Accepted_create_that_ended_in_an_error_is_resumed_by_a_client_of_any_name(string name)
    {
        var creates = 0;
        var api = new StubHandler((_, request) => request.Method != HttpMethod.Post ? StubHandler.Json(Done)
            : ++creates == 1 ? StubHandler.Json("""{"id":"task-lost","error":{"message":"upstream broke"}}""", HttpStatusCode.BadGateway)
            : StubHandler.Json(Accepted));
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            api,
            options => (options.PollInterval, options.CreateRetries) = (TimeSpan.FromMilliseconds(1), 0),
            name: name);
        var lost = Assert.Single(await ToListAsync(client.Videos.GenerateBatchAsync([new VideoRequest("a")])));

        var resumed = Assert.Single(await ToListAsync(client.Videos.ResumeBatchAsync([lost])));

        Assert.Equal((BatchItemState.SubmissionUnknown, "task-lost"), (lost.State, lost.TaskId));
        Assert.Equal((BatchItemState.Succeeded, 1), (resumed.State, creates));
    }

    [Fact]
    public async Task Resuming_a_succeeded_item_does_nothing()
    {
        var api = new StubHandler(Done);
        using var client = Client(api);
        var item = new BatchItem { Index = 0, Request = new VideoRequest("a"), State = BatchItemState.Succeeded, Handle = "task-old" };

        Assert.Empty(await ToListAsync(client.Videos.ResumeBatchAsync([item], cancellationToken: CancellationToken.None)));
        Assert.Empty(api.Sent);
    }

    [Fact]
    public void Item_formats_as_one_line_without_its_prompt()
    {
        var item = new BatchItem
        {
            Index = 2,
            Request = new VideoRequest("secret") { Key = "k" },
            State = BatchItemState.Unfinished,
            Handle = "t",
            Error = new FormatException("why"),
        };

        Assert.Equal(
            ("#2 k: Unfinished, task t, why", "#0: NotStarted"),
            (item.ToString(), new BatchItem { Index = 0, Request = new VideoRequest("secret") }.ToString()));
    }

    private static Sora2Client Client(HttpMessageHandler api, Action<Sora2ClientOptions>? configure = null)
    {
        return TestClients.Create(Sora2Platform.Juxin, api, Configure);

        void Configure(Sora2ClientOptions options)
        {
            options.PollInterval = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(options);
        }
    }

    private static async Task<List<BatchItem>> ToListAsync(IAsyncEnumerable<BatchItem> batch)
    {
        var items = new List<BatchItem>();
        await foreach (var item in batch)
        {
            items.Add(item);
        }

        return items;
    }

    /// <summary>Responds when the test says so, unless the call is cancelled.</summary>
    private sealed class Held : HttpMessageHandler
    {
        public TaskCompletionSource<HttpResponseMessage> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent++;
            return Response.Task.WaitAsync(cancellationToken);
        }
    }
}
