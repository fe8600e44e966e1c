using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>Many waits of one client: what they share, and that none disturbs another. Alone, because memory is measured.</summary>
[Collection(nameof(MeasuresMemory))]
public sealed class ManyWaitsTests
{
    private const string Running = """{"status":"IN_PROGRESS"}""";
    private const string Done = """{"status":"SUCCESS","video_url":"https://x/v.mp4"}""";

    [Fact]
    public async Task A_thousand_waits_share_one_timer()
    {
        var clock = new CountingClock();
        using var cancel = new CancellationTokenSource();
        using var client = Client((_, _) => StubHandler.Json(Running), options => options.TimeProvider = clock);

        var waits = Enumerable.Range(0, 1000).Select(i => client.Videos.WaitAsync($"task-{i}", cancellationToken: cancel.Token)).ToList();

        Assert.Equal(1, clock.Timers);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<WaitCanceledException>(() => Task.WhenAll(waits));
    }

    [Fact]
    public async Task A_wait_costs_at_most_1200_bytes_with_its_last_answer_and_nothing_once_it_is_cancelled()
    {
        const int Waits = 20_000;
        const string Answer = """{"id":"video_5c6a605a-30c0-4a6a-9dbd-d1d6cfdd9980","size":"1280x720","model":"sora-2","object":"video","status":"in_progress","seconds":"10","progress":42,"video_url":null,"created_at":1761622232}""";
        using var client = Client((_, _) => StubHandler.Json(Answer), options => options.PollInterval = TimeSpan.FromHours(1), keepsSent: false);
        var ids = Enumerable.Range(0, Waits).Select(i => $"video_{i}").ToArray();
        var waits = new Task[Waits];
        await Assert.ThrowsAsync<WaitTimeoutException>(() => client.Videos.WaitAsync("warm-up", new WaitOptions { Timeout = TimeSpan.Zero }));

        // The most of three: what earlier tests left in pools is let go at any moment, and would be taken for a wait that costs nothing.
        var rounds = new[] { await RoundAsync(), await RoundAsync(), await RoundAsync() };

        Assert.InRange(rounds.Max(round => round.Each), 100, 1200);
        Assert.InRange(rounds.Max(round => round.Left), -100, 100);

        async Task<(long Each, long Left)> RoundAsync()
        {
            using var cancel = new CancellationTokenSource();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < Waits; i++)
            {
                waits[i] = client.Videos.WaitAsync(ids[i], cancellationToken: cancel.Token);
            }

            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Waits;
            Assert.All(waits, wait => Assert.False(wait.IsCompleted));
            await cancel.CancelAsync();
            await Assert.ThrowsAsync<WaitCanceledException>(() => Task.WhenAll(waits));
            Array.Clear(waits);
            return (each, (GC.GetTotalMemory(forceFullCollection: true) - before) / Waits);
        }
    }

    [Fact]
    public async Task A_caller_that_holds_up_its_own_wait_holds_up_no_other()
    {
        using var others = new CountdownEvent(20);
        using var client = Client((n, request) => StubHandler.Json(n < 21 ? Running : Done), options => options.PollInterval = TimeSpan.FromMilliseconds(50), keepsSent: false);
        var blocked = client.Videos.WaitAsync("blocked", progress: new Telling(task => Assert.True(!task.IsCompleted || others.Wait(TimeSpan.FromSeconds(30), CancellationToken.None))));

        var rest = Enumerable.Range(0, 20).Select(async i =>
        {
            await client.Videos.WaitAsync($"task-{i}");
            others.Signal();
        }).ToList();

        await Task.WhenAll(rest.Append(blocked)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Waits_that_are_cancelled_just_as_they_wake_end_once_and_none_is_lost()
    {
        using var client = Client((_, _) => StubHandler.Json(Running), options => options.PollInterval = TimeSpan.FromMilliseconds(1), keepsSent: false);

        var waits = Enumerable.Range(0, 500).Select(async i =>
        {
            using var cancel = new CancellationTokenSource();
            var asked = 0;
            var error = await Assert.ThrowsAsync<WaitCanceledException>(() => client.Videos.WaitAsync($"task-{i}", progress: new Telling(_ =>
            {
                if (++asked == 1 + (i % 7))
                {
                    cancel.CancelAfter(i % 3); // about when the next question is due
                }
            }), cancellationToken: cancel.Token));
            return error.TaskId;
        });

        Assert.Equal(500, (await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).Distinct().Count());
    }

    [Fact]
    public async Task Every_question_is_asked_in_the_context_of_its_own_caller()
    {
        var clock = new VirtualClock();
        var caller = new AsyncLocal<string>();
        var seen = new List<string>();
        using var client = Client((n, request) =>
        {
            seen.Add($"{request.RequestUri!.Query[4..]} by {caller.Value}");
            return StubHandler.Json(n < 2 ? Running : Done);
        }, options => options.TimeProvider = clock);

        caller.Value = "anna";
        var first = client.Videos.WaitAsync("a");
        caller.Value = "bert";
        var second = client.Videos.WaitAsync("b");
        caller.Value = "nobody";
        await clock.RunAsync(Task.WhenAll(first, second));

        Assert.Equal(["a by anna", "b by bert", "a by anna", "b by bert"], seen);
    }

    private static Sora2Client Client(Func<int, HttpRequestMessage, HttpResponseMessage> answer, Action<Sora2ClientOptions> configure, bool keepsSent = true) => TestClients.Create(
        Sora2Platform.Juxin,
        keepsSent ? new StubHandler(answer) : new Answering(answer),
        options =>
        {
            options.PollJitter = 0;
            configure(options);
        });

    /// <summary>Keeps nothing, and may be asked by many at once.</summary>
    private sealed class Answering(Func<int, HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        private int _asked = -1;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(answer(Interlocked.Increment(ref _asked), request));
        }
    }

    private sealed class Telling(Action<VideoTask> tell) : IProgress<VideoTask>
    {
        public void Report(VideoTask value) => tell(value);
    }

    /// <summary>Stands still and counts the timers that are there.</summary>
    private sealed class CountingClock : TimeProvider
    {
        private readonly VirtualClock _clock = new();

        public int Timers { get; private set; }

        public override long TimestampFrequency => _clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

        public override long GetTimestamp() => _clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return new Counted(this, _clock.CreateTimer(callback, state, dueTime, period));
        }

        private sealed class Counted(CountingClock clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                clock.Timers--;
                timer.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
