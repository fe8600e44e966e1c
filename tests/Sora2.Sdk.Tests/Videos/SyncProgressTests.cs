using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Videos;

public sealed class SyncProgressTests
{
    [Fact]
    public async Task Every_report_is_there_in_order_when_the_call_returns()
    {
        var clock = new VirtualClock();
        var api = new StubHandler((sent, _) => StubHandler.Json(sent < 3 ? $$"""{"id":"video_1","status":"processing","progress":{{sent * 30}}}""" : """{"id":"video_1","status":"completed","video_url":"https://media.example.com/1.mp4"}"""));
        using var client = TestClients.Create(Sora2Platform.Juxin, api, options => options.TimeProvider = clock);
        var told = new List<VideoTaskStatus>();

        await clock.RunAsync(client.Videos.WaitAsync("video_1", progress: new SyncProgress<VideoTask>(task => told.Add(task.Status)), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal([VideoTaskStatus.InProgress, VideoTaskStatus.InProgress, VideoTaskStatus.InProgress, VideoTaskStatus.Succeeded], told);
    }

    [Fact]
    public void A_report_has_been_told_when_it_returns()
    {
        var told = 0;

        new SyncProgress<int>(value => told = value).Report(7);

        Assert.Equal(7, told);
    }

    [Fact]
    public void What_the_handler_throws_is_the_callers() =>
        Assert.Throws<FormatException>(() => new SyncProgress<int>(_ => throw new FormatException()).Report(1));

    [Fact]
    public void A_handler_is_needed() => Assert.Throws<ArgumentNullException>(() => new SyncProgress<int>(null!));
}
