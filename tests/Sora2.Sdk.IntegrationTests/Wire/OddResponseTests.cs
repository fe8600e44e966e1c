using System.IO.Compression;
using System.Net;
using System.Text;
using Sora2.Sdk.IntegrationTests.Support;
using WireMock.ResponseBuilders;

namespace Sora2.Sdk.IntegrationTests.Wire;

/// <summary>Responses that HTTP allows and a relay, or a gateway in front of it, may send; to a paid create and to a query.</summary>
public sealed class OddResponseTests : WireTest
{
    private const string TaskJson = """{"id":"task-1","task_id":"task-1","status":"processing","model":"小猫"}""";

    private static readonly string[] Platforms = [.. Sora2Platform.BuiltIn.Select(platform => platform.Name)];

    public static MatrixTheoryData<string, int> Redirects => new(Platforms, [301, 302, 307, 308]);

    /// <summary>An empty string means no header.</summary>
    public static MatrixTheoryData<string, string> WrongContentTypes => new(Platforms, ["text/plain", "text/html; charset=gb2312", ""]);

    public static MatrixTheoryData<string, string> Encodings => new(Platforms, ["gzip", "br", "deflate"]);

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task Redirected_create_was_not_charged(string platform, int status)
    {
        RedirectToMedia(status);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(Client(platform)));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, error.Kind);
        Assert.Equal((HttpStatusCode)status, error.StatusCode);
        Assert.False(error.MayHaveBeenCharged);
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task Redirected_create_is_sent_once(string platform, int status)
    {
        RedirectToMedia(status);

        await Assert.ThrowsAsync<Sora2ApiException>(() => CreateAsync(Client(platform)));

        Assert.Equal(1, Api.RequestCount);
        Assert.Equal(0, Media.RequestCount);
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task Redirected_query_is_the_wrong_endpoint(string platform, int status)
    {
        RedirectToMedia(status);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => QueryAsync(Client(platform)));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, error.Kind);
        Assert.Equal((HttpStatusCode)status, error.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Redirects))]
    public async Task Redirected_query_is_sent_once(string platform, int status)
    {
        RedirectToMedia(status);

        await Assert.ThrowsAsync<Sora2ApiException>(() => QueryAsync(Client(platform)));

        Assert.Equal(1, Api.RequestCount);
        Assert.Equal(0, Media.RequestCount);
    }

    [Theory]
    [MemberData(nameof(WrongContentTypes))]
    public async Task Json_under_a_wrong_content_type_is_read(string platform, string contentType)
    {
        var response = Response.Create().WithBody(Encoding.UTF8.GetBytes(TaskJson));
        Api.Respond(contentType.Length == 0 ? response : response.WithHeader("Content-Type", contentType));

        await AssertBothAreReadAsync(Client(platform));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Compressed_json_is_read(string platform, string encoding)
    {
        Api.Respond(Response.Create().WithHeader("Content-Encoding", encoding).WithBody(Compressed(encoding, TaskJson)));

        await AssertBothAreReadAsync(Client(platform));
    }

    [Theory]
    [AllPlatforms]
    public async Task Json_after_a_byte_order_mark_is_read(string platform)
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(TaskJson)];
        Api.Respond(Response.Create().WithHeader("Content-Type", "application/json").WithBody(body));

        await AssertBothAreReadAsync(Client(platform));
    }

    /// <summary>Over a plain socket, as Kestrel sends no trailers over HTTP/1.1. The first chunk ends within a Chinese character.</summary>
    [Theory]
    [AllPlatforms]
    public async Task Chunks_with_trailers_are_read(string platform)
    {
        var json = Encoding.UTF8.GetBytes(TaskJson);
        var cut = Encoding.UTF8.GetByteCount(TaskJson[..TaskJson.IndexOf('小', StringComparison.Ordinal)]) + 1;
        using var host = new RawHost(
        [
            .. "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n\r\n"u8,
            .. Encoding.ASCII.GetBytes($"{cut:x}\r\n"), .. json[..cut], .. "\r\n"u8,
            .. Encoding.ASCII.GetBytes($"{json.Length - cut:x}\r\n"), .. json[cut..], .. "\r\n"u8,
            .. "0\r\nX-Checksum: 1234\r\nX-Request-Id: late\r\n\r\n"u8,
        ]);

        await AssertBothAreReadAsync(Client(platform, options => options.BaseAddress = host.Address));
    }

    [Theory]
    [AllPlatforms]
    public async Task Create_with_204_has_an_unknown_outcome(string platform)
    {
        Api.Respond(Response.Create().WithStatusCode(204));

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => CreateAsync(Client(platform)));

        Assert.Equal(HttpStatusCode.NoContent, error.StatusCode);
        Assert.Null(error.MayHaveBeenCharged);
        Assert.Equal(1, Api.RequestCount);
    }

    [Theory]
    [AllPlatforms]
    public async Task Query_with_204_is_unreadable_and_transient(string platform)
    {
        Api.Respond(Response.Create().WithStatusCode(204));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => QueryAsync(Client(platform, options => options.QueryRetries = 0)));

        Assert.Equal(Sora2ErrorKind.UnreadableResponse, error.Kind);
        Assert.Equal(HttpStatusCode.NoContent, error.StatusCode);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [AllPlatforms]
    public async Task Slow_headers_of_a_create_are_waited_for_until_the_timeout(string platform)
    {
        var clock = new VirtualClock();
        using var held = new HeldResponse(Api, TaskJson);

        var create = CreateAsync(Client(platform, options => options.TimeProvider = clock));
        await held.HasRequestAsync(Token);
        clock.Advance(new Sora2ClientOptions().CreateTimeout - TimeSpan.FromMilliseconds(1));
        held.Release();

        Assert.Equal("task-1", (await create).Id);
    }

    [Theory]
    [AllPlatforms]
    public async Task Slow_headers_of_a_query_are_waited_for_until_the_timeout(string platform)
    {
        var clock = new VirtualClock();
        using var held = new HeldResponse(Api, TaskJson);

        var query = QueryAsync(Client(platform, options => (options.TimeProvider, options.QueryRetries) = (clock, 0)));
        await held.HasRequestAsync(Token);
        clock.Advance(new Sora2ClientOptions().QueryTimeout - TimeSpan.FromMilliseconds(1));
        held.Release();

        Assert.Equal("task-1", (await query).Id);
    }

    [Theory]
    [AllPlatforms]
    public async Task Create_without_headers_by_the_timeout_has_an_unknown_outcome(string platform)
    {
        var clock = new VirtualClock();
        using var held = new HeldResponse(Api, TaskJson);

        var create = CreateAsync(Client(platform, options => options.TimeProvider = clock));
        await held.HasRequestAsync(Token);
        clock.Advance(new Sora2ClientOptions().CreateTimeout);
        held.Release(); // too late; without the timeout, the call would now succeed

        var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => create);
        Assert.Equal(Sora2ErrorKind.Timeout, Assert.IsType<Sora2ApiException>(error.InnerException).Kind);
        Assert.Null(error.MayHaveBeenCharged);
        Assert.Equal(1, Api.RequestCount);
    }

    [Theory]
    [AllPlatforms]
    public async Task Query_without_headers_by_the_timeout_ends_in_a_timeout(string platform)
    {
        var clock = new VirtualClock();
        using var held = new HeldResponse(Api, TaskJson);

        var query = QueryAsync(Client(platform, options => (options.TimeProvider, options.QueryRetries) = (clock, 0)));
        await held.HasRequestAsync(Token);
        clock.Advance(new Sora2ClientOptions().QueryTimeout);
        held.Release(); // too late; without the timeout, the call would now succeed

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => query);
        Assert.Equal(Sora2ErrorKind.Timeout, error.Kind);
        Assert.True(error.IsTransient);
    }

    private static Task<VideoTask> CreateAsync(Sora2Client client) => client.Videos.CreateAsync(new VideoRequest("A corgi surfs"), Token);

    private static Task<VideoTask> QueryAsync(Sora2Client client) => client.Videos.GetAsync("task-1", Token);

    private static async Task AssertBothAreReadAsync(Sora2Client client)
    {
        Assert.Equal(("task-1", "小猫"), IdAndModel(await CreateAsync(client)));
        Assert.Equal(("task-1", "小猫"), IdAndModel(await QueryAsync(client)));

        static (string, string?) IdAndModel(VideoTask task) => (task.Id, task.Model);
    }

    private void RedirectToMedia(int status)
    {
        Media.RespondJson(TaskJson);
        Api.Respond(Response.Create().WithStatusCode(status).WithHeader("Location", new Uri(Media.Address, "/elsewhere").AbsoluteUri));
    }

    private static byte[] Compressed(string encoding, string text)
    {
        using var compressed = new MemoryStream();
        using (Stream compressor = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Optimal),
            "br" => new BrotliStream(compressed, CompressionLevel.Optimal),
            _ => new ZLibStream(compressed, CompressionLevel.Optimal), // what HTTP calls deflate
        })
        {
            compressor.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    /// <summary>A response whose headers the test releases, after the complete request has arrived.</summary>
    private sealed class HeldResponse : IDisposable
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldResponse(WireServer server, string json) => server.Respond(Response.Create().WithBody(async _ =>
        {
            _arrived.TrySetResult();
            await _released.Task;
            return json;
        }));

        public Task HasRequestAsync(CancellationToken cancellationToken) => _arrived.Task.WaitAsync(cancellationToken);

        public void Release() => _released.TrySetResult();

        public void Dispose() => Release();
    }
}
