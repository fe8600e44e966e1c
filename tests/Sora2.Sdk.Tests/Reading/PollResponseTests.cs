using System.Net;
using System.Text;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Reading;

/// <summary>Responses to polls from relays of all kinds, read by the client of each platform.</summary>
public sealed class PollResponseTests
{
    private const string Done = """{"id":"task_b","status":"completed","video_url":"https://media.example.com/b/later.mp4"}""";

    private readonly VirtualClock _clock = new();

    [Theory]
    [InlineData("""{"id":"task_b","object":"video","status":"completed","progress":100,"metadata":{"url":"LINK"}}""")]
    [InlineData("""{"id":"cgt-b","status":"succeeded","content":{"video_url":"LINK","last_frame_url":"https:"""
        + """//media.example.com/b/10.png"}}""")]
    [InlineData("""{"code":0,"message":"SUCCEED","data":{"task_id":"81","task_status":"succeed","task_status_msg":"","task_result":"""
        + """{"videos":[{"id":"v1","url":"LINK","duration":"5.1"}]}}}""")]
    [InlineData("""{"code":200,"data":{"id":"task_b","status":"completed","result":{"videos":[{"url":["LINK"],"expires_at":"""
        + """1790000000}]}}}""")]
    [InlineData("""{"id":"task_b","status":"completed","data":[{"url":"LINK"}]}""")]
    [InlineData("""{"code":0,"msg":"success","data":{"id":"16-b","results":[{"url":"LINK","pid":"s_1"}],"progress":"""
        + """100,"status":"succeeded","error":""}}""")]
    [InlineData("""{"request_id":"r","output":{"task_id":"86","task_status":"SUCCEEDED","video_url":"LINK"}}""")]
    [InlineData("""{"model":"cogvideox","task_status":"SUCCESS","request_id":"r","video_result":"""
        + """[{"url":"LINK","cover_image_url":"https://media.example.com/b/17.jpg"}]}""")]
    [InlineData("""{"task":{"id":"4240","status":"succeeded","content":{"url":"LINK"}}}""")]
    [InlineData("""{"id":"task_b","status":"succeed","video_url":"LINK"}""")]
    [InlineData("""{"id":"task_b","status":"finished","video_url":"LINK"}""")]
    [InlineData("""{"id":"task_b","status":"TASK_STATUS_SUCCEED","video_url":"LINK"}""")]
    [InlineData("""{"id":"task_b","state":"completed","video_url":"LINK"}""")]
    [InlineData("""{"id":"task_b","task_status":"completed","video_url":"LINK"}""")]
    [InlineData("""{"id":"task_b","taskStatus":"completed","videoUrl":"LINK"}""")]
    [InlineData("""{"id":"task_b","status":"completed","results":["LINK"]}""")]
    [InlineData("""{"id":"task_b","status":"completed","video":["LINK"]}""")]
    [InlineData("""{"id":"task_b","status":"completed","output":["LINK"]}""")]
    [InlineData("""{"id":"task_b","status":"completed","output":{"url":"LINK"}}""")]
    [InlineData("""{"id":"task_b","status":"completed","video_url":{"url":"LINK"}}""")]
    [InlineData("""{"id":"task_b","status":"completed","data":{"resultJson":"{\"resultUrls\":[\"LINK\"]}"}}""")]
    [InlineData("""{"id":"task_b","state":"success","creations":[{"cover_url":"https://x/c.jpg","watermarked_url":"https:"""
        + """//x/w.mp4","url":"LINK"}]}""")]
    [InlineData("""{"id":"task_b","status":"completed","generation":{"assets":{"video":"LINK"}}}""")]
    [InlineData("""{"id":"task_b","status":"completed","assets":{"video":"LINK"}}""")]
    [InlineData("""{"id":"task_b","done":true,"status":"done","response":{"generateVideoResponse":{"generatedSamples":[{"video":"""
        + """{"uri":"LINK"}}]}}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"task_b","status":"SUCCESS","progress":"100%","fail_reason":"LINK"}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"task_b","status":"SUCCESS","progress":"100%","result_url":"LINK","data":"""
        + """{"id":"up_b","status":"in_progress","progress":60}}}""")]
    [InlineData("""{"status":"success","data":{"id":"task_b","status":"completed","video_url":"LINK"}}""")]
    [InlineData("""{"status":"IN_PROGRESS","data":{"id":"task_b","status":"completed","video_url":"LINK"}}""")]
    [InlineData("""<b>Notice</b>: x<br />{"id":"task_b","status":"completed","video_url":"LINK"}""")]
    [InlineData("data: {\"id\":\"task_b\",\"status\":\"queued\"}\n\ndata: {\"id\":\"task_b\",\"status\":\"completed\",\"video_url\":"
        + "\"LINK\"}\n\ndata: [DONE]\n\n")]
    [InlineData("""[{"id":"task_b","status":"completed","video_url":"LINK"}]""")]
    [InlineData("""{"id":"sora-2:task_b","status":"completed","video_url":"LINK"}""")]
    [InlineData("""{"id":"task_b","model":NaN,"status":"completed","video_url":"LINK",}""")]
    public async Task Video_is_found(string body)
    {
        const string Link = "https://media.example.com/b/video.mp4";
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var task = await WaitAsync(platform, _ => body.Replace("LINK", Link, StringComparison.Ordinal));

            Assert.Equal((VideoTaskStatus.Succeeded, new Uri(Link), "task_b"), (task.Status, task.VideoUrl!, task.Id));
        }
    }

    [Theory]
    [InlineData("/v1/videos/task_b/content", "https://{host}/v1/videos/task_b/content")]
    [InlineData("/images/u-7.mp4", "https://{host}/images/u-7.mp4")]
    [InlineData("//media.example.com/b/15.mp4", "https://media.example.com/b/15.mp4")]
    public async Task Path_is_resolved_against_the_api(string link, string expected)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var task = await WaitAsync(platform, _ => $$"""{"id":"task_b","status":"completed","video_url":"{{link}}"}""");

            Assert.Equal(
                expected.Replace("{host}", platform.DefaultBaseAddress.Host, StringComparison.Ordinal), task.VideoUrl!.AbsoluteUri);
        }
    }

    [Theory]
    [InlineData("""{"id":"task_b","object":"video","status":"completed","progress":100}""")]
    [InlineData("""{"task_id":"task_b","platform":"7","status":"SUCCESS","progress":"100%","fail_reason":"","created_at":"""
        + """1790000000,"finished_at":1790000300}""")]
    public async Task Video_without_an_address_is_at_the_content_route(string body)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var task = await WaitAsync(platform, _ => body);

            Assert.Equal(new Uri(platform.DefaultBaseAddress, "/v1/videos/task_b/content"), task.VideoUrl);
        }
    }

    [Fact]
    public async Task Last_frame_and_cover_are_kept()
    {
        var ark = await WaitAsync(
            Sora2Platform.Juxin,
            _ => """{"id":"cgt-b","status":"succeeded","content":{"video_url":"https://x/v.mp4","last_frame_url":"https://x/l.png"}}""");
        var vidu = await WaitAsync(
            Sora2Platform.Juxin,
            _ => """{"id":"task_b","state":"success","creations":[{"cover_url":"https://x/c.jpg","watermarked_url":"https://x/w.mp4"}]}""");

        Assert.Equal("https://x/l.png", ark.LastFrameUrl!.AbsoluteUri);
        Assert.Equal(("https://x/c.jpg", "https://x/w.mp4"), (vidu.ThumbnailUrl!.AbsoluteUri, vidu.VideoUrl!.AbsoluteUri));
    }

    [Theory]
    [InlineData(
        """{"code":"success","message":"","data":"""
        + """{"task_id":"task_b","status":"FAILURE","progress":"100%","fail_reason":"任务超时（60分钟）","data":"""
            + """{"id":"up_b","status":"in_progress","progress":30}}}""",
        "任务超时（60分钟）",
        Sora2ErrorKind.TaskFailed)]
    [InlineData(
        """{"code":"success","data":{"task_id":"task_b","status":"FAILURE","fail_reason":"https://up.example.com/x timed """
        + """out","result_url":"https://up.example.com/x timed out"}}""",
        "https://up.example.com/x timed out",
        Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"fail","fail_reason":"内容审核不通过"}""", "内容审核不通过", Sora2ErrorKind.InputModeration)]
    [InlineData("""{"id":"task_b","status":"rejected","fail_reason":"R"}""", "R", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"timeout","fail_reason":"R"}""", "R", Sora2ErrorKind.TaskFailed)]
    [InlineData(
        """{"code":"success","data":{"task_id":"task_b","status":"SUCCESS","progress":"100%","fail_reason":"","data":{"done":"""
        + """true,"response":{"raiMediaFilteredCount":1,"raiMediaFilteredReasons":["The prompt goes against the usage """
            + """guidelines. You were not charged."]}}}}""",
        "The prompt goes against the usage guidelines. You were not charged.",
        Sora2ErrorKind.InputModeration)]
    [InlineData(
        """{"code":0,"message":"SUCCEED","data":{"task_id":"81","task_status":"failed","task_status_msg":"Image pixel is """
        + """invalid","task_result":{}}}""",
        "Image pixel is invalid",
        Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","message":"图片下载失败"}""", "图片下载失败", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","msg":"图片下载失败"}""", "图片下载失败", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","error_msg":"图片下载失败"}""", "图片下载失败", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","errorMessage":"图片下载失败"}""", "图片下载失败", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","failMsg":"图片下载失败"}""", "图片下载失败", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","reason":"图片下载失败"}""", "图片下载失败", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","detail":"图片下载失败"}""", "图片下载失败", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","title":"R"}""", "R", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","base_resp":{"status_msg":"R","status_code":1026}}""", "R", Sora2ErrorKind.TaskFailed)]
    [InlineData(
        """{"code":"success","data":{"task_id":"task_b","status":"FAILURE","message":"图片下载失败"}}""", "图片下载失败", Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","error":[{"message":"bad image"}]}""", "bad image", Sora2ErrorKind.TaskFailed)]
    [InlineData(
        """{"id":"task_b","status":"failed","errors":[{"code":"x","message":"bad size"}]}""", "bad size", Sora2ErrorKind.TaskFailed)]
    [InlineData(
        """{"request_id":"r","output":{"task_id":"86","task_status":"FAILED","code":"InvalidParameter","message":"The size is """
        + """not match"}}""",
        "The size is not match",
        Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"failed","error":"null","fail_reason":"None"}""", null, Sora2ErrorKind.TaskFailed)]
    [InlineData("""{"id":"task_b","status":"FAILURE","message":"success"}""", null, Sora2ErrorKind.TaskFailed)]
    [InlineData(
        """{"id":"task_b","status":"failed","error":{"message":"Video generation failed","code":"moderation_blocked"}}""",
        "Video generation failed",
        Sora2ErrorKind.InputModeration)]
    [InlineData(
        """{"id":"task_b","status":"failed","error":{"message":"","code":"moderation_blocked"}}""",
        "moderation_blocked",
        Sora2ErrorKind.InputModeration)]
    [InlineData("""{"status":"IN_PROGRESS","data":{"id":"task_b","status":"error","fail_reason":"R"}}""", "R", Sora2ErrorKind.TaskFailed)]
    public async Task Failure_ends_the_wait_with_its_reason(string body, string? reason, Sora2ErrorKind kind)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var polls = 0;
            var error = await Assert.ThrowsAsync<VideoTaskFailedException>(() => WaitAsync(platform, n =>
            {
                polls = n + 1;
                return body;
            }));

            Assert.Equal((reason, kind, 1, null), (error.VideoTask.FailureReason, error.Kind, polls, error.VideoTask.VideoUrl));
        }
    }

    [Theory]
    [InlineData("""{"status":"error","message":"系统繁忙，请稍后再试"}""")]
    [InlineData("""{"status":"error","error":"当前分组上游负载已饱和，请稍后再试"}""")]
    [InlineData("""{"status":"error","error":{"message":"Too many requests","code":"rate_limit"}}""")]
    [InlineData("""{"code":500,"status":"error","msg":"internal","data":null}""")]
    [InlineData("""{"status":"expired","message":"session expired"}""")]
    [InlineData("""{"status":"failed","message":"try again"}""")]
    [InlineData("""{"status":"fail","detail":"upstream"}""")]
    [InlineData("""{"code":"fail_to_fetch_task","message":"x","data":null}""")]
    [InlineData("""{"error":{"message":"upstream timeout","type":"new_api_error","code":""}}""")]
    [InlineData("""{"code":429,"msg":"Too many requests","data":null}""")]
    [InlineData("""{"error":{"message":"blocked by moderation"}}""")]
    [InlineData("""{"status":"IN_PROGRESS","data":{"status":"error"}}""")]
    [InlineData("""{"id":"task_b","status":"previous_attempt_failed"}""")]
    [InlineData("""{"id":"task_b","error":{"message":"This content may violate our content policies.","code":"moderation_blocked"}}""")]
    [InlineData("""{"id":"task_c","status":"completed","video_url":"https://x/OTHER.mp4"}""")]
    [InlineData("""{"id":"OTHER","status":"completed","video_url":"https://x/OTHER.mp4"}""")]
    [InlineData("""{"task_id":"task_c","status":"FAILURE","fail_reason":"no"}""")]
    [InlineData("""{"data":{"id":"task_c","status":"failed","error":{"message":"no"}}}""")]
    [InlineData("""{"prompt":"a "status":"failed" sign","id":"task_b","status":"processing"}""")]
    [InlineData("""{"id":"task_b","status":"failed","fail_""")]
    public async Task Response_that_is_not_final_keeps_polling(string body)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var task = await WaitAsync(platform, n => n == 0 ? body : Done);

            Assert.Equal("https://media.example.com/b/later.mp4", task.VideoUrl!.AbsoluteUri);
        }
    }

    [Theory]
    [InlineData("f0aa213c-c09e-4e19-a0e5-c698fe48acf1", "32daf195-f961-40b5-a08d-16fe6c3a0cac", true)]
    [InlineData("f0aa213c-c09e-4e19-a0e5-c698fe48acf1", "cgt-20261127", false)]
    [InlineData("video_7b1b", "video_9c2c", true)]
    [InlineData("video_7b1b", "task_9c2c", false)]
    [InlineData("sora-2:task_01k", "task_01k", false)]
    [InlineData("task_01k", "sora-2:task_01k", false)]
    [InlineData("sora-2:task_01k", "sora-2:task_02k", true)]
    [InlineData("task_b", "81", false)]
    [InlineData("82", "81", true)]
    [InlineData("x", "OTHER", true)]
    [InlineData("task_b", "OTHER", true)]
    [InlineData("TASK_B", "task_b", false)]
    [InlineData("veo3:1756693796-YQVHH4A3Lg", "veo3:1756693797-AAAAAAAAAA", true)]
    public void Other_id_of_the_same_format_is_another_tasks(string queried, string received, bool isAnother) =>
        Assert.Equal(isAnother, TaskIds.IsAnother(queried, received));

    [Theory]
    [InlineData(
        """{"id":"task_b","error":{"message":"This content may violate our content policies.","code":"moderation_blocked"}}""",
        "This content may violate our content policies.")]
    [InlineData("""{"note":"the upstream is asleep"}""", "the upstream is asleep")]
    [InlineData("""{"id":"task_c","status":"completed"}""", "another task, task_c")]
    public async Task Timed_out_wait_quotes_the_platforms_text(string body, string words)
    {
        var error = await Assert.ThrowsAsync<WaitTimeoutException>(() => WaitAsync(Sora2Platform.Juxin, _ => body));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("It has not failed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoked_failure_is_recorded_as_completed()
    {
        var store = new MemoryTaskStore();
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler((n, _) => StubHandler.Json(n switch
        {
            0 => """{"id":"task_b","status":"queued"}""",
            1 => """{"id":"task_b","status":"failed","fail_reason":"R"}""",
            _ => Done,
        })), options => (options.TaskStore, options.PollInterval) = (store, TimeSpan.FromMilliseconds(1)));

        await Assert.ThrowsAsync<VideoTaskFailedException>(() => client.Videos.GenerateAsync(
            new VideoRequest("a"), cancellationToken: TestContext.Current.CancellationToken));
        await client.Videos.GetAsync("task_b", TestContext.Current.CancellationToken);

        var record = Assert.Single(await store.RecordsAsync(TestContext.Current.CancellationToken));
        Assert.Equal((TaskRecordState.Completed, (string?)null), (record.State, record.Error));
    }

    [Fact]
    public void Invalid_UTF8_leaves_the_rest_readable()
    {
        byte[] body = [.. "{\"id\":\"task_b\",\"status\":\"failed\",\"fail_reason\":\""u8, 0xCD, 0xFF, 0xC6, 0xAC, .. "\"}"u8];

        var task = Sora2Platform.Juxin.DecodeTask(new ApiResponse
        {
            Platform = "juxin",
            Kind = CallKind.Query,
            Body = body,
            TaskId = "task_b",
            Address = new Uri("https://h/v1/video/query?id=task_b"),
        });

        Assert.Equal(VideoTaskStatus.Failed, task.Status);
        Assert.Contains("\uFFFD", task.FailureReason!, StringComparison.Ordinal);
        Assert.NotEmpty(task.Raw.ToString());
    }

    /// <summary>Bodies of the largest size that is read; a reader that goes back would never finish them.</summary>
    [Fact]
    public void Largest_hostile_bodies_are_read_in_one_pass()
    {
        const int Size = 16 * 1024 * 1024;
        string[] units =
        [
            "{",
            "[",
            "{\"",
            "x{",
            "[{\"id\":",
            "\"",
            "\\",
            "{\"a\":\"",
            "\"id\"",
            "{\"data\":",
            "{\"message\":\"{",
            "{\"error\":[",
            "id\":\" ",
            "data: {\"\n",
            "\\n",
            " ",
            "\uFEFF",
            "<b>{}",
            "{\"url\":\"http://x\",\"url\":\"/",
            "'",
        ];
        foreach (var unit in units)
        {
            var bytes = Encoding.UTF8.GetBytes(unit);
            var body = new byte[Size];
            for (var at = 0; at + bytes.Length <= Size; at += bytes.Length)
            {
                bytes.CopyTo(body, at);
            }

            _ = ResponseReader.Read(body, "task_b", isPaid: false).Task.RawStatus;
            _ = ResponseReader.FindId(body);
        }
    }

    private async Task<VideoTask> WaitAsync(Sora2Platform platform, Func<int, string> response)
    {
        using var client = TestClients.Create(
            platform,
            new StubHandler((n, _) => StubHandler.Json(response(n), HttpStatusCode.OK)),
            options => (options.TimeProvider, options.PollJitter) = (_clock, 0));
        return await _clock.RunAsync(client.Videos.WaitAsync("task_b"));
    }
}
