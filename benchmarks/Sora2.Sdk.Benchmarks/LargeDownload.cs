using System.Globalization;

namespace Sora2.Sdk.Benchmarks;

/// <summary>Downloads 64 MiB and 4 GiB and prints the memory used; live memory must not grow with the video.</summary>
internal static class LargeDownload
{
    private const long MiB = 1024 * 1024;

    public static async Task RunAsync()
    {
        Console.WriteLine("| video | seconds | allocated | most live while it ran |\n|---|---|---|---|");
        foreach (var size in new[] { 64 * MiB, 4096 * MiB })
        {
            using var simulator = SimulatorProcess.Start(size);
            using var client = simulator.Client();
            var task = await client.Videos.GenerateAsync(new VideoRequest("a")).ConfigureAwait(false);
            var folder = Directory.CreateTempSubdirectory("sora2-large");
            try
            {
                await client.Videos.DownloadAsync(task, Path.Combine(folder.FullName, "warm.mp4")).ConfigureAwait(false);
                File.Delete(Path.Combine(folder.FullName, "warm.mp4"));
                await MeasureAsync(client, task, Path.Combine(folder.FullName, "video.mp4"), size).ConfigureAwait(false);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task MeasureAsync(Sora2Client client, VideoTask task, string path, long size)
    {
        var live = new MostLive();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var began = TimeProvider.System.GetTimestamp();
        await client.Videos.DownloadAsync(task, path, progress: live).ConfigureAwait(false);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {size / MiB} MiB | {seconds:0.00} | {allocated / 1024} KB | {live.Growth / 1024} KB |"));
    }

    private sealed class MostLive : IProgress<DownloadProgress>
    {
        private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
        private long _most;

        public long Growth => _most - _before;

        public void Report(DownloadProgress value) => _most = Math.Max(_most, GC.GetTotalMemory(forceFullCollection: true));
    }
}
