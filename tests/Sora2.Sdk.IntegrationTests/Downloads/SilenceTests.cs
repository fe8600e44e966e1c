using System.Threading.Channels;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>The idle timeout over real sockets.</summary>
/// <remarks>
/// The clock stands still until a test knows how much was received, so that a slow machine never looks like a silent host.
/// </remarks>
public sealed class SilenceTests : DownloadTest
{
    private static readonly DownloadOptions UpToAMinute = new() { IdleTimeout = TimeSpan.FromSeconds(60), ComputeSha256 = true };

    private readonly VirtualClock _clock = new();

    private readonly VirtualClock _hostClock = new();

    protected override void Configure(Sora2SimulatorOptions options)
    {
        base.Configure(options);
        (options.TimeProvider, options.SpeedFactor) = (_hostClock, 1);
    }

    [Fact]
    public async Task Silence_after_the_headers_ends_at_the_idle_timeout_and_the_download_continues()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Stall(0.6));
        using var destination = new Destination();

        var download = StartAsync(task, destination);
        await destination.HasAsync(600_000);
        await PassAsync(TimeSpan.FromSeconds(60));
        await PassAsync(TimeSpan.FromSeconds(1)); // the delay before the retry

        await AssertWholeAsync(await download, destination, task);
        Assert.Equal(["", FromSixtyPercent], RequestedRanges);
    }

    [Fact]
    public async Task Silence_in_the_rest_ends_at_the_idle_timeout_as_well()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.CutBody(0.6), SimulatorFault.Stall(0.5));
        using var destination = new Destination();

        var download = StartAsync(task, destination);
        await destination.HasAsync(600_000);
        await PassAsync(TimeSpan.FromSeconds(1));
        await destination.HasAsync(598_976 + (401_024 / 2));
        await PassAsync(TimeSpan.FromSeconds(60));
        await PassAsync(TimeSpan.FromSeconds(1));

        await AssertWholeAsync(await download, destination, task);
        Assert.Equal(["", FromSixtyPercent, "bytes=798464-"], RequestedRanges);
    }

    [Fact]
    public async Task Host_that_stays_silent_is_an_error()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Delay(Timeout.InfiniteTimeSpan), SimulatorFault.Stall(0));

        var client = Client("juxin", options => (options.TimeProvider, options.DownloadRetries) = (_clock, 1));
        var download = client.Videos.DownloadAsync(task, Target, UpToAMinute, cancellationToken: Token);
        while (!download.IsCompleted)
        {
            await Task.WhenAny(download, PassAsync(TimeSpan.FromSeconds(60)));
        }

        var error = await Assert.ThrowsAsync<DownloadException>(() => download);
        Assert.Contains("60 s", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Slow_steady_body_is_received()
    {
        const int Pieces = 25;
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Trickle(Pieces, TimeSpan.FromSeconds(50)));
        using var destination = new Destination();

        var download = StartAsync(task, destination);
        for (var piece = 0; piece < Pieces; piece++)
        {
            await destination.HasAsync(VideoBytes / Pieces * piece);
            await PassAsync(TimeSpan.FromSeconds(50));
            await _hostClock.WaitForTimerAsync(Token);
            _hostClock.Advance(TimeSpan.FromSeconds(50));
        }

        await AssertWholeAsync(await download, destination, task);
        Assert.Equal([""], RequestedRanges);
        Assert.Equal(TimeSpan.FromSeconds(50 * Pieces), _clock.Elapsed);
    }

    [Fact]
    public async Task Slow_destination_does_not_count_as_silence()
    {
        var task = await FinishedAsync();
        OnMedia();
        using var destination = new Destination(() => _clock.Advance(TimeSpan.FromMinutes(10)));

        await AssertWholeAsync(await StartAsync(task, destination), destination, task);

        Assert.Equal([""], RequestedRanges);
    }

    private Task<DownloadedVideo> StartAsync(VideoTask task, Stream destination) =>
        Client("juxin", options => options.TimeProvider = _clock)
            .Videos.DownloadAsync(task, destination, UpToAMinute, cancellationToken: Token);

    /// <summary>Advances the clock as soon as the client waits for it.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await _clock.WaitForTimerAsync(Token);
        _clock.Advance(time);
    }

    /// <summary>The destination of a video, which reports how much it has received.</summary>
    private sealed class Destination(Action? onWrite = null) : MemoryStream
    {
        private readonly Channel<long> _lengths = Channel.CreateUnbounded<long>();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            onWrite?.Invoke();
            await base.WriteAsync(buffer, cancellationToken);
            _lengths.Writer.TryWrite(Length);
        }

        public async Task HasAsync(long bytes)
        {
            for (var length = 0L; length < bytes; length = await _lengths.Reader.ReadAsync(Token))
            {
            }
        }
    }
}
