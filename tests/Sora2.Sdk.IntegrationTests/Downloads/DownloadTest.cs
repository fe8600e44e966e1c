using System.IO.Compression;
using System.Security.Cryptography;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Tasks that succeed at once, with videos large enough to be truncated, and clients with short retry delays.</summary>
public abstract class DownloadTest : SimulatorTest
{
    protected const int VideoBytes = 1_000_000;

    /// <summary>The range requested after 600,000 bytes: the rest, and the last 1,024 of them for comparison.</summary>
    protected const string FromSixtyPercent = "bytes=598976-";

    protected string Target => Path.Combine(Folder, "video.mp4");

    protected override void Configure(Sora2SimulatorOptions options) =>
        (options.TaskDuration, options.MinimumVideoBytes) = (TimeSpan.Zero, VideoBytes);

    protected new Sora2Client Client(
        string platform, Action<Sora2ClientOptions>? configure = null, HttpMessageHandler? handler = null) => base.Client(
        platform,
        options =>
        {
            options.RetryDelay = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(options);
        },
        handler);

    protected Task<VideoTask> FinishedAsync(string platform = "juxin") =>
        Client(platform).Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

    protected Task<DownloadedVideo> DownloadAsync(
        VideoTask task, DownloadOptions? options = null, Action<Sora2ClientOptions>? configure = null)
    {
        options = (options ?? new DownloadOptions()) with { ComputeSha256 = true };
        return Client(task.PlatformName, configure).Videos.DownloadAsync(task, Target, options, cancellationToken: Token);
    }

    /// <summary>A task of another platform, which cannot be queried for a fresh link.</summary>
    private protected static VideoTask TaskAt(Uri url) =>
        new() { PlatformName = "elsewhere", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = url };

    private protected Task<DownloadedVideo> DownloadAsync(
        OddServer server, string? path = null, DownloadOptions? options = null, Action<Sora2ClientOptions>? configure = null) =>
        Client("juxin", configure).Videos.DownloadAsync(
            TaskAt(server.Address), path ?? Target, options ?? new DownloadOptions { ComputeSha256 = true }, cancellationToken: Token);

    protected void OnMedia(params SimulatorFault[] faults)
    {
        Simulator.Ledger.Clear();
        foreach (var fault in faults)
        {
            Simulator.Faults.On("media", SimulatorOperation.Media).Then(fault);
        }
    }

    protected static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>The ranges that were requested from the media host, "" for all of it.</summary>
    protected IReadOnlyList<string> RequestedRanges =>
        [.. Simulator.Ledger.Of(SimulatorOperation.Media).Select(request => request.Headers.GetValueOrDefault("Range", ""))];

    /// <summary>The file is the platform's video, and the only file in the directory.</summary>
    protected async Task AssertWholeAsync(DownloadedVideo video, VideoTask task)
    {
        Assert.Equal((Target, Simulator.VideoBytes(task.Id)), (video.Path, video.Length));
        var digest = await Simulator.VideoSha256Async(task.Id, Token);
        Assert.Equal(digest, await DigestAsync(Target));
        Assert.Equal(digest, video.Sha256 ?? digest);
        Assert.Equal([Target], Directory.GetFiles(Folder));
    }

    /// <summary>The stream is the platform's video.</summary>
    protected async Task AssertWholeAsync(DownloadedVideo video, MemoryStream stream, VideoTask task)
    {
        Assert.Equal(await Simulator.VideoSha256Async(task.Id, Token), video.Sha256);
        Assert.Equal(video.Sha256, Convert.ToHexString(SHA256.HashData(stream.ToArray())).ToLowerInvariant());
    }

    protected static async Task<string> DigestAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(file, Token)).ToLowerInvariant();
    }
}
