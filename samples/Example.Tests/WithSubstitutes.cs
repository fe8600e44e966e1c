using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Sora2.Sdk;

namespace Example;

/// <summary>Tests without HTTP, for the branches of your own code: substituted interfaces, hand-made results and exceptions.</summary>
public sealed class WithSubstitutes
{
    private static readonly VideoTask Finished = new()
    {
        PlatformName = "juxin",
        Id = "video_1",
        Status = VideoTaskStatus.Succeeded,
        VideoUrl = new Uri("https://media.example.com/1.mp4"),
    };

    private static readonly VideoTask Failed = Finished with { Status = VideoTaskStatus.Failed, VideoUrl = null };
    private static readonly VideoTask Running = Finished with { Status = VideoTaskStatus.InProgress, Progress = 40, VideoUrl = null };

    private readonly ISora2Client _sora = Substitute.For<ISora2Client>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finished_clip_has_the_path_of_its_download()
    {
        _sora.Videos.GenerateAsync(Arg.Any<VideoRequest>(), cancellationToken: Arg.Any<CancellationToken>()).Returns(Finished);
        _sora.Videos.DownloadAsync(Finished, Arg.Any<string>(), cancellationToken: Arg.Any<CancellationToken>())
            .Returns(call => new DownloadedVideo { TaskId = "video_1", Path = call.Arg<string>(), Length = 1_000_000 });

        var clip = await new ClipService(_sora, "clips").MakeAsync("A corgi surfs", Token);

        Assert.Equal(new Clip(ClipState.Ready, "video_1", Path.Combine("clips", "clip.mp4")), clip);
        await _sora.Videos.Received(1).GenerateAsync(
            Arg.Is<VideoRequest>(request => request!.Prompt == "A corgi surfs"), cancellationToken: Arg.Any<CancellationToken>());
    }

    public static TheoryData<Sora2Exception, ClipState> Failures => new()
    {
        { new VideoTaskFailedException(Sora2ErrorKind.InputModeration, "生成失败：内容违反政策", Failed), ClipState.Refused },
        { new WaitTimeoutException("Not finished after 1800 s.", "juxin", "video_1", TimeSpan.FromMinutes(30), Running), ClipState.Later },
        { new SubmissionUnknownException("No response after 300 s.") { PlatformName = "juxin" }, ClipState.NeedsReview },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Each_failure_becomes_a_state_of_its_own(Sora2Exception failure, ClipState state)
    {
        _sora.Videos.GenerateAsync(Arg.Any<VideoRequest>(), cancellationToken: Arg.Any<CancellationToken>()).ThrowsAsync(failure);

        var clip = await new ClipService(_sora, "clips").MakeAsync("A corgi surfs", Token);

        Assert.Equal(state, clip.State);
        await _sora.Videos.DidNotReceive().DownloadAsync(
            Arg.Any<VideoTask>(), Arg.Any<string>(), cancellationToken: Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_watched_task_can_be_substituted()
    {
        _sora.Videos.WatchAsync("video_1", cancellationToken: Arg.Any<CancellationToken>())
            .Returns(new[] { Running, Finished }.ToAsyncEnumerable());

        var last = await _sora.Videos.WatchAsync("video_1", cancellationToken: Token).LastAsync(Token);

        Assert.True(last.IsCompleted);
    }

    [Fact]
    public async Task A_router_works_with_substitutes()
    {
        var second = Substitute.For<ISora2Client>();
        _sora.PlatformName.Returns("juxin");
        second.PlatformName.Returns("zhenzhen");
        _sora.Videos.CreateAsync(Arg.Any<VideoRequest>(), Arg.Any<CancellationToken>())
            .ThrowsAsync(new Sora2ApiException(Sora2ErrorKind.InsufficientQuota, "额度不足") { PlatformName = "juxin" });
        second.Videos.CreateAsync(Arg.Any<VideoRequest>(), Arg.Any<CancellationToken>())
            .Returns(Finished with { PlatformName = "zhenzhen" });

        var task = await new Sora2Router([_sora, second]).Videos.CreateAsync(new VideoRequest("A corgi surfs"), Token);

        Assert.Equal("zhenzhen", task.PlatformName);
    }
}
