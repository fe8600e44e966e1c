using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>Clients with and without a container on a virtual clock, and media hosts whose responses a test defines.</summary>
public abstract class ResilienceTest : SimulatorTest, IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    public static TheoryData<string> Ways => ["script", "container"];

    protected static byte[] Video { get; } = [.. Box("ftyp"u8, 16), .. Box("moov"u8, 300), .. Box("mdat"u8, 60_000)];

    protected VirtualClock Clock { get; } = new();

    protected Listening Heard { get; } = new("resilience");

    /// <summary>Starts a media host; the response depends on the number of the request, from 1.</summary>
    private protected async Task<ImageHost> HostAsync(Func<int, HttpContext, Task> respond)
    {
        var requests = 0;
        var host = await ImageHost.StartAsync(http => respond(Interlocked.Increment(ref requests), http));
        _open.Add(host);
        return host;
    }

    protected static Task WriteVideoAsync(HttpContext http) => http.Response.Body.WriteAsync(Video, Token).AsTask();

    protected static Task FailAsync(HttpContext http, int status = 503, string? retryAfter = null)
    {
        (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (status, retryAfter);
        return Task.CompletedTask;
    }

    /// <summary>Creates a client named "resilience" whose own retries are off unless a test sets them.</summary>
    protected ISora2Client Open(
        string way,
        Action<Sora2ResilienceOptions> resilience,
        Action<Sora2ClientOptions>? configure = null,
        Action<IHttpClientBuilder>? http = null)
    {
        var options = Options("juxin");
        Fill(options);
        if (way == "script")
        {
            resilience(options.Resilience);
            var client = new Sora2Client("resilience", options);
            _open.Add(new Closing(client));
            return client;
        }

        var services = new ServiceCollection();
        var builder = services.AddSora2("resilience", Fill).AddResilience(resilience);
        builder.ConfigureHttp(connection => http?.Invoke(connection));
        var provider = services.BuildServiceProvider();
        _open.Add(provider);
        return provider.GetRequiredService<ISora2Client>();

        void Fill(Sora2ClientOptions target)
        {
            (target.Platform, target.ApiKey, target.BaseAddress, target.AllowPrivateNetworkDownloads) =
                (options.Platform, options.ApiKey, options.BaseAddress, true);
            (target.TimeProvider, target.LoggerFactory, target.JitterSeed) = (Clock, Heard, 1);
            (target.DownloadRetries, target.QueryRetries, target.CreateRetries) = (0, 0, 0);
            configure?.Invoke(target);
        }
    }

    private protected static VideoTask TaskAt(ImageHost host) =>
        new() { PlatformName = "elsewhere", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = new Uri(host.Address, "/v.mp4") };

    /// <summary>Downloads without an idle timeout, so that the only timers on the clock are those of the pipeline.</summary>
    private protected static Task<DownloadedVideo> DownloadAsync(ISora2Client client, ImageHost host) =>
        client.Videos.DownloadAsync(
            TaskAt(host), new MemoryStream(), new DownloadOptions { IdleTimeout = Timeout.InfiniteTimeSpan }, cancellationToken: Token);

    /// <summary>Registers an object to be disposed when the test ends.</summary>
    protected void Own(IAsyncDisposable owned) => _open.Add(owned);

    /// <summary>Advances the clock as soon as the client waits for a timer.</summary>
    protected async Task PassAsync(TimeSpan time)
    {
        await Clock.WaitForTimerAsync(Token);
        Clock.Advance(time);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        foreach (var open in _open)
        {
            await open.DisposeAsync();
        }

        Heard.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static byte[] Box(ReadOnlySpan<byte> type, int content)
    {
        var box = new byte[8 + content];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        type.CopyTo(box.AsSpan(4));
        return box;
    }

    private sealed class Closing(IDisposable client) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            client.Dispose();
            return default;
        }
    }
}
