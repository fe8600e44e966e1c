using System.Globalization;
using System.Net;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>A batch on a platform that refuses creates for a while: no item fails, and no more is sent than needed.</summary>
public sealed class BusyBatchTests
{
    private const string TooMany = """{"error":{"message":"Too many requests"}}""";
    private const string Saturated = """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""";
    private const string Done = """{"status":"SUCCESS","video_url":"https://x/v.mp4"}""";

    private readonly VirtualClock _clock = new();
    private readonly List<double> _creates = [];
    private readonly List<BatchProgress> _reports = [];

    [Theory]
    [InlineData(429, TooMany)]
    [InlineData(503, Saturated)]
    public async Task Batch_survives_ten_minutes_of_refusals(int status, string body)
    {
        using var client = Client(() => _clock.Elapsed < TimeSpan.FromMinutes(10) ? Json(body, status) : null);

        var items = await RunAsync(client, 40);

        Assert.Equal(40, items.Count(item => item.State == BatchItemState.Succeeded));
        // Refused items keep their turn.
        Assert.All(
            _reports.Where(report => report.Item.State == BatchItemState.NotStarted), report => Assert.InRange(report.Item.Index, 0, 3));
        Assert.InRange(_creates.Count(at => at < 600), 1, 4 * 4 * 16); // 4 slots, each with 3 retries, in pauses that grow to a minute.
    }

    [Fact]
    public async Task Batch_survives_ten_minutes_without_a_connection()
    {
        using var client = Client(() => _clock.Elapsed < TimeSpan.FromMinutes(10)
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : null);

        Assert.Equal(40, (await RunAsync(client, 40)).Count(item => item.State == BatchItemState.Succeeded));
    }

    [Fact]
    public async Task All_creates_pause_for_the_retry_after_of_one()
    {
        using var client = Client(() =>
        {
            if (_clock.Elapsed >= TimeSpan.FromMinutes(5))
            {
                return null;
            }

            var response = Json(TooMany, 429);
            response.Headers.Add(
                "Retry-After", (TimeSpan.FromMinutes(5) - _clock.Elapsed).TotalSeconds.ToString("0", CultureInfo.InvariantCulture));
            return response;
        });

        var items = await RunAsync(client, 12);

        Assert.Equal(12, items.Count(item => item.State == BatchItemState.Succeeded));
        Assert.InRange(_creates.Count(at => at < 300), 1, 4);
        Assert.All(_creates.Where(at => at < 300), at => Assert.Equal(0, at));
    }

    [Fact]
    public async Task Progress_and_log_report_the_pause()
    {
        using var heard = new Listening(nameof(Progress_and_log_report_the_pause));
        using var client = Client(
            () => _clock.Elapsed < TimeSpan.FromMinutes(1) ? Json(TooMany, 429) : null,
            options => options.LoggerFactory = heard,
            heard.ClientName);

        await RunAsync(client, 2);

        var paused = Assert.Single(_reports.Where(report => report.PausedUntil is not null).Take(1));
        Assert.Equal(
            (BatchItemState.NotStarted, Sora2ErrorKind.RateLimited), (paused.Item.State, ((Sora2Exception)paused.Item.Error!).Kind));
        Assert.Contains("paused until 08:0", paused.ToString(), StringComparison.Ordinal);
        Assert.Contains(heard.Lines, line => line.Id == 15);
        Assert.Null(_reports[^1].PausedUntil);
    }

    [Fact]
    public async Task Busy_timeout_ends_the_batch_and_leaves_the_other_items_not_started()
    {
        using var client = Client(() => Json(TooMany, 429));

        var items = await RunAsync(client, 40, new BatchOptions { BusyTimeout = TimeSpan.FromMinutes(5), MaxConcurrency = 1 });

        Assert.Equal(
            (1, 39),
            (items.Count(item => item.State == BatchItemState.Failed), items.Count(item => item.State == BatchItemState.NotStarted)));
        Assert.Equal((bool?)false, ((Sora2Exception)items.Single(item => item.Error is not null).Error!).MayHaveBeenCharged);
        Assert.InRange(_clock.Elapsed, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
    }

    [Fact]
    public async Task Retry_after_longer_than_the_busy_timeout_ends_the_batch_at_once()
    {
        using var client = Client(() =>
        {
            var response = Json(TooMany, 429);
            response.Headers.Add("Retry-After", "7200");
            return response;
        });

        var items = await RunAsync(client, 3, new BatchOptions { MaxConcurrency = 1 });

        Assert.Equal(
            (1, 2, TimeSpan.Zero),
            (
                items.Count(item => item.State == BatchItemState.Failed),
                items.Count(item => item.State == BatchItemState.NotStarted),
                _clock.Elapsed));
    }

    [Fact]
    public async Task Each_refusal_fails_its_item_without_a_busy_timeout()
    {
        using var client = Client(() => Json(TooMany, 429));

        var items = await RunAsync(client, 5, new BatchOptions { BusyTimeout = TimeSpan.Zero });

        Assert.Equal(5, items.Count(item => item.State == BatchItemState.Failed));
    }

    [Fact]
    public async Task Refusal_that_may_have_been_charged_is_never_sent_again()
    {
        using var client = Client(() => Json("", 502));

        var items = await RunAsync(client, 3);

        Assert.Equal((3, 3), (items.Count(item => item.State == BatchItemState.SubmissionUnknown), _creates.Count));
    }

    [Fact]
    public async Task Cancellation_ends_the_pause_and_starts_nothing()
    {
        using var cancel = new CancellationTokenSource();
        using var client = Client(() => Json(TooMany, 429));
        var progress = new SyncProgress<BatchProgress>(report =>
        {
            if (report.PausedUntil is not null)
            {
                cancel.Cancel();
            }
        });

        var items = await _clock.RunAsync(
            ToListAsync(client.Videos.GenerateBatchAsync(Requests(8), new BatchOptions { Progress = progress }, cancel.Token)));

        Assert.Equal(8, items.Count(item => item.State == BatchItemState.NotStarted));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(25)]
    public void Invalid_busy_timeout_is_refused(int days)
    {
        using var client = Client(() => null);

        Assert.Throws<Sora2ValidationException>(() => client.Videos.GenerateBatchAsync(
            Requests(1), new BatchOptions { BusyTimeout = TimeSpan.FromDays(days) }, CancellationToken.None));
    }

    private static HttpResponseMessage Json(string body, int status) => StubHandler.Json(body, (HttpStatusCode)status);

    private static IReadOnlyList<VideoRequest> Requests(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new VideoRequest($"video {index}"))];

    private static async Task<List<BatchItem>> ToListAsync(IAsyncEnumerable<BatchItem> batch)
    {
        var items = new List<BatchItem>();
        await foreach (var item in batch)
        {
            items.Add(item);
        }

        return items;
    }

    private Task<List<BatchItem>> RunAsync(Sora2Client client, int count, BatchOptions? options = null) =>
        _clock.RunAsync(ToListAsync(client.Videos.GenerateBatchAsync(
            Requests(count),
            (options ?? new BatchOptions()) with { Progress = new SyncProgress<BatchProgress>(_reports.Add) },
            CancellationToken.None)));

    /// <summary>A client whose creates are refused as long as there is a refusal; every task is completed at the first poll.</summary>
    private Sora2Client Client(
        Func<HttpResponseMessage?> refusal, Action<Sora2ClientOptions>? configure = null, string name = "") => TestClients.Create(
        Sora2Platform.Juxin,
        new Api(() =>
        {
            lock (_creates)
            {
                _creates.Add(_clock.Elapsed.TotalSeconds);
                return refusal() ?? StubHandler.Json($$"""{"id":"task-{{_creates.Count}}","status":"queued"}""");
            }
        }),
        options =>
        {
            // Items start on threads of the pool, and the clock does not wait for them: no call may time out meanwhile.
            (options.TimeProvider, options.PollJitter, options.JitterSeed) = (_clock, 0, 1);
            (options.CreateTimeout, options.QueryTimeout, options.WaitTimeout) =
                (Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            configure?.Invoke(options);
        },
        name: name);

    /// <summary>Responds at once, on the calling thread.</summary>
    private sealed class Api(Func<HttpResponseMessage> create) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is not { } content)
            {
                return StubHandler.Json(Done);
            }

            var response = create();
            await content.CopyToAsync(Stream.Null, cancellationToken);
            return response;
        }
    }
}
