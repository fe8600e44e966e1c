using System.Net;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Tests.Reading;

/// <summary>Every captured body and its expected content, read by the decoder alone.</summary>
public sealed class CapturedResponseTests
{
    [Fact]
    public void Juxin_create_response_is_an_accepted_task()
    {
        var task = Read("juxin-create-accepted", "juxin", CallKind.CreateVideo);

        Assert.Equal("video_7b1b817c-be94-49dc-9b43-640c239bf6d3", task.Id);
        Assert.Equal((VideoTaskStatus.InProgress, "queued", 0.0), (task.Status, task.RawStatus, task.Progress));
        Assert.Equal("sora-2", task.Model);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1763453615), task.CreatedAt);
        Assert.False(task.IsCompleted);
        Assert.Equal("1280x720", task.Raw.GetProperty("size").GetString());
    }

    [Fact]
    public void Native_juxin_id_keeps_its_colon()
    {
        var task = Read("juxin-create-accepted-native", "juxin", CallKind.CreateVideo);

        Assert.Equal("sora-2:task_01k9008rhbefnt3rb1g9szxdwr", task.Id);
        Assert.Equal((VideoTaskStatus.NotStarted, "pending"), (task.Status, task.RawStatus));
        Assert.Null(task.Progress);
        Assert.Null(task.CompletedAt);
    }

    [Fact]
    public void Completed_juxin_task_has_its_video()
    {
        var task = Read("juxin-query-completed", "juxin", CallKind.Query, "video_5c6a605a-30c0-4a6a-9dbd-d1d6cfdd9980");

        Assert.Equal((VideoTaskStatus.Succeeded, true, 100.0), (task.Status, task.IsCompleted, task.Progress));
        Assert.Equal(
            new Uri("https://midjourney-plus.oss-us-west-1.aliyuncs.com/sora/cc4fb429-22a5-4747-a6f9-a6badccf8f42.mp4"), task.VideoUrl);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1761622385), task.CompletedAt);
        Assert.Null(task.FailureReason);
    }

    [Fact]
    public void Native_pending_task_has_progress_from_the_detail_and_status_from_outside()
    {
        var task = Read("juxin-query-pending-native", "juxin", CallKind.Query, "sora-2:task_01k6x15vhrff09dkkqjrzwhm60");

        Assert.Equal((VideoTaskStatus.NotStarted, "pending"), (task.Status, task.RawStatus));
        Assert.Equal(93.02, task.Progress!.Value, 0.01);
        Assert.Null(task.VideoUrl);
        Assert.Null(task.FailureReason);
    }

    [Fact]
    public void Number_is_a_status()
    {
        var task = Read("juxin-query-numeric-status", "juxin", CallKind.Query, "task_xxx");

        Assert.Equal((VideoTaskStatus.InProgress, "102", 50.0), (task.Status, task.RawStatus, task.Progress));
        Assert.Null(task.VideoUrl);
    }

    [Fact]
    public void Failed_juxin_task_has_its_reason()
    {
        var task = Read("juxin-query-failed-error-object", "juxin", CallKind.Query, "video_b6772a7c-e1dd-4df4-8ece-c31c8925e677");

        Assert.Equal((VideoTaskStatus.Failed, true), (task.Status, task.IsCompleted));
        Assert.Equal("文件上传失败，请重新发起请求", task.FailureReason);
        Assert.Equal("sora_video2", task.Model);
    }

    [Fact]
    public void Zhenzhen_create_response_has_only_an_id()
    {
        var task = Read("zhenzhen-create-accepted", "zhenzhen", CallKind.CreateVideo);

        Assert.Equal("f0aa213c-c09e-4e19-a0e5-c698fe48acf1", task.Id);
        Assert.Equal((VideoTaskStatus.NotStarted, (string?)null, false), (task.Status, task.RawStatus, task.IsCompleted));
    }

    [Fact]
    public void Zhenzhen_success_has_its_video_in_data()
    {
        var task = Read("zhenzhen-query-success", "zhenzhen", CallKind.Query, "veo3:1756693796-YQVHH4A3Lg");

        Assert.Equal((VideoTaskStatus.Succeeded, "SUCCESS", 100.0), (task.Status, task.RawStatus, task.Progress));
        Assert.Equal(new Uri("https://filesystem.site/cdn/20250901/018eg2SgUpHMT6EEuQbfeRLWeUhE75.mp4"), task.VideoUrl);
        Assert.Equal(
            (1756693797, 1756693808, 1756693898),
            (
                task.CreatedAt!.Value.ToUnixTimeSeconds(),
                task.StartedAt!.Value.ToUnixTimeSeconds(),
                task.CompletedAt!.Value.ToUnixTimeSeconds()));
        Assert.Equal("zhenzhen", task.PlatformName);
    }

    [Fact]
    public void Zhenzhen_failure_at_100_percent_has_its_reason()
    {
        var task = Read("zhenzhen-query-failure", "zhenzhen", CallKind.Query, "32daf195-f961-40b5-a08d-16fe6c3a0cac");

        Assert.Equal((VideoTaskStatus.Failed, "FAILURE", 100.0), (task.Status, task.RawStatus, task.Progress));
        Assert.Equal("输入的提示词或视频的输出内容违反了OpenAI的相关服务政策，请调整提示词后进行重试", task.FailureReason);
        Assert.Null(task.VideoUrl);
    }

    [Fact]
    public void Character_has_its_username_and_mention()
    {
        var character = Sora2Platform.Juxin.DecodeCharacter(Response("character-created", "juxin", CallKind.CreateCharacter));

        Assert.Equal(
            ("ch_6918d62178e48191a0b1ae49be428a13", "hfspncadz.mooflapand", "@hfspncadz.mooflapand"),
            (character.Id, character.Username, character.Mention));
        Assert.Equal(new Uri("https://sora.chatgpt.com/profile/hfspncadz.mooflapand"), character.Permalink);
        Assert.Equal("videos.openai.com", character.ProfilePictureUrl!.Host);
        Assert.Null(character.DisplayName);
    }

    [Theory]
    [InlineData("error-400-task-not-exist", 400, CallKind.Query, Sora2ErrorKind.TaskNotFound, false, "task_not_exist", null)]
    [InlineData(
        "error-403-quota",
        403,
        CallKind.CreateVideo,
        Sora2ErrorKind.InsufficientQuota,
        false,
        "用户额度不足, 剩余额度: ＄0.000000",
        "202611200101010001")]
    [InlineData(
        "error-404-invalid-url",
        404,
        CallKind.CreateVideo,
        Sora2ErrorKind.WrongEndpoint,
        false,
        "Invalid URL (POST /v1/video/storyboard)",
        null)]
    [InlineData("error-429-saturated", 429, CallKind.CreateVideo, Sora2ErrorKind.Saturated, true, "当前分组上游负载已饱和，请稍后再试", null)]
    [InlineData(
        "error-503-no-channel",
        503,
        CallKind.CreateVideo,
        Sora2ErrorKind.ModelUnavailable,
        false,
        "分组 auto 下模型 sora-2 无可用渠道（distributor）",
        "202611200101010000")]
    public void Error_is_classified_by_its_text(
        string captured, int status, CallKind call, Sora2ErrorKind kind, bool isTransient, string text, string? requestId)
    {
        var response = Response(captured, "juxin", call) with
        {
            StatusCode = (HttpStatusCode)status,
            TaskId = call == CallKind.Query ? "task-1" : null,
        };

        var error = Assert.Throws<Sora2ApiException>(() => Sora2Platform.Juxin.DecodeTask(response));

        Assert.Equal((kind, isTransient, requestId), (error.Kind, error.IsTransient, error.RequestId));
        Assert.StartsWith(text, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("request id", error.Message, StringComparison.Ordinal);
        Assert.Equal(call == CallKind.Query ? null : false, error.MayHaveBeenCharged);
        Assert.Equal("juxin", error.PlatformName);
        Assert.NotEmpty(error.RawBody!);
    }

    [Theory]
    [InlineData("juxin")]
    [InlineData("zhenzhen")]
    public void Every_captured_body_reads_the_same_from_either_platform(string platform)
    {
        var decoder = Sora2Platform.BuiltIn.Single(known => known.Name == platform);
        foreach (var name in Captured.Names.Where(name =>
            !name.StartsWith("error", StringComparison.Ordinal) && !name.StartsWith("character", StringComparison.Ordinal)))
        {
            Assert.Equal(platform, decoder.DecodeTask(Response(name, platform, CallKind.Query) with { TaskId = "asked" }).PlatformName);
        }
    }

    private static VideoTask Read(string captured, string platform, CallKind call, string? taskId = null) =>
        Sora2Platform.BuiltIn.Single(known => known.Name == platform)
            .DecodeTask(Response(captured, platform, call) with { TaskId = taskId });

    private static ApiResponse Response(string captured, string platform, CallKind call) =>
        new() { Platform = platform, Kind = call, Body = Captured.Read(captured), Address = new Uri("https://h/path") };
}
