using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

public sealed class SyncProgressTests
{
    private const string Done = """{"id":"video_1","status":"completed","video_url":"https://media.example.com/1.mp4"}""";

    [Fact]
    public async Task All_reports_have_arrived_in_order_when_the_call_returns()
    {
        var clock = new VirtualClock();
        var api = new StubHandler((sent, _) => StubHandler.Json(
            sent < 3 ? $$"""{"id":"video_1","status":"processing","progress":{{sent * 30}}}""" : Done));
        using var client = TestClients.Create(Sora2Platform.Juxin, api, options => options.TimeProvider = clock);
        var reports = new List<VideoTaskStatus>();

        await clock.RunAsync(client.Videos.WaitAsync(
            "video_1",
            progress: new SyncProgress<VideoTask>(task => reports.Add(task.Status)),
            cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(
            [VideoTaskStatus.InProgress, VideoTaskStatus.InProgress, VideoTaskStatus.InProgress, VideoTaskStatus.Succeeded], reports);
    }

    [Fact]
    public void Handler_has_run_when_report_returns()
    {
        var reported = 0;

        new SyncProgress<int>(value => reported = value).Report(7);

        Assert.Equal(7, reported);
    }

    [Fact]
    public void Exception_of_the_handler_reaches_the_caller() =>
        Assert.Throws<FormatException>(() => new SyncProgress<int>(_ => throw new FormatException()).Report(1));

    [Fact]
    public void Null_handler_is_refused() => Assert.Throws<ArgumentNullException>(() => new SyncProgress<int>(null!));
}
