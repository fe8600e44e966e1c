using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>Juxin's native response shape, whose ids contain a colon and whose progress is a nested fraction.</summary>
public sealed class NativeJuxinTests : SimulatorTest
{
    // The platform's time moves with each response, so that there are intermediate responses on a machine of any speed.
    private readonly VirtualClock _platformTime = new();

    [Fact]
    public async Task A_task_with_a_colon_in_its_id_is_waited_for_and_downloaded()
    {
        var client = Client("juxin");
        var progress = new List<double>();

        var task = await client.Videos.GenerateAsync(new VideoRequest("a"), progress: new SyncProgress<VideoTask>(report =>
        {
            progress.Add(report.Progress ?? 0);
            _platformTime.Advance(TimeSpan.FromSeconds(30));
        }), cancellationToken: Token);
        var video = await client.Videos.DownloadToDirectoryAsync(task, Folder, cancellationToken: Token);

        Assert.StartsWith("sora-2:task_", task.Id, StringComparison.Ordinal);
        Assert.StartsWith("sora-2_task_", Path.GetFileName(video.Path), StringComparison.Ordinal);
        Assert.Equal(progress.Order(), progress);
        Assert.Contains(progress, percent => percent is > 0 and < 100);
    }

    protected override void Configure(Sora2SimulatorOptions options) =>
        (options.JuxinResponseShape, options.TimeProvider, options.SpeedFactor, options.TaskDuration) =
            (JuxinResponseShape.Native, _platformTime, 1, TimeSpan.FromMinutes(4));
}
