using System.Globalization;
using System.Net;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Benchmarks;

/// <summary>
/// What a wait costs while nothing happens: live bytes after a full collection, with as many waits as are asked for between two questions. Not a benchmark of the tool,
/// which measures what is allocated and not what stays. Run it with <c>-- waiting 100000</c>.
/// </summary>
internal static class WaitingBenchmarks
{
    private const string Command = "waiting";

    private static readonly byte[] Answer = """{"id":"video_5c6a605a-30c0-4a6a-9dbd-d1d6cfdd9980","size":"1280x720","model":"sora-2","object":"video","status":"in_progress","seconds":"10","progress":42,"video_url":null,"created_at":1761622232}"""u8.ToArray();

    /// <summary>Whether the program was asked for this; if so, it is done.</summary>
    public static async Task<bool> RanAsync(string[] args)
    {
        if (args is not [Command, var count])
        {
            return false;
        }

        var waits = int.Parse(count, CultureInfo.InvariantCulture);
        await MeasureAsync("warm-up", 100, static (videos, id, token) => videos.WaitAsync(id, cancellationToken: token)).ConfigureAwait(false);
        await MeasureAsync("WaitAsync", waits, static (videos, id, token) => videos.WaitAsync(id, cancellationToken: token)).ConfigureAwait(false);
        await MeasureAsync("GenerateAsync", waits, static (videos, _, token) => videos.GenerateAsync(new VideoRequest("a"), cancellationToken: token)).ConfigureAwait(false);
        await MeasureAsync("WatchAsync", waits, static (videos, id, token) => SecondAsync(videos.WatchAsync(id, cancellationToken: token).GetAsyncEnumerator(token))).ConfigureAwait(false);
        await MeasureBatchAsync(waits).ConfigureAwait(false);
        await MeasureAsync("the last answer alone", waits, static (videos, id, token) => videos.GetAsync(id, token)).ConfigureAwait(false);
        return true;
    }

    private static Task<VideoTask> SecondAsync(IAsyncEnumerator<VideoTask> answers)
    {
        answers.MoveNextAsync().AsTask().GetAwaiter().GetResult();
        return answers.MoveNextAsync().AsTask().ContinueWith(_ => answers.Current, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static async Task MeasureAsync(string name, int count, Func<IVideoClient, string, CancellationToken, Task<VideoTask>> wait)
    {
        // The real clock, so that its timers count, and a pace so slow that no second question comes.
        using var handler = new FixedAnswer();
        using var client = new Sora2Client(new Sora2ClientOptions { ApiKey = "test-key-juxin", PollInterval = TimeSpan.FromHours(1), WaitTimeout = TimeSpan.FromDays(20) }, handler);
        using var cancel = new CancellationTokenSource();
        var ids = Enumerable.Range(0, count).Select(i => $"video_{i:000000}").ToArray();
        var tasks = new Task<VideoTask>[count];

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            tasks[i] = wait(client.Videos, ids[i], cancel.Token);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {count:N0} waits, {(double)bytes / count:N0} live bytes each, {tasks.Count(task => !task.IsCompleted):N0} still waiting"));
        GC.KeepAlive(ids);

        await cancel.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
    }

    private static async Task MeasureBatchAsync(int count)
    {
        using var handler = new FixedAnswer();
        using var client = new Sora2Client(new Sora2ClientOptions { ApiKey = "test-key-juxin", PollInterval = TimeSpan.FromHours(1), WaitTimeout = TimeSpan.FromDays(20) }, handler);
        using var cancel = new CancellationTokenSource();
        var requests = Enumerable.Range(0, count).Select(_ => new VideoRequest("a")).ToArray();
        var running = new TaskCompletionSource();
        var options = new BatchOptions { MaxConcurrency = count, Progress = new Watcher(progress => (progress.Running == count ? running : null)?.TrySetResult()) };

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var batch = Task.Run(async () =>
        {
            await foreach (var _ in client.Videos.GenerateBatchAsync(requests, options, cancel.Token).ConfigureAwait(false))
            {
                // Every item is told once the batch is cancelled.
            }
        });
        await running.Task.ConfigureAwait(false);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"GenerateBatchAsync: {count:N0} items in flight, {(double)bytes / count:N0} live bytes each, {Timer.ActiveCount} timers running in the process"));
        GC.KeepAlive(requests);

        await cancel.CancelAsync().ConfigureAwait(false);
        await batch.ConfigureAwait(false);
    }

    private sealed class Watcher(Action<BatchProgress> watch) : IProgress<BatchProgress>
    {
        public void Report(BatchProgress value) => watch(value);
    }

    private sealed class FixedAnswer : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ChunkedAnswer() });
    }

    /// <summary>An answer that does not say how long it is, as those of the relays.</summary>
    private sealed class ChunkedAnswer : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(Answer).AsTask();

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new MemoryStream(Answer, writable: false));

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
