using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>How many connections a client opens, counted by a server of plain sockets.</summary>
public sealed class ConnectionCountTests : IDisposable
{
    private const int Waits = 2000;

    private readonly CountingHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Two_thousand_waits_open_at_most_64_connections()
    {
        using var client = Client();

        var tasks = await Task.WhenAll(Enumerable.Range(0, Waits).Select(
            i => client.Videos.WaitAsync($"task-{i}", cancellationToken: TestContext.Current.CancellationToken)));

        Assert.All(tasks, task => Assert.True(task.IsCompleted));
        Assert.InRange(_host.MostConnections, 1, 64);
    }

    [Fact]
    public async Task Resuming_two_thousand_records_opens_at_most_64_connections()
    {
        var store = new MemoryTaskStore();
        for (var i = 0; i < Waits; i++)
        {
            var now = TimeProvider.System.GetUtcNow();
            await store.UpdateAsync(
                new TaskRecord
                {
                    Id = $"k{i}",
                    PlatformName = "juxin",
                    State = TaskRecordState.Running,
                    TaskId = $"task-{i}",
                    Kind = TaskRecordKind.Video,
                    CreatedAt = now,
                    UpdatedAt = now,
                },
                TestContext.Current.CancellationToken);
        }

        using var client = Client(options => options.TaskStore = store);
        var resumed = 0;
        await foreach (var open in client.Videos.ResumeAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.NotNull(open.VideoTask);
            resumed++;
        }

        Assert.Equal(Waits, resumed);
        Assert.InRange(_host.MostConnections, 1, 64);
    }

    /// <summary>A client with its own handler and without timeouts: the machine may be busy.</summary>
    private Sora2Client Client(Action<Sora2ClientOptions>? configure = null)
    {
        return Sora2Client.Create(Sora2Platform.Juxin, "test-key-juxin", Configure);

        void Configure(Sora2ClientOptions options)
        {
            (options.BaseAddress, options.PollInterval) = (_host.Address, TimeSpan.FromMilliseconds(500));
            (options.QueryTimeout, options.WaitTimeout) = (Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            configure?.Invoke(options);
        }
    }

    /// <summary>Responds that every task succeeded, once as many requests have arrived as a client sends at the same time.</summary>
    private sealed class CountingHost : IDisposable
    {
        private const int AtOnce = 50;
        private const string Done = """{"status":"completed","video_url":"https://media.example.com/v.mp4"}""";

        private static readonly byte[] Response = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Done.Length}\r\n\r\n{Done}"));

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _isBusy = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _connections;
        private int _requests;

        public CountingHost()
        {
            _listener.Start(backlog: 4096);
            _ = AcceptAsync();
        }

        public Uri Address =>
            new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"));

        public int MostConnections { get; private set; }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var connection = await _listener.AcceptTcpClientAsync();
                    MostConnections = Math.Max(MostConnections, Interlocked.Increment(ref _connections));
                    _ = ServeAsync(connection);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(TcpClient connection)
        {
            try
            {
                using var owned = connection;
                using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII);
                while (await reader.ReadLineAsync() is not null)
                {
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                    }

                    if (Interlocked.Increment(ref _requests) >= AtOnce)
                    {
                        _isBusy.TrySetResult();
                    }

                    await _isBusy.Task;
                    await connection.GetStream().WriteAsync(Response);
                }
            }
            catch (IOException)
            {
                // The client closed it.
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        }
    }
}
