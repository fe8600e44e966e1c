using System.Net;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>Waiting on a virtual clock: when each poll is sent, and what ends the wait.</summary>
public sealed class WaitingTests
{
    private const string Running = """{"status":"IN_PROGRESS"}""";
    private const string Done = """{"status":"SUCCESS","video_url":"https://x/v.mp4"}""";

    private const string UnknownTask = """{"code":"task_not_exist","message":"task_not_exist","data":null}""";

    private readonly VirtualClock _clock = new();
    private readonly List<double> _polls = [];

    [Theory]
    [AllPlatforms]
    public async Task Wait_by_id_polls_at_once_and_then_every_thirty_seconds(string platform)
    {
        using var client = Client(platform, n => n < 10 ? Running : Done);

        var task = await _clock.RunAsync(client.Videos.WaitAsync("task-1"));

        Assert.Equal(VideoTaskStatus.Succeeded, task.Status);
        Assert.Equal([0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300], _polls);
    }

    [Theory]
    [AllPlatforms]
    public async Task Wait_after_a_create_reports_the_task_and_polls_after_one_interval(string platform)
    {
        var reports = new Reports();
        using var client = Client(platform, n => n == 0 ? """{"id":"task-1","status":"queued"}""" : n < 3 ? Running : Done);

        await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a"), progress: reports));

        Assert.Equal([0, 30, 60, 90], _polls);
        Assert.Equal(("task-1", 0.0), (reports.Tasks[0].Id, reports.At(0)));
        Assert.Equal(
            [VideoTaskStatus.InProgress, VideoTaskStatus.InProgress, VideoTaskStatus.InProgress, VideoTaskStatus.Succeeded],
            reports.Tasks.Select(task => task.Status));
    }

    [Fact]
    public async Task Interval_and_timeout_of_a_wait_override_those_of_the_client()
    {
        using var client = Client("juxin", _ => Running, options => options.PollInterval = TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<WaitTimeoutException>(() => _clock.RunAsync(client.Videos.WaitAsync(
            "task-1", new WaitOptions { PollInterval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromSeconds(5) })));

        Assert.Equal([0, 2, 4, 5], _polls);
    }

    [Fact]
    public async Task Timeout_is_not_a_failure_and_says_how_to_resume()
    {
        using var client = Client("zhenzhen", _ => """{"status":"IN_PROGRESS","progress":"42%"}""");

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(() => _clock.RunAsync(client.Videos.WaitAsync("task-1")));

        Assert.Equal(61, _polls.Count);
        Assert.Equal(
            ("task-1", "zhenzhen", TimeSpan.FromMinutes(30), false, true),
            (error.TaskId, error.PlatformName, error.Elapsed, error.IsTransient, error.MayHaveBeenCharged));
        Assert.Equal((42.0, "IN_PROGRESS"), (error.VideoTask!.Progress, error.VideoTask.RawStatus));
        Assert.Contains("WaitAsync(\"task-1\")", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("create", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Wait_with_a_timeout_of_zero_polls_once()
    {
        using var client = Client("juxin", _ => Running);

        await Assert.ThrowsAsync<WaitTimeoutException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = TimeSpan.Zero })));

        Assert.Equal([0], _polls);
    }

    [Fact]
    public async Task Wait_without_a_timeout_continues_for_days()
    {
        using var client = Client("juxin", n => n < 5000 ? Running : Done);

        await _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = Timeout.InfiniteTimeSpan }));

        Assert.Equal(5000 * 30.0, _polls[^1]);
    }

    [Theory]
    [AllPlatforms]
    public async Task Unknown_status_keeps_waiting(string platform)
    {
        string[] statuses = ["\"NOT_START\"", "\"\"", "null", "\"unknown\"", "102", "\"Processing\"", "103"];
        using var client = Client(platform, n => $$"""{"status":{{statuses[n]}},"video_url":"https://x/v.mp4"}""");

        var task = await _clock.RunAsync(client.Videos.WaitAsync("task-1"));

        Assert.Equal("103", task.RawStatus);
        Assert.Equal(7, _polls.Count);
    }

    [Fact]
    public async Task Success_without_a_link_is_polled_again()
    {
        using var client = Client("zhenzhen", n => n < 2 ? """{"status":"SUCCESS","data":null}""" : Done);

        Assert.NotNull((await _clock.RunAsync(client.Videos.WaitAsync("task-1"))).VideoUrl);
        Assert.Equal(3, _polls.Count);
    }

    [Theory]
    [AllPlatforms]
    public async Task Success_without_a_link_ends_the_wait_after_ten_polls(string platform)
    {
        using var client = Client(platform, _ => """{"status":"SUCCESS","note":"where is it"}""");

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = Timeout.InfiniteTimeSpan })));

        Assert.Equal(
            (10, "task-1", Sora2ErrorKind.UnreadableResponse, (bool?)true, false),
            (_polls.Count, error.TaskId, error.Kind, error.MayHaveBeenCharged, error.IsTransient));
        Assert.Contains("where is it", error.RawBody, StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task Timeout_after_a_success_without_a_link_says_so(string platform)
    {
        using var client = Client(platform, _ => """{"status":"SUCCESS"}""");

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = TimeSpan.FromMinutes(1) })));

        Assert.Contains("without a link", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jitter_only_lengthens_the_poll_interval_by_a_tenth_at_most()
    {
        using var client = Client(
            "juxin", n => n < 50 ? Running : Done, options => options.PollJitter = new Sora2ClientOptions().PollJitter);

        await _clock.RunAsync(client.Videos.WaitAsync("task-1"));

        var pauses = _polls.Zip(_polls.Skip(1), (from, to) => Math.Round(to - from, 3)).ToList();
        Assert.All(pauses, pause => Assert.InRange(pause, 30, 33.001));
        Assert.True(pauses.Distinct().Count() > 30, "the pauses differ");
    }

    [Fact]
    public async Task Same_seed_polls_at_the_same_times_and_another_seed_at_others()
    {
        var instants = new List<string>();
        foreach (var seed in new[] { 7, 7, 8 })
        {
            var start = _clock.Elapsed;
            _polls.Clear();
            using var client = Client(
                "juxin", n => n < 20 ? Running : Done, options => (options.PollJitter, options.JitterSeed) = (0.1, seed));
            await _clock.RunAsync(client.Videos.WaitAsync("task-1"));
            instants.Add(string.Join(' ', _polls.Select(at => Math.Round(at - start.TotalSeconds, 3))));
        }

        Assert.Equal(instants[0], instants[1]);
        Assert.NotEqual(instants[0], instants[2]);
    }

    [Fact]
    public async Task Slow_poll_does_not_shift_the_following_polls()
    {
        using var client = Client("juxin", n =>
        {
            _clock.Advance(TimeSpan.FromSeconds(n == 2 ? 70 : 4)); // the third takes longer than two intervals
            return n < 6 ? Running : Done;
        }, options => options.QueryTimeout = TimeSpan.FromMinutes(5));

        await _clock.RunAsync(client.Videos.WaitAsync("task-1"));

        Assert.Equal([0, 30, 60, 130, 160, 190, 220], _polls);
    }

    [Fact]
    public async Task Adaptive_interval_grows_to_four_times_the_interval()
    {
        using var client = Client("juxin", n => n < 60 ? Running : Done);

        await _clock.RunAsync(
            client.Videos.WaitAsync("task-1", new WaitOptions { AdaptiveInterval = true, Timeout = TimeSpan.FromHours(5) }));

        var pauses = _polls.Zip(_polls.Skip(1), (from, to) => Math.Round(to - from, 3)).ToList();
        Assert.Equal(30, pauses[0]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(120, pauses[^1]);
        Assert.All(_polls.Zip(pauses), step => Assert.Equal(Math.Clamp(step.First / 10, 30, 120), step.Second, 0.001));
    }

    [Fact]
    public async Task Thousands_of_waits_do_not_poll_at_the_same_time()
    {
        const int Waits = 5000;
        var instants = new Dictionary<double, int>();
        using var client = Client("juxin", new StubHandler((n, request) =>
        {
            var at = Math.Round(_clock.Elapsed.TotalSeconds, 1);
            instants[at] = instants.GetValueOrDefault(at) + 1;
            return StubHandler.Json(_clock.Elapsed < TimeSpan.FromMinutes(5) ? Running : Done);
        }), options => options.PollJitter = 0.1);

        var tasks = await _clock.RunAsync(Task.WhenAll(Enumerable.Range(0, Waits).Select(i => client.Videos.WaitAsync($"task-{i}"))));

        Assert.All(tasks, task => Assert.True(task.IsCompleted));
        Assert.True(
            instants.Where(instant => instant.Key > 0).Max(instant => instant.Value) < Waits / 10,
            "no tenth of a second has a tenth of the polls");
    }

    [Fact]
    public async Task MinQueryInterval_spaces_the_polls_of_all_waits()
    {
        using var client = Client("juxin", n => n < 30 ? Running : Done, options => options.MinQueryInterval = TimeSpan.FromSeconds(2));

        await _clock.RunAsync(Task.WhenAll(Enumerable.Range(0, 10).Select(i => client.Videos.WaitAsync($"task-{i}"))));

        Assert.All(_polls.Zip(_polls.Skip(1), (from, to) => to - from), pause => Assert.True(pause >= 2, $"{pause} s"));
    }

    [Fact]
    public async Task Progress_never_falls()
    {
        string[] responses =
        [
            """{"progress":"45%"}""", """{"progress":40}""", """{"progress":"47"}""", """{"progress":50.5}""", "{}",
            """{"progress":0.93}""",
            """{"detail":{"pending_info":{"progress_pct":0.93}}}""", """{"progress":"later"}""", Done,
        ];
        using var client = Client("juxin", n => responses[n]);
        var reports = new Reports();

        await _clock.RunAsync(client.Videos.WaitAsync("task-1", progress: reports));

        Assert.Equal([45, 45, 47, 50.5, 50.5, 50.5, 93, 93, 100], reports.Tasks.Select(task => task.Progress));
    }

    [Theory]
    [InlineData("juxin", """{"id":"task-1","status":"failed","error":{"message":"提示词违反政策"}}""", Sora2ErrorKind.InputModeration)]
    [InlineData(
        "zhenzhen", """{"status":"FAILURE","fail_reason":"生成的视频违反政策","progress":"100%","data":null}""", Sora2ErrorKind.OutputModeration)]
    [InlineData("zhenzhen", """{"status":"FAILURE","fail_reason":"upstream broke"}""", Sora2ErrorKind.TaskFailed)]
    public async Task Failed_task_throws_at_once_with_its_reason(string platform, string response, Sora2ErrorKind kind)
    {
        using var client = Client(platform, _ => response);

        var error = await Assert.ThrowsAsync<VideoTaskFailedException>(() => _clock.RunAsync(client.Videos.WaitAsync("task-1")));

        Assert.Equal((kind, "task-1", platform, (bool?)null), (error.Kind, error.TaskId, error.PlatformName, error.MayHaveBeenCharged));
        Assert.Contains(error.VideoTask.FailureReason!, error.Message, StringComparison.Ordinal);
        Assert.Equal([0], _polls);
    }

    [Fact]
    public async Task Watching_yields_a_failed_task_instead_of_throwing()
    {
        using var client = Client("juxin", n => n == 0 ? Running : """{"status":"failed"}""");

        var seen = await _clock.RunAsync(ToListAsync(client.Videos.WatchAsync("task-1")));

        Assert.Equal([VideoTaskStatus.InProgress, VideoTaskStatus.Failed], seen.Select(task => task.Status));
    }

    [Fact]
    public async Task Unknown_task_is_polled_three_times()
    {
        using var late = Client("juxin", n => n is 0 ? """{"id":"task-1"}""" : n is 1 or 2 ? null : Done);
        await _clock.RunAsync(late.Videos.GenerateAsync(new VideoRequest("a")));

        using var never = Client("juxin", _ => null);
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(never.Videos.WaitAsync("task-1")));

        Assert.Equal((Sora2ErrorKind.TaskNotFound, "task-1", (bool?)null), (error.Kind, error.TaskId, error.MayHaveBeenCharged));
        Assert.Equal(4 + 3, _polls.Count);
    }

    [Fact]
    public async Task Wrong_key_ends_the_wait_at_once()
    {
        using var client = Client(
            "juxin", new StubHandler((_, _) => StubHandler.Json("""{"error":{"message":"无效的令牌"}}""", HttpStatusCode.Unauthorized)));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.WaitAsync("task-1")));

        Assert.Equal(
            (Sora2ErrorKind.Authentication, "task-1", TimeSpan.Zero, (bool?)true),
            (error.Kind, error.TaskId, _clock.Elapsed, error.MayHaveBeenCharged));
    }

    [Fact]
    public async Task Transient_errors_keep_waiting()
    {
        using var client = Client("juxin", new StubHandler((n, _) => n switch
        {
            0 or 1 or 2 => StubHandler.Json("", HttpStatusCode.BadGateway),
            3 => StubHandler.Json("<html><title>Relay</title>"),
            4 => throw new HttpRequestException(HttpRequestError.ResponseEnded),
            5 => StubHandler.Json("""{"status":"SUCC"""),
            _ => StubHandler.Json(Done),
        }));

        Assert.True((await _clock.RunAsync(client.Videos.WaitAsync("task-1"))).IsCompleted);
    }

    [Fact]
    public async Task Timeout_reports_errors_that_lasted()
    {
        using var client = Client("juxin", new StubHandler((_, _) => StubHandler.Json("", HttpStatusCode.BadGateway)));

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = TimeSpan.FromMinutes(5) })));

        Assert.Null(error.VideoTask);
        Assert.Equal(6, ((Sora2ApiException)error.InnerException!).Attempts);
        Assert.Contains(" The last poll failed: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("502", error.Message, StringComparison.Ordinal);
        Assert.Equal(Sora2ErrorKind.ServerError, Assert.IsType<Sora2ApiException>(error.InnerException).Kind);
        Assert.InRange(_clock.Elapsed, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.5));
    }

    [Fact]
    public async Task Retry_after_delays_the_next_poll()
    {
        using var client = Client("juxin", new StubHandler((n, _) =>
        {
            _polls.Add(_clock.Elapsed.TotalSeconds);
            return n == 0 ? TooFast("7") : StubHandler.Json(Done);
        }));

        await _clock.RunAsync(client.Videos.WaitAsync("task-1"));

        Assert.Equal([0, 7], _polls);
    }

    [Fact]
    public async Task Retry_after_longer_than_the_wait_is_reported_not_waited()
    {
        using var client = Client("juxin", new StubHandler((_, _) => TooFast("410400")));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = TimeSpan.FromMinutes(10) })));

        Assert.Equal(
            (Sora2ErrorKind.RateLimited, TimeSpan.FromSeconds(410400), TimeSpan.Zero),
            (error.Kind, error.RetryAfter!.Value, _clock.Elapsed));
        Assert.Contains("410400 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_at_once()
    {
        using var cancel = new CancellationTokenSource();
        using var client = Client("juxin", _ => Running);
        var wait = client.Videos.WaitAsync("task-1", cancellationToken: cancel.Token);
        _clock.Advance(TimeSpan.FromSeconds(45));

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAsync<WaitCanceledException>(() => wait);
        Assert.Equal(("task-1", "juxin", cancel.Token), (error.TaskId, error.PlatformName, error.CancellationToken));
        Assert.Equal(TimeSpan.FromSeconds(45), _clock.Elapsed);
    }

    [Theory]
    [AllPlatforms]
    public async Task Busy_platform_is_not_polled_more_often(string platform)
    {
        using var client = Client(platform, new StubHandler((_, _) =>
        {
            _polls.Add(_clock.Elapsed.TotalSeconds);
            return StubHandler.Json("""{"error":{"message":"Too many requests"}}""", HttpStatusCode.TooManyRequests);
        }));

        await Assert.ThrowsAsync<WaitTimeoutException>(() => _clock.RunAsync(client.Videos.WaitAsync("task-1")));

        Assert.Equal(61, _polls.Count);
    }

    [Fact]
    public async Task Retry_after_of_months_is_reported_without_a_timeout_too()
    {
        using var client = Client("juxin", new StubHandler((_, _) => TooFast("9999999")));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = Timeout.InfiniteTimeSpan })));

        Assert.Equal(TimeSpan.FromSeconds(9999999), error.RetryAfter);
    }

    [Fact]
    public async Task Retry_after_longer_than_the_rest_of_the_wait_is_reported_at_once()
    {
        using var client = Client("juxin", new StubHandler((n, _) => n < 10 ? StubHandler.Json(Running) : TooFast("50")));

        await Assert.ThrowsAsync<Sora2ApiException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = TimeSpan.FromSeconds(340) })));

        Assert.Equal(TimeSpan.FromSeconds(300), _clock.Elapsed);
    }

    [Fact]
    public async Task Retry_after_of_an_hour_is_waited_without_a_timeout()
    {
        using var client = Client("juxin", new StubHandler((n, _) => n == 0 ? TooFast("3600") : StubHandler.Json(Done)));

        await _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = Timeout.InfiniteTimeSpan }));

        Assert.Equal(TimeSpan.FromHours(1), _clock.Elapsed);
    }

    [Fact]
    public async Task Cancellation_ends_a_wait_during_a_poll()
    {
        using var cancel = new CancellationTokenSource();
        using var client = TestClients.Create(Sora2Platform.Juxin, new NeverResponding(), options => options.TimeProvider = _clock);
        var wait = client.Videos.WaitAsync("task-1", cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        Assert.Equal("task-1", (await Assert.ThrowsAsync<WaitCanceledException>(() => wait)).TaskId);
    }

    [Fact]
    public async Task Platform_that_never_responds_ends_the_wait_soon_after_its_timeout()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new NeverResponding(), options => options.TimeProvider = _clock);

        var error = await Assert.ThrowsAsync<WaitTimeoutException>(
            () => _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = TimeSpan.FromMinutes(1) })));

        Assert.InRange(error.Elapsed, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1.5));
    }

    [Fact]
    public async Task Timeout_reports_the_last_status_and_no_failure_that_passed()
    {
        using var known = Client("juxin", _ => """{"status":"IN_PROGRESS","progress":42}""");
        using var unknown = Client("juxin", _ => "{}");

        var withStatus = await Assert.ThrowsAsync<WaitTimeoutException>(() => _clock.RunAsync(known.Videos.WaitAsync("task-1")));
        var withoutStatus = await Assert.ThrowsAsync<WaitTimeoutException>(() => _clock.RunAsync(unknown.Videos.WaitAsync("task-1")));

        Assert.Contains("InProgress (IN_PROGRESS) at 42%.", withStatus.Message, StringComparison.Ordinal);
        Assert.Contains(" Unknown.", withoutStatus.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("failed:", withStatus.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watching_refuses_invalid_arguments()
    {
        using var client = Client("juxin", _ => Running);

        Assert.Throws<ArgumentException>(() => client.Videos.WatchAsync(" "));
        await Assert.ThrowsAsync<Sora2ValidationException>(
            () => ToListAsync(client.Videos.WatchAsync("task-1", new WaitOptions { PollInterval = TimeSpan.FromHours(2) })));
        Assert.Empty(_polls);
    }

    [Fact]
    public async Task Wait_works_without_a_query_timeout()
    {
        using var client = Client("juxin", n => n < 3 ? Running : Done, options => options.QueryTimeout = Timeout.InfiniteTimeSpan);

        Assert.True(
            (await _clock.RunAsync(client.Videos.WaitAsync("task-1", new WaitOptions { Timeout = TimeSpan.FromSeconds(90) }))).IsCompleted);
    }

    [Theory]
    [InlineData(403, """{"error":{"message":"用户额度不足"}}""")]
    [InlineData(401, """{"error":{"message":"无效的令牌"}}""")]
    [InlineData(400, """{"code":"task_not_exist","message":"task_not_exist","data":null}""")]
    public async Task Error_after_an_accepted_create_is_never_transient_or_not_charged(int status, string body)
    {
        using var client = Client(
            "juxin",
            new StubHandler((n, _) => n == 0 ? StubHandler.Json("""{"id":"task-1"}""") : StubHandler.Json(body, (HttpStatusCode)status)));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a"))));

        Assert.Equal(((bool?)true, false, "task-1"), (error.MayHaveBeenCharged, error.IsTransient, error.TaskId));
        Assert.DoesNotContain("nothing was charged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_retry_after_following_a_create_is_not_transient()
    {
        using var client = Client("juxin", new StubHandler((n, _) => n == 0 ? StubHandler.Json("""{"id":"task-1"}""") : TooFast("410400")));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a"))));

        Assert.Equal(
            (Sora2ErrorKind.RateLimited, (bool?)true, false, "task-1"),
            (error.Kind, error.MayHaveBeenCharged, error.IsTransient, error.TaskId));
    }

    [Fact]
    public async Task Cancellation_after_a_create_reports_the_id()
    {
        using var cancel = new CancellationTokenSource();
        using var client = Client("zhenzhen", n => n == 0 ? """{"task_id":"task-1"}""" : Running);
        var generate = client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        Assert.Equal("task-1", (await Assert.ThrowsAsync<WaitCanceledException>(() => generate)).TaskId);
    }

    [Fact]
    public async Task Progress_that_throws_does_not_lose_the_id()
    {
        using var client = Client("juxin", _ => """{"id":"task-1"}""");

        var error = await Assert.ThrowsAsync<FormatException>(
            () => client.Videos.GenerateAsync(new VideoRequest("a"), progress: new Throwing()));

        Assert.Equal("task-1", error.Data["Sora2.TaskId"]);
    }

    [Fact]
    public async Task Invalid_create_does_not_affect_others()
    {
        using var client = Client("juxin", _ => """{"id":"task-1"}""");

        var creates = new[] { "a", "", "b" }.Select(prompt => client.Videos.CreateAsync(new VideoRequest(prompt))).ToList();

        Assert.Equal("task-1", (await creates[0]).Id);
        await Assert.ThrowsAsync<Sora2ValidationException>(() => creates[1]);
        Assert.Equal("task-1", (await creates[2]).Id);
    }

    [Fact]
    public async Task Create_that_returns_a_completed_task_needs_no_poll()
    {
        using var client = Client("juxin", _ => """{"id":"task-1","status":"completed","video_url":"https://x/v.mp4"}""");

        Assert.True((await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a")))).IsCompleted);
        Assert.Equal([0], _polls);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(-1, 10)]
    [InlineData(10, -5)]
    public async Task Invalid_interval_or_timeout_is_refused_before_money_is_spent(int interval, int timeout)
    {
        var api = new StubHandler(Running);
        using var client = Client("juxin", api);

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.GenerateAsync(
            new VideoRequest("a"),
            new WaitOptions { PollInterval = TimeSpan.FromSeconds(interval), Timeout = TimeSpan.FromSeconds(timeout) }));

        Assert.Empty(api.Sent);
    }

    private static HttpResponseMessage TooFast(string retryAfter)
    {
        var response = StubHandler.Json("""{"error":{"message":"Too many requests"}}""", HttpStatusCode.TooManyRequests);
        response.Headers.Add("Retry-After", retryAfter);
        return response;
    }

    private static async Task<List<VideoTask>> ToListAsync(IAsyncEnumerable<VideoTask> tasks)
    {
        var seen = new List<VideoTask>();
        await foreach (var task in tasks)
        {
            seen.Add(task);
        }

        return seen;
    }

    /// <summary>A client whose n-th response is this JSON, or an unknown task for null.</summary>
    private Sora2Client Client(string platform, Func<int, string?> response, Action<Sora2ClientOptions>? configure = null)
    {
        return Client(platform, new StubHandler((n, _) => Respond(n)), configure);

        HttpResponseMessage Respond(int n)
        {
            _polls.Add(_clock.Elapsed.TotalSeconds);
            return response(n) is { } json ? StubHandler.Json(json) : StubHandler.Json(UnknownTask, HttpStatusCode.BadRequest);
        }
    }

    private Sora2Client Client(string platform, StubHandler api, Action<Sora2ClientOptions>? configure = null)
    {
        return TestClients.Create(Sora2Platform.BuiltIn.Single(known => known.Name == platform), api, Configure);

        void Configure(Sora2ClientOptions options)
        {
            (options.TimeProvider, options.PollJitter) = (_clock, 0);
            configure?.Invoke(options);
        }
    }

    private sealed class NeverResponding : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var never = new TaskCompletionSource<HttpResponseMessage>();
            await using var _ = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            return await never.Task;
        }
    }

    private sealed class Throwing : IProgress<VideoTask>
    {
        public void Report(VideoTask value) => throw new FormatException("an error of the caller");
    }

    private sealed class Reports : IProgress<VideoTask>
    {
        public List<VideoTask> Tasks { get; } = [];

        public void Report(VideoTask value) => Tasks.Add(value);

        public double? At(int index) => Tasks[index].Progress ?? 0;
    }
}
