using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

/// <summary>Many waits of one client: what they share, and that none affects another. Not parallel, because memory is measured.</summary>
[Collection(nameof(RunsAlone))]
public sealed class ManyWaitsTests
{
    private const string Running = """{"status":"IN_PROGRESS"}""";
    private const string Done = """{"status":"SUCCESS","video_url":"https://x/v.mp4"}""";

    [Fact]
    public async Task Waits_share_one_timer()
    {
        var clock = new CountingClock();
        using var cancel = new CancellationTokenSource();
        using var client = Client((_, _) => StubHandler.Json(Running), options => options.TimeProvider = clock);

        var waits = Enumerable.Range(0, 1000).Select(i => client.Videos.WaitAsync($"task-{i}", cancellationToken: cancel.Token)).ToList();

        Assert.Equal(1, clock.Timers);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<WaitCanceledException>(() => Task.WhenAll(waits));
    }

    [Theory]
    [InlineData(false, 1200)]
    [InlineData(true, 1600)] // With the id of its own task; most of the rest is state that only debug builds keep.
    public async Task Wait_keeps_few_bytes_with_its_last_response_and_none_once_cancelled(bool isAfterCreate, int maxBytes)
    {
        const int Waits = 20_000;
        const string Response = """{"id":"video_5c6a605a-30c0-4a6a-9dbd-d1d6cfdd9980","size":"1280x720","model":"sora-2","""
            + """ "object":"video","status":"in_progress","seconds":"10","progress":42,"video_url":null,"created_at":1761622232}""";
        using var client = Client(
            (_, _) => StubHandler.Json(Response), options => options.PollInterval = TimeSpan.FromHours(1), keepsSent: false);
        var ids = Enumerable.Range(0, Waits).Select(i => $"video_{i}").ToArray();
        var waits = new Task[Waits];
        await Assert.ThrowsAsync<WaitTimeoutException>(
            () => client.Videos.WaitAsync("warm-up", new WaitOptions { Timeout = TimeSpan.Zero }));

        // The maximum of three rounds: memory of earlier tests in pools may be released at any moment, which would hide the cost of a wait.
        var rounds = new[] { await RoundAsync(), await RoundAsync(), await RoundAsync() };

        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds.Max(round => round.Each)} bytes for each wait.");
        Assert.InRange(rounds.Max(round => round.Each), 100, maxBytes);
        var left = rounds.Max(round => round.Left);
        Assert.True(left <= 100, $"{left} bytes are left of each wait."); // Fewer than none where earlier garbage goes as well.

        async Task<(long Each, long Left)> RoundAsync()
        {
            using var cancel = new CancellationTokenSource();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < Waits; i++)
            {
                waits[i] = isAfterCreate
                    ? client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: cancel.Token)
                    : client.Videos.WaitAsync(ids[i], cancellationToken: cancel.Token);
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
    public async Task Blocked_wait_blocks_no_other()
    {
        const int Others = 20;
        var clock = new VirtualClock();
        using var others = new CountdownEvent(Others);
        using var client = Client((n, request) => StubHandler.Json(n < Others + 1 ? Running : Done), Unhurried, keepsSent: false);
        var blocked = client.Videos.WaitAsync("blocked", progress: new SyncProgress<VideoTask>(task =>
        {
            if (task.IsCompleted)
            {
                others.Wait(CancellationToken.None);
            }
        }));
        var rest = Enumerable.Range(0, Others).Select(async i =>
        {
            await client.Videos.WaitAsync($"task-{i}");
            others.Signal();
        }).ToList();

        // Two threads that timers fire on: the one that wakes the blocked wait blocks with it, and the other one has to wake the rest.
        var threads = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!others.IsSet && !rest.Any(wait => wait.IsFaulted))
            {
                clock.Advance(TimeSpan.FromSeconds(30));
            }
        })).ToList();

        await Task.WhenAll(rest); // Fails first if one of them fails.
        await Task.WhenAll([.. threads, blocked]);

        // The clock may run far ahead of a busy machine.
        void Unhurried(Sora2ClientOptions options) =>
            (options.TimeProvider, options.WaitTimeout, options.QueryTimeout) = (clock, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public async Task Waits_that_are_cancelled_while_they_wake_end_exactly_once()
    {
        const int Waits = 500;
        var clock = new VirtualClock();
        using var client = Client(
            (_, _) => StubHandler.Json(Running),
            options => (options.TimeProvider, options.PollInterval, options.WaitTimeout) =
                (clock, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan),
            keepsSent: false);
        var cancels = Enumerable.Range(0, Waits).Select(_ => new CancellationTokenSource()).ToList();
        var waits = cancels.Select((cancel, i) => Assert.ThrowsAsync<WaitCanceledException>(
            () => client.Videos.WaitAsync($"task-{i}", cancellationToken: cancel.Token))).ToList();

        // One thread wakes the waits repeatedly while another one cancels them.
        var cancelling = Task.Run(() => cancels.ForEach(cancel => cancel.Cancel()));
        while (!cancelling.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await cancelling;
        Assert.Equal(Waits, (await Task.WhenAll(waits)).Select(error => error.TaskId).Distinct().Count());
        cancels.ForEach(cancel => cancel.Dispose());
    }

    [Fact]
    public async Task Thousands_of_waits_spread_their_first_polls_over_the_interval()
    {
        const int Waits = 2000;
        var clock = new VirtualClock();
        var polls = new List<double>();
        var held = new TaskCompletionSource();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new Slow(held.Task, () => polls.Add(clock.Elapsed.TotalSeconds)),
            options => (options.TimeProvider, options.JitterSeed) = (clock, 1));

        var waits = Enumerable.Range(0, Waits).Select(i => client.Videos.WaitAsync($"task-{i}")).ToList();
        Assert.Equal(56, polls.Count); // 64 may begin; the limit of concurrent queries leaves a few connections for other calls.

        held.SetResult();
        await clock.RunAsync(Task.WhenAll(waits));

        Assert.Equal(Waits, polls.Count);
        Assert.InRange(polls[^1], 25, 30);
        Assert.InRange(polls.Where(at => at > 0).GroupBy(Math.Floor).Max(second => second.Count()), 1, 150);
    }

    [Fact]
    public async Task Single_wait_polls_at_once_after_hundreds_of_others()
    {
        var clock = new VirtualClock();
        var polls = new List<double>();
        using var client = Client((_, _) =>
        {
            polls.Add(clock.Elapsed.TotalSeconds);
            return StubHandler.Json(polls.Count > 500 ? Done : Running);
        }, options => options.TimeProvider = clock);
        using var cancel = new CancellationTokenSource();

        for (var i = 0; i < 501; i++)
        {
            _ = client.Videos.WaitAsync($"task-{i}", cancellationToken: cancel.Token);
        }

        Assert.Equal(501, polls.Count);
        await cancel.CancelAsync();
    }

    [Fact]
    public async Task Every_poll_runs_in_the_execution_context_of_its_caller()
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
        caller.Value = "none";
        await clock.RunAsync(Task.WhenAll(first, second));

        Assert.Equal(["a by anna", "b by bert", "a by anna", "b by bert"], seen);
    }

    private static Sora2Client Client(
        Func<int, HttpRequestMessage, HttpResponseMessage> response,
        Action<Sora2ClientOptions> configure,
        bool keepsSent = true) => TestClients.Create(
        Sora2Platform.Juxin,
        keepsSent ? new StubHandler(response) : new Responding(response),
        options =>
        {
            options.PollJitter = 0;
            configure(options);
        });

    /// <summary>Keeps nothing, and is thread-safe.</summary>
    private sealed class Responding(Func<int, HttpRequestMessage, HttpResponseMessage> response) : HttpMessageHandler
    {
        private int _polls = -1;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(response(Interlocked.Increment(ref _polls), request));
        }
    }

    /// <summary>Responds that the task succeeded, once it may.</summary>
    private sealed class Slow(Task mayRespond, Action onPoll) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (onPoll)
            {
                onPoll();
            }

            await mayRespond.WaitAsync(cancellationToken);
            return StubHandler.Json(Done);
        }
    }

    /// <summary>A clock that stands still and counts its timers.</summary>
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
