using BenchmarkDotNet.Attributes;

namespace Sora2.Sdk.Benchmarks;

/// <summary>Downloads 64 MiB over loopback to a file, with the SDK and with a tuned copy by hand.</summary>
public class DownloadBenchmarks
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sora2-bench").FullName;
    private readonly HttpClient _http = new();
    private SimulatorProcess? _simulator;
    private Sora2Client? _client;
    private VideoTask? _task;

    [GlobalSetup]
    public void Setup()
    {
        _simulator = SimulatorProcess.Start(64 * 1024 * 1024);
        _client = _simulator.Client();

        // Blocks, because the in-process toolchain does not await an asynchronous setup.
        _task = _client.Videos.GenerateAsync(new VideoRequest("a")).GetAwaiter().GetResult();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _client!.Dispose();
        _simulator!.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public async Task<long> ByHand()
    {
        using var response = await _http.GetAsync(_task!.VideoUrl, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false);
        var length = response.Content.Headers.ContentLength!.Value;
        var source = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
        await using var readFrom = source.ConfigureAwait(false);
        var partial = Path.Combine(_folder, "by-hand.partial");
        var file = new FileStream(partial, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
            PreallocationSize = length,
        });
        await using (file.ConfigureAwait(false))
        {
            await source.CopyToAsync(file, 128 * 1024).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, Path.Combine(_folder, "by-hand.mp4"), overwrite: true);
        return length;
    }

    [Benchmark]
    public Task<DownloadedVideo> Sdk() => _client!.Videos.DownloadAsync(_task!, Path.Combine(_folder, "sdk.mp4"));

    [Benchmark]
    public Task<DownloadedVideo> SdkWithSha256() =>
        _client!.Videos.DownloadAsync(_task!, Path.Combine(_folder, "sdk.mp4"), new DownloadOptions { ComputeSha256 = true });
}
