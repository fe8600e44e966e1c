using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Diagnostics;

/// <summary>Spans and measurements of one client, on a virtual clock.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const string Running = """{"status":"IN_PROGRESS","progress":"40%"}""";
    private const string Done = """{"status":"SUCCESS","video_url":"https://x/v.mp4"}""";

    private readonly VirtualClock _clock = new();
    private readonly Listening _heard = new(Guid.NewGuid().ToString("N"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _heard.Dispose();

    [Theory]
    [AllPlatforms]
    public async Task Video_has_a_span_for_its_create_and_a_linked_one_for_the_wait(string platform)
    {
        using var client = Client(
            platform, n => n switch { 0 => TestClients.Accepted(Sora2PlatformOf(platform)), < 4 => Running, _ => Done });
        using var caller = new Activity("caller").Start();

        await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a") { Duration = TimeSpan.FromSeconds(15) }));

        var model = Sora2PlatformOf(platform).Models[0].Name;
        var (create, wait) = (
            Assert.Single(_heard.Spans, span => span.Kind == ActivityKind.Client),
            Assert.Single(_heard.Spans, span => span.OperationName == "wait_for_video"));
        Assert.Equal(2, _heard.Spans.Count); // Not one per poll.
        Assert.Equal("generate_content " + model, create.OperationName);
        Assert.Equal(
            [
                ("gen_ai.operation.name", "generate_content"), ("gen_ai.output.type", "video"), ("gen_ai.provider.name", platform),
                ("gen_ai.request.model", model), ("gen_ai.response.id", "task-1"),
                ("server.address", Sora2PlatformOf(platform).DefaultBaseAddress.Host), ("server.port", 443), ("sora2.attempts", 1),
                ("sora2.client.name", _heard.ClientName), ("sora2.create.kind", "video"),
                ("sora2.outcome", "accepted"), ("sora2.task.id", "task-1"), ("sora2.video.duration", (object)15.0),
            ],
            create.TagObjects.Where(tag => tag.Value is not null)
                .Select(tag => (tag.Key, tag.Value!))
                .OrderBy(tag => tag.Key, StringComparer.Ordinal));
        Assert.Equal(create.Context, Assert.Single(wait.Links).Context);
        Assert.Equal([caller.SpanId, caller.SpanId], [create.ParentSpanId, wait.ParentSpanId]);
        Assert.Equal(
            [("sora2.task.status_changed", (object?)"InProgress"), ("sora2.task.status_changed", "Succeeded")],
            wait.Events.Select(e => (e.Name, e.Tags.First(tag => tag.Key == "sora2.task.status").Value)));
        Assert.Equal(
            ("task-1", "succeeded", "Succeeded"),
            (wait.GetTagItem("sora2.task.id"), wait.GetTagItem("sora2.outcome"), wait.GetTagItem("sora2.task.status")));
        Assert.Equal(ActivityStatusCode.Unset, wait.Status);
    }

    [Fact]
    public async Task Wait_by_id_is_linked_to_the_create_if_it_was_made_here()
    {
        using var client = Client("juxin", n => n == 0 ? TestClients.Accepted(Sora2Platform.Juxin) : Done);
        var created = await client.Videos.CreateAsync(new StoryboardBuilder().AddShot("a", TimeSpan.FromSeconds(10)).Build(), Token);

        await client.Videos.WaitAsync(created.Id, cancellationToken: Token);
        // Another string instance, as it comes from a browser.
        await client.Videos.WaitAsync(new string(created.Id.AsSpan()), cancellationToken: Token);
        await client.Videos.WaitAsync("task-2", cancellationToken: Token);

        Assert.Equal("storyboard", _heard.Spans.First().GetTagItem("sora2.create.kind"));
        Assert.Equal([1, 1, 0], _heard.Spans.Skip(1).Select(span => span.Links.Count()));
    }

    [Fact]
    public async Task Calls_run_under_their_span_and_the_callers_span_stays_current()
    {
        var under = new List<Activity?>();
        using var client = Client("juxin", n =>
        {
            under.Add(Activity.Current);
            return n switch { 0 => TestClients.Accepted(Sora2Platform.Juxin), < 3 => Running, _ => Done };
        });
        using var caller = new Activity("caller").Start();

        var created = await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        Assert.Same(caller, Activity.Current);
        var currents = new List<Activity?>();
        await _clock.RunAsync(WatchAsync());

        var (create, wait) = (_heard.Spans.First(), _heard.Spans.Last());
        Assert.Equal([create, wait, wait, wait], under);
        Assert.All(currents, current => Assert.Same(caller, current));
        Assert.Same(caller, Activity.Current);

        async Task<bool> WatchAsync()
        {
            await foreach (var _ in client.Videos.WatchAsync(created.Id))
            {
                currents.Add(Activity.Current);
            }

            return true;
        }
    }

    [Fact]
    public async Task Cancelling_a_wait_keeps_the_current_span()
    {
        using var client = Client("juxin", _ => Running);
        using var stop = new CancellationTokenSource();
        Task<VideoTask> wait;
        using (new Activity("waiting").Start())
        {
            wait = client.Videos.WaitAsync("task-1", cancellationToken: stop.Token);
        }

        using var other = new Activity("other").Start();
        await stop.CancelAsync();

        Assert.Same(other, Activity.Current);
        await Assert.ThrowsAsync<WaitCanceledException>(() => wait);
        Assert.Equal(
            ("canceled", ActivityStatusCode.Unset), (_heard.Spans.Single().GetTagItem("sora2.outcome"), _heard.Spans.Single().Status));
    }

    [Fact]
    public async Task Abandoned_watch_ends_its_span()
    {
        using var client = Client("juxin", _ => Running);

        await foreach (var _ in client.Videos.WatchAsync("task-1", cancellationToken: Token))
        {
            Assert.Equal(1, _heard.Ask("sora2.tasks.running"));
            break;
        }

        Assert.Equal("abandoned", _heard.Spans.Single().GetTagItem("sora2.outcome"));
        Assert.Equal(0, _heard.Ask("sora2.tasks.running"));
    }

    [Fact]
    public void Running_tasks_of_a_disposed_client_are_measured_as_zero_once_and_then_removed()
    {
        var clientName = Guid.NewGuid().ToString("N");
        using (var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler(Running), name: clientName))
        {
            _ = client.Videos.WaitAsync("task-1", cancellationToken: Token);
            Assert.Equal(1, Measured());
        }

        // A listener of another test may have taken the measurement of zero, or none may be listening.
        Assert.Contains(Measured(), new long?[] { 0, null });
        Assert.Null(Measured());

        long? Measured() => RunningTasks.Measure()
            .Where(measurement => measurement.Tags.ToArray().Contains(KeyValuePair.Create(TelemetryTags.Client, (object?)clientName)))
            .Select(measurement => (long?)measurement.Value)
            .SingleOrDefault();
    }

    [Fact]
    public async Task Character_has_a_span_of_its_own_kind()
    {
        using var client = Client("zhenzhen", _ => """{"id":"ch_1","username":"a.b"}""");

        await client.Characters.CreateAsync(CharacterRequest.FromTask("task-1", new TimeRange(1, 3)), Token);

        var span = Assert.Single(_heard.Spans);
        Assert.Equal(
            ("create_character", "create_character", "character", "ch_1"),
            (
                span.OperationName,
                span.GetTagItem("gen_ai.operation.name"),
                span.GetTagItem("sora2.create.kind"),
                span.GetTagItem("gen_ai.response.id")));
    }

    [Theory]
    [InlineData("accepted", null)]
    [InlineData("refused", "Authentication")]
    [InlineData("unknown", "SubmissionUnknown")]
    [InlineData("not_sent", "Network")]
    [InlineData("canceled", null)]
    public async Task Creates_are_counted_by_outcome(string outcome, string? errorType)
    {
        using var stop = new CancellationTokenSource();
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler((_, _) => outcome switch
        {
            "accepted" => StubHandler.Json(TestClients.Accepted(Sora2Platform.Juxin)),
            "refused" => StubHandler.Json("""{"error":{"message":"无效的令牌"}}""", HttpStatusCode.Unauthorized),
            "unknown" => throw new HttpRequestException(HttpRequestError.ResponseEnded, "gone"),
            "not_sent" => throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"),
            _ => StubHandler.Json("{}"),
        }), Configure, name: _heard.ClientName);
        if (outcome == "canceled")
        {
            await stop.CancelAsync();
        }

        var error = await Record.ExceptionAsync(() => client.Videos.CreateAsync(new VideoRequest("a"), stop.Token));

        Assert.Equal(outcome == "accepted", error is null);
        var create = Assert.Single(_heard.Of("sora2.creates"));
        Assert.Equal(
            (1, outcome, "video", "juxin", "sora-2-all", errorType),
            (
                create.Value,
                create.Tags["sora2.outcome"],
                create.Tags["sora2.create.kind"],
                create.Tags["gen_ai.provider.name"],
                create.Tags["gen_ai.request.model"],
                create.Tags.GetValueOrDefault("error.type")));
        Assert.Equal(outcome == "unknown" ? 1 : 0, _heard.Of("sora2.submissions.unknown").Count);
        Assert.Single(_heard.Of("gen_ai.client.operation.duration"));
        var span = Assert.Single(_heard.Spans);
        Assert.Equal(
            (outcome, errorType, errorType is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error),
            (span.GetTagItem("sora2.outcome"), span.GetTagItem("error.type"), span.Status));

        void Configure(Sora2ClientOptions options) => (options.CreateRetries, options.LoggerFactory) = (0, _heard);
    }

    [Fact]
    public async Task Polls_running_tasks_and_task_durations_are_measured()
    {
        using var client = Client(
            "juxin",
            n => n switch { 0 => TestClients.Accepted(Sora2Platform.Juxin), 2 => "not json", < 10 => Running, _ => Done },
            options => options.QueryRetries = 0);
        var wait = client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        Assert.Equal(1, _heard.Ask("sora2.tasks.running"));
        await _clock.RunAsync(wait);

        Assert.Equal(0, _heard.Ask("sora2.tasks.running") + _heard.Of("sora2.polls").Count);
        using var again = Client(
            "juxin",
            n => n switch { 0 => TestClients.Accepted(Sora2Platform.Juxin), 2 => "not json", < 10 => Running, _ => Done },
            options => options.QueryRetries = 0);
        await _clock.RunAsync(again.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token));
        Assert.Equal(
            [("InProgress", 8), ("Succeeded", 1), ("UnreadableResponse", 1)],
            _heard.Of("sora2.polls")
                .GroupBy(poll => (string)(poll.Tags.GetValueOrDefault("sora2.task.status") ?? poll.Tags["error.type"])!)
                .Select(group => (group.Key, group.Count()))
                .Order());
        Assert.Equal(
            (300, "Succeeded"),
            (_heard.Of("sora2.task.duration").Single().Value, _heard.Of("sora2.task.duration").Single().Tags["sora2.task.status"]));
    }

    [Fact]
    public async Task Task_duration_comes_from_the_platforms_times_if_it_gives_them()
    {
        using var client = Client(
            "juxin", _ => """{"status":"SUCCESS","video_url":"https://x/v.mp4","created_at":1700000000,"completed_at":1700000270}""");

        await client.Videos.WaitAsync("task-1", cancellationToken: Token);

        Assert.Equal(270, _heard.Of("sora2.task.duration").Single().Value);
    }

    [Fact]
    public async Task Task_duration_is_measured_once_per_task()
    {
        using var client = Client("juxin", n => n switch { 0 => TestClients.Accepted(Sora2Platform.Juxin), < 3 => Running, _ => Done });

        var task = await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token));
        _clock.Advance(TimeSpan.FromHours(1));
        await client.Videos.WaitAsync(task.Id, cancellationToken: Token);

        Assert.Equal(90, _heard.Of("sora2.task.duration").Single().Value);
    }

    [Fact]
    public async Task Task_that_ended_before_the_first_poll_is_not_measured()
    {
        using var client = Client("juxin", n => n == 0 ? TestClients.Accepted(Sora2Platform.Juxin) : Done);

        var created = await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        _clock.Advance(TimeSpan.FromHours(1));
        await client.Videos.WaitAsync(created.Id, cancellationToken: Token);

        Assert.Empty(_heard.Of("sora2.task.duration"));
    }

    [Fact]
    public async Task Failed_task_is_an_error_of_its_wait()
    {
        using var client = Client("juxin", _ => """{"status":"failed","fail_reason":"违反政策 https://h/a.png?sig=abc"}""");

        await Assert.ThrowsAsync<VideoTaskFailedException>(() => client.Videos.WaitAsync("task-1", cancellationToken: Token));

        var span = Assert.Single(_heard.Spans);
        Assert.Equal(
            ("failed", "InputModeration", ActivityStatusCode.Error, "违反政策 https://h/a.png?***"),
            (span.GetTagItem("sora2.outcome"), span.GetTagItem("error.type"), span.Status, span.StatusDescription));
    }

    [Fact]
    public async Task Timeout_is_the_outcome_of_its_wait()
    {
        using var client = Client("juxin", _ => Running);

        await Assert.ThrowsAsync<WaitTimeoutException>(() => _clock.RunAsync(client.Videos.WaitAsync("task-1")));

        Assert.Equal(
            ("timed_out", "WaitTimeout"),
            (_heard.Spans.Single().GetTagItem("sora2.outcome"), _heard.Spans.Single().GetTagItem("error.type")));
    }

    [Fact]
    public async Task Listeners_that_throw_lose_no_task()
    {
        using var client = Client("juxin", n => n == 0 ? TestClients.Accepted(Sora2Platform.Juxin) : Done);
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Sora2.Sdk",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = Throw,
            ActivityStopped = Throw,
        };
        ActivitySource.AddActivityListener(spans);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Sora2.Sdk")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) => ThrowIfOurs(tags.ToArray()));
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) => ThrowIfOurs(tags.ToArray()));
        meters.Start();

        var task = await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a")));

        Assert.Equal(("task-1", VideoTaskStatus.Succeeded), (task.Id, task.Status));

        void Throw(Activity span) => ThrowIfOurs([.. span.TagObjects]);

        void ThrowIfOurs(KeyValuePair<string, object?>[] tags)
        {
            if (tags.Contains(new KeyValuePair<string, object?>("sora2.client.name", _heard.ClientName)))
            {
                throw new InvalidOperationException("a listener");
            }
        }
    }

    [Fact]
    public void Every_metric_and_attribute_is_documented()
    {
        var instruments = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => instruments.AddRange(instrument.Meter.Name == "Sora2.Sdk" ? [instrument.Name] : []),
        };
        listener.Start();
        var attributes = typeof(TelemetryTags).GetFields().Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(
            instruments.Distinct().Order(StringComparer.Ordinal),
            Documents.TableOf("docs/telemetry.md", "| metric |").Select(row => row[0]).Order(StringComparer.Ordinal));
        Assert.Equal(
            attributes.Order(StringComparer.Ordinal),
            Documents.TableOf("docs/telemetry.md", "| attribute |").Select(row => row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Buckets_of_task_durations_reach_an_hour()
    {
        Histogram<double>? duration = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
                duration = instrument.Name == "sora2.task.duration" ? (Histogram<double>)instrument : duration,
        };
        listener.Start();

        Assert.Equal((15.0, 3600.0), (duration!.Advice!.HistogramBucketBoundaries![0], duration.Advice.HistogramBucketBoundaries[^1]));
    }

    private static Sora2Platform Sora2PlatformOf(string name) => Sora2Platform.BuiltIn.Single(platform => platform.Name == name);

    private Sora2Client Client(string platform, Func<int, string> response, Action<Sora2ClientOptions>? configure = null)
    {
        var api = new StubHandler((n, _) => StubHandler.Json(response(n)));
        return TestClients.Create(
            Sora2PlatformOf(platform),
            api,
            options =>
            {
                (options.TimeProvider, options.PollJitter, options.LoggerFactory) = (_clock, 0, _heard);
                configure?.Invoke(options);
            },
            name: _heard.ClientName);
    }
}
