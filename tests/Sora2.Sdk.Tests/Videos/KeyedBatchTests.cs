using System.Net;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>Batches of requests with keys.</summary>
public sealed class KeyedBatchTests : IDisposable
{
    private readonly VirtualClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("sora2-keyed").FullName;
    private readonly List<Sora2Client> _clients = [];
    private MemoryTaskStore? _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_equal_keys_are_one_task_with_and_without_a_store(bool hasStore)
    {
        _store = hasStore ? _store : null;
        var api = Making();
        VideoRequest[] requests = [Request("one"), Request("two"), Request("one")];

        var items = await RunAsync(Client(api).Videos.GenerateBatchAsync(requests, cancellationToken: Token));

        Assert.All(items, item => Assert.Equal(BatchItemState.Succeeded, item.State));
        Assert.Equal(items[0].TaskId, items[2].TaskId);
        Assert.NotEqual(items[0].TaskId, items[1].TaskId);
        Assert.Equal(2, Creates(api));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_request_with_the_same_key_fails_alone(bool hasStore)
    {
        _store = hasStore ? _store : null;
        var api = Making();

        var items = await RunAsync(Client(api).Videos.GenerateBatchAsync(
            [Request("one"), Request("one") with { Prompt = "other" }], cancellationToken: Token));

        Assert.Equal([BatchItemState.Succeeded, BatchItemState.Failed], items.Select(item => item.State));
        Assert.IsType<Sora2ValidationException>(items[1].Error);
        Assert.Equal(1, Creates(api));
    }

    [Fact]
    public async Task Batch_that_is_run_again_pays_only_for_what_was_not_taken()
    {
        const string Refusal = """{"error":{"message":"违反了内容政策"}}""";
        var refusing = Making(prompt => prompt == "c" ? StubHandler.Json(Refusal, HttpStatusCode.BadRequest) : null);
        var requests = "abc".Select(name => Request(name.ToString()) with { Prompt = name.ToString() }).ToArray();
        await RunAsync(Client(refusing).Videos.GenerateBatchAsync(requests, cancellationToken: Token));
        var api = Making();

        var items = await RunAsync(Client(api).Videos.GenerateBatchAsync(
            [.. requests, Request("d") with { Prompt = "d" }], cancellationToken: Token));

        Assert.All(items, item => Assert.Equal(BatchItemState.Succeeded, item.State));
        Assert.Equal(["task-a", "task-b", "task-c", "task-d"], items.Select(item => item.TaskId));
        Assert.Equal(2, Creates(api));
    }

    [Fact]
    public async Task Failed_task_is_made_again_only_by_resuming()
    {
        var failing = new StubHandler((_, request) => StubHandler.Json(
            request.Method == HttpMethod.Post ? Responses.Accepted : """{"id":"task-1","status":"failed","fail_reason":"why"}"""));
        var client = Client(failing);
        var failed = await RunAsync(client.Videos.GenerateBatchAsync([Request("one")], cancellationToken: Token));
        var again = await RunAsync(client.Videos.GenerateBatchAsync([Request("one")], cancellationToken: Token));
        foreach (var item in failed.Concat(again))
        {
            Assert.Equal((BatchItemState.Failed, "task-1"), (item.State, item.TaskId));
            Assert.IsType<VideoTaskFailedException>(item.Error);
        }

        Assert.Equal(1, Creates(failing));

        await RunAsync(client.Videos.ResumeBatchAsync(again, cancellationToken: Token));

        Assert.Equal(2, Creates(failing));
        Assert.Equal([1, 2], (await _store!.RecordsAsync(Token)).Select(record => record.Attempt).Order());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Unknown_outcome_is_created_again_only_if_the_caller_says_so(bool createUnknownAgain, int creates)
    {
        var api = new StubHandler((count, request) => request.Method == HttpMethod.Get ? StubHandler.Json(Responses.Completed("task-1"))
            : count == 0 ? StubHandler.Json("", HttpStatusCode.BadGateway)
            : StubHandler.Json(Responses.Accepted));
        var client = Client(api);
        var unknown = await RunAsync(client.Videos.GenerateBatchAsync([Request("one")], cancellationToken: Token));
        Assert.Equal(BatchItemState.SubmissionUnknown, Assert.Single(unknown).State);
        var options = new BatchOptions { CreateUnknownAgain = createUnknownAgain };

        await RunAsync(client.Videos.GenerateBatchAsync([Request("one")], options, Token));
        Assert.Equal(1, Creates(api));
        var resumed = await RunAsync(client.Videos.ResumeBatchAsync(unknown, options, Token));

        Assert.Equal(createUnknownAgain ? BatchItemState.Succeeded : BatchItemState.SubmissionUnknown, Assert.Single(resumed).State);
        Assert.Equal(creates, Creates(api));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Video_that_was_downloaded_is_not_polled_again_while_its_file_is_there(bool isThere)
    {
        var path = Path.Combine(_folder, "v.mp4");
        await File.WriteAllBytesAsync(path, new byte[isThere ? 5 : 4], Token);
        await RunAsync(Client(Making()).Videos.GenerateBatchAsync([Request("one")], cancellationToken: Token));
        var record = Assert.Single(await _store!.RecordsAsync(Token));
        await _store!.UpdateAsync(record with { State = TaskRecordState.Downloaded, Path = path, Length = 5 }, Token);
        var api = Making();

        var item = Assert.Single(await RunAsync(Client(api).Videos.GenerateBatchAsync(
            [Request("one")], new BatchOptions { DownloadTo = _folder }, Token)));

        Assert.Equal(isThere ? 0 : 1, api.Sent.Count);
        Assert.Equal(isThere ? path : null, item.Video?.Path);
        Assert.Equal(isThere ? BatchItemState.Succeeded : BatchItemState.DownloadFailed, item.State); // the stub has no video
    }

    private static VideoRequest Request(string key) => new(key) { Key = key };

    private static int Creates(StubHandler api) => api.Sent.Count(request => request.Method == "POST");

    /// <summary>Juxin, whose task has the prompt in its id.</summary>
    private static StubHandler Making(Func<string, HttpResponseMessage?>? refuse = null) => new((_, request) =>
    {
        if (request.Method == HttpMethod.Get)
        {
            return StubHandler.Json(Responses.Completed(request.RequestUri!.Query[4..]));
        }

        var body = request.Content!.ReadAsStringAsync().GetAwaiter().GetResult();
        var prompt = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("prompt").GetString()!;
        return refuse?.Invoke(prompt) ?? StubHandler.Json($$"""{"id":"task-{{prompt}}","status":"queued"}""");
    });

    private async Task<List<BatchItem>> RunAsync(IAsyncEnumerable<BatchItem> batch) =>
        [.. (await _clock.RunAsync(batch.CollectAsync())).OrderBy(item => item.Index)];

    private Sora2Client Client(HttpMessageHandler api)
    {
        var client = TestClients.Create(
            Sora2Platform.Juxin,
            api,
            options => (options.TaskStore, options.TimeProvider, options.CreateRetries, options.QueryRetries) = (_store, _clock, 0, 0));
        _clients.Add(client);
        return client;
    }
}
