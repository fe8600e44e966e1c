using System.Globalization;
using System.Net;
using System.Text;

namespace Sora2.Sdk.Benchmarks;

/// <summary>Measures the live bytes of each idle wait after a full collection, with the given number of waits between two polls.</summary>
/// <remarks>
/// Not a BenchmarkDotNet benchmark, because that measures allocated and not live bytes. Run it with <c>-- waiting 100000</c>.
/// </remarks>
internal static class WaitingBenchmarks
{
    private const string Command = "waiting";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""
        {"id":"video_5c6a605a-30c0-4a6a-9dbd-d1d6cfdd9980","size":"1280x720","model":"sora-2","object":"video",
        "status":"in_progress","seconds":"10","progress":42,"video_url":null,"created_at":1761622232}
        """.ReplaceLineEndings(""));

    /// <summary>Runs the measurement, if the arguments say so; returns whether they did.</summary>
    public static async Task<bool> RanAsync(string[] args)
    {
        if (args is not [Command, var count])
        {
            return false;
        }

        var waits = int.Parse(count, CultureInfo.InvariantCulture);
        await MeasureAsync("warm-up", 100, WaitAsync).ConfigureAwait(false);
        await MeasureAsync("WaitAsync", waits, WaitAsync).ConfigureAwait(false);
        await MeasureAsync("GenerateAsync", waits, GenerateAsync).ConfigureAwait(false);
        await MeasureAsync("WatchAsync", waits, WatchAsync).ConfigureAwait(false);
        await MeasureBatchAsync(waits).ConfigureAwait(false);
        await MeasureAsync("the last response alone", waits, GetAsync).ConfigureAwait(false);
        return true;
    }

    private static Task<VideoTask> GetAsync(IVideoClient videos, string id, CancellationToken cancellationToken) =>
        videos.GetAsync(id, cancellationToken);

    private static Task<VideoTask> WaitAsync(IVideoClient videos, string id, CancellationToken cancellationToken) =>
        videos.WaitAsync(id, cancellationToken: cancellationToken);

    private static Task<VideoTask> GenerateAsync(IVideoClient videos, string id, CancellationToken cancellationToken) =>
        videos.GenerateAsync(new VideoRequest("a"), cancellationToken: cancellationToken);

    /// <summary>Reads the first state and waits for the second.</summary>
    private static Task<VideoTask> WatchAsync(IVideoClient videos, string id, CancellationToken cancellationToken)
    {
        var states = videos.WatchAsync(id, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        states.MoveNextAsync().AsTask().GetAwaiter().GetResult();
        return states.MoveNextAsync().AsTask().ContinueWith(
            _ => states.Current, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static Sora2Client CreateClient(HttpMessageHandler handler) => new(
        new Sora2ClientOptions { ApiKey = "test-key-juxin", PollInterval = TimeSpan.FromHours(1), WaitTimeout = TimeSpan.FromDays(20) },
        handler);

    private static async Task MeasureAsync(string name, int count, Func<IVideoClient, string, CancellationToken, Task<VideoTask>> wait)
    {
        // The system clock, so that its timers are counted, and an interval so long that there is no second poll.
        using var handler = new FixedResponse();
        using var client = CreateClient(handler);
        using var cancel = new CancellationTokenSource();
        var ids = Enumerable.Range(0, count).Select(i => $"video_{i:000000}").ToArray();
        var tasks = new Task<VideoTask>[count];

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            tasks[i] = wait(client.Videos, ids[i], cancel.Token);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var waiting = tasks.Count(task => !task.IsCompleted);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {count:N0} waits, {(double)bytes / count:N0} live bytes each, {waiting:N0} still waiting"));
        GC.KeepAlive(ids);

        await cancel.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
    }

    private static async Task MeasureBatchAsync(int count)
    {
        using var handler = new FixedResponse();
        using var client = CreateClient(handler);
        using var cancel = new CancellationTokenSource();
        var requests = Enumerable.Range(0, count).Select(_ => new VideoRequest("a")).ToArray();
        var running = new TaskCompletionSource();
        var options = new BatchOptions
        {
            MaxConcurrency = count,
            Progress = new Watcher(progress => (progress.Running == count ? running : null)?.TrySetResult()),
        };

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var batch = Task.Run(async () =>
        {
            await foreach (var _ in client.Videos.GenerateBatchAsync(requests, options, cancel.Token).ConfigureAwait(false))
            {
                // Every item is returned when the batch is cancelled.
            }
        });
        await running.Task.ConfigureAwait(false);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"GenerateBatchAsync: {count:N0} items in flight, {(double)bytes / count:N0} live bytes each, {Timer.ActiveCount} timers"));
        GC.KeepAlive(requests);

        await cancel.CancelAsync().ConfigureAwait(false);
        await batch.ConfigureAwait(false);
    }

    private sealed class Watcher(Action<BatchProgress> watch) : IProgress<BatchProgress>
    {
        public void Report(BatchProgress value) => watch(value);
    }

    private sealed class FixedResponse : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ChunkedResponse() });
    }

    /// <summary>A response without a Content-Length, as the relays send them.</summary>
    private sealed class ChunkedResponse : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(Body).AsTask();

        protected override Task<Stream> CreateContentReadStreamAsync() =>
            Task.FromResult<Stream>(new MemoryStream(Body, writable: false));

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
