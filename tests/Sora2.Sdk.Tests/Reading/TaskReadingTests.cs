using System.Text;
using System.Text.Json;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Tests.Reading;

public sealed class TaskReadingTests
{
    [Theory]
    [InlineData("\"NOT_START\"", VideoTaskStatus.NotStarted)]
    [InlineData("\"pending\"", VideoTaskStatus.NotStarted)]
    [InlineData("100", VideoTaskStatus.NotStarted)]
    [InlineData("\"101\"", VideoTaskStatus.NotStarted)]
    [InlineData("\"queued\"", VideoTaskStatus.InProgress)]
    [InlineData("\"QUEUED\"", VideoTaskStatus.InProgress)]
    [InlineData("\"SUBMITTED\"", VideoTaskStatus.InProgress)]
    [InlineData("\"Processing\"", VideoTaskStatus.InProgress)]
    [InlineData("\"running\"", VideoTaskStatus.InProgress)]
    [InlineData("\"generating\"", VideoTaskStatus.InProgress)]
    [InlineData("\"in_progress\"", VideoTaskStatus.InProgress)]
    [InlineData("\"IN_PROGRESS\"", VideoTaskStatus.InProgress)]
    [InlineData("\"image_downloading\"", VideoTaskStatus.InProgress)]
    [InlineData("\"video_generating\"", VideoTaskStatus.InProgress)]
    [InlineData("\"video_upsampling\"", VideoTaskStatus.InProgress)]
    [InlineData("102", VideoTaskStatus.InProgress)]
    [InlineData("\"completed\"", VideoTaskStatus.Succeeded)]
    [InlineData("\"complete\"", VideoTaskStatus.Succeeded)]
    [InlineData("\"success\"", VideoTaskStatus.Succeeded)]
    [InlineData("\"succeeded\"", VideoTaskStatus.Succeeded)]
    [InlineData("\"done\"", VideoTaskStatus.Succeeded)]
    [InlineData("103", VideoTaskStatus.Succeeded)]
    [InlineData("\"failed\"", VideoTaskStatus.Failed)]
    [InlineData("\"FAILURE\"", VideoTaskStatus.Failed)]
    [InlineData("\"error\"", VideoTaskStatus.Failed)]
    [InlineData("\"cancelled\"", VideoTaskStatus.Failed)]
    [InlineData("\"canceled\"", VideoTaskStatus.Failed)]
    [InlineData("\"expired\"", VideoTaskStatus.Failed)]
    [InlineData("\"upload_FAILED\"", VideoTaskStatus.Failed)]
    [InlineData("\"104\"", VideoTaskStatus.Failed)]
    [InlineData("\"unknown\"", VideoTaskStatus.Unknown)]
    [InlineData("\"almost_done\"", VideoTaskStatus.Unknown)]
    [InlineData("105", VideoTaskStatus.Unknown)]
    [InlineData("\"\"", VideoTaskStatus.Unknown)]
    [InlineData("null", VideoTaskStatus.Unknown)]
    [InlineData("true", VideoTaskStatus.Unknown)]
    [InlineData("{\"a\":[1]}", VideoTaskStatus.Unknown)]
    public void Status_is_read_from_the_union_of_all_words(string status, VideoTaskStatus expected) =>
        Assert.Equal(expected, Read($$"""{"status":{{status}}}""").Status);

    [Fact]
    public void Hand_made_task_can_have_a_raw_response()
    {
        var raw = JsonDocument.Parse("""{"seed":7}""").RootElement;
        var task = new VideoTask { PlatformName = "juxin", Id = "a", Status = VideoTaskStatus.Unknown, Raw = raw };

        Assert.Equal(7, task.Raw.GetProperty("seed").GetInt32());
        Assert.Equal(task, task with { Raw = task.Raw });
        Assert.Equal(JsonValueKind.Undefined, (task with { Raw = default }).Raw.ValueKind);
    }

    [Fact]
    public void Missing_status_means_still_running() => Assert.False(Read("{}").IsCompleted);

    [Fact]
    public void Unknown_status_word_is_kept() => Assert.Equal("almost_done", Read("""{"status":"almost_done"}""").RawStatus);

    [Theory]
    [InlineData("""{"progress":50}""", 50.0)]
    [InlineData("""{"progress":"50"}""", 50.0)]
    [InlineData("""{"progress":"50%"}""", 50.0)]
    [InlineData("""{"progress":37.5}""", 37.5)]
    [InlineData("""{"progress":" 12 % "}""", 12.0)]
    [InlineData("""{"progress":150}""", 100.0)]
    [InlineData("""{"progress":-3}""", 0.0)]
    [InlineData("""{"progress":"NaN"}""", null)]
    [InlineData("""{"progress":1e999}""", null)]
    [InlineData("""{"progress":"soon"}""", null)]
    [InlineData("""{"progress":null}""", null)]
    [InlineData("{}", null)]
    [InlineData("""{"detail":{"pending_info":{"progress_pct":0.93}}}""", 93.0)]
    [InlineData("""{"progress":10,"detail":{"pending_info":{"progress_pct":0.93}}}""", 10.0)]
    public void Progress_is_read_in_every_form(string json, double? expected) => Assert.Equal(expected, Read(json).Progress);

    [Theory]
    [InlineData("""{"video_url":"U","data":{"video_url":"https://x/2"},"url":"https://x/3"}""")]
    [InlineData("""{"data":{"output":"https://x/2","video_url":"U"},"url":"https://x/3"}""")]
    [InlineData("""{"data":{"outputs":["https://x/2"],"output":"U"},"output":"https://x/3"}""")]
    [InlineData("""{"data":{"outputs":["U","https://x/9"]},"url":"https://x/2"}""")]
    [InlineData("""{"output":"https://x/2","url":"U"}""")]
    [InlineData("""{"result_url":"https://x/2","output":"U"}""")]
    [InlineData("""{"data":{"url":"https://x/2"},"result_url":"U"}""")]
    [InlineData("""{"data":{"result_url":"https://x/2","url":"U"}}""")]
    [InlineData("""{"detail":{"url":"https://x/2"},"data":{"result_url":"U"}}""")]
    [InlineData("""{"detail":{"video_url":"https://x/2","url":"U"}}""")]
    [InlineData("""{"detail":{"draft_info":{"downloadable_url":"https://x/2"},"video_url":"U"}}""")]
    [InlineData("""{"detail":{"draft_info":{"url":"https://x/2","downloadable_url":"U"}}}""")]
    [InlineData("""{"video":{"url":"https://x/2"},"detail":{"draft_info":{"url":"U"}}}""")]
    [InlineData("""{"video":{"url":"U"}}""")]
    [InlineData("""{"video_url":"","data":{"output":"U"}}""")]
    [InlineData("""{"video_url":"  ","url":null,"output":"U"}""")]
    [InlineData("""{"video_url":" `U` "}""")]
    [InlineData("""{"video_url":"\"U\""}""")]
    [InlineData("""{"video_url":"/videos/relative.mp4","data":{"output":"U"}}""")]
    [InlineData("""{"video_url":{"no":"string"},"video":["no"],"detail":"no","data":{"output":"U"}}""")]
    public void First_address_in_the_order_wins(string json) =>
        Assert.Equal(
            new Uri("https://v.example.com/a.mp4?sig=a%2Fb"),
            Read(json.Replace("U", "https://v.example.com/a.mp4?sig=a%2Fb", StringComparison.Ordinal)).VideoUrl);

    [Fact]
    public void Data_of_an_envelope_is_the_task()
    {
        var task = Read(
            """{"code":"success","message":"","data":"""
            + """{"task_id":"t","status":"SUCCESS","fail_reason":"","progress":"100%","data":{"output":"https://x/v.mp4"}}}""",
            taskId: null);

        Assert.Equal(("t", VideoTaskStatus.Succeeded, new Uri("https://x/v.mp4")), (task.Id, task.Status, task.VideoUrl!));
    }

    [Fact]
    public void Inner_status_and_video_and_outer_reason_win()
    {
        var failed = Read("""{"status":"IN_PROGRESS","fail_reason":"outer","video_url":"https://x/outer","data":"""
            + """{"status":"failed","fail_reason":"inner"}}""");
        var done = Read("""{"status":"IN_PROGRESS","video_url":"https://x/outer","data":{"status":"completed","video_url":"https:"""
            + """//x/inner"}}""");

        Assert.Equal((VideoTaskStatus.Failed, "outer"), (failed.Status, failed.FailureReason));
        Assert.Equal((VideoTaskStatus.Succeeded, new Uri("https://x/inner")), (done.Status, done.VideoUrl!));
    }

    [Fact]
    public void Unknown_inner_status_leaves_the_outer_one() =>
        Assert.Equal(VideoTaskStatus.Succeeded, Read("""{"status":"SUCCESS","data":{"status":"??","output":"https://x/v"}}""").Status);

    [Theory]
    [InlineData("""{"status":"failed","fail_reason":"R","error":"no"}""")]
    [InlineData("""{"status":"failed","fail_reason":"","error":"R"}""")]
    [InlineData("""{"id":"asked","status":"failed","error":{"message":"no","message_zh":"R"}}""")]
    [InlineData("""{"status":"failed","error":{"code":7,"message":"R"},"failure_reason":"no"}""")]
    [InlineData("""{"status":"failed","error":null,"failure_reason":"R","error_message":"no"}""")]
    [InlineData("""{"status":"failed","error_message":"R","detail":{"pending_info":{"failure_reason":"no"}}}""")]
    [InlineData("""{"status":"failed","detail":{"pending_info":{"failure_reason":"R"}}}""")]
    [InlineData("""{"id":"asked","status":"failed","data":{"error":{"message":"R"}}}""")]
    [InlineData("""{"status":"failed","fail_reason":"{\"error\":{\"message\":\"{\\\"message\\\":\\\"R (request id: 12)\\\"}\"}}"}""")]
    public void Reason_of_a_failure_is_found(string json) => Assert.Equal("R", Read(json).FailureReason);

    [Fact]
    public void Address_in_the_reason_field_of_a_success_is_not_a_reason() =>
        Assert.Null(Read("""{"status":"SUCCESS","fail_reason":"https://x/v.mp4","data":{"output":"https://x/v.mp4"}}""").FailureReason);

    [Theory]
    [InlineData("1761622232")]
    [InlineData("1761622232000")]
    [InlineData("\"1761622232\"")]
    [InlineData("\"2025-10-28T03:30:32Z\"")]
    [InlineData("\"2025-10-28T11:30:32+08:00\"")]
    public void Time_is_read_in_every_unit(string value) =>
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1761622232), Read($$"""{"created_at":{{value}}}""").CreatedAt);

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1e300")]
    [InlineData("\"never\"")]
    [InlineData("null")]
    public void Unset_time_is_null(string value) => Assert.Null(Read($$"""{"submit_time":{{value}}}""").CreatedAt);

    [Fact]
    public void Queried_id_stays() => Assert.Equal("asked", Read("""{"id":"another","status":"queued"}""").Id);

    [Theory]
    [InlineData("""{"id":"a","task_id":"b"}""", "a")]
    [InlineData("""{"id":"","taskId":"b"}""", "b")]
    [InlineData("""{"id":null,"task_id":"b","status":"queued","message":"提交成功"}""", "b")]
    [InlineData("""{"id":"b","model":"\ud83d","status":"queued"}""", "b")]
    [InlineData("""{"id":123,"data":{"task_id":"b"}}""", "b")]
    [InlineData("""{"id":"","message":"no"}""", null)]
    [InlineData("""{"taskId":"b"}""", "b")]
    [InlineData("""{"id":7}""", "7")]
    [InlineData("""{"code":0,"data":{"id":991,"task_id":"b"}}""", "b")]
    public void Id_of_a_new_task_is_found(string json, string? expected)
    {
        if (expected is null)
        {
            Assert.Throws<Sora2ApiException>(() => Read(json, taskId: null, CallKind.CreateVideo));
        }
        else
        {
            Assert.Equal(expected, Read(json, taskId: null, CallKind.CreateVideo).Id);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"status":"completed","video_url":"https://x/v.mp4" """)]
    [InlineData("""{"status":"completed"} and more""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"queued\"")]
    public void Incomplete_object_is_unreadable_and_transient(string json)
    {
        var error = Assert.Throws<Sora2ApiException>(() => Read(json));

        Assert.Equal((Sora2ErrorKind.UnreadableResponse, true, "asked"), (error.Kind, error.IsTransient, error.TaskId));
    }

    [Theory]
    [InlineData("""{"id":"t1","status":"que""")]
    [InlineData("""{"id":"t1","status":"queued","prompt":"a 5" screen"}""")]
    public void Id_in_a_broken_response_to_a_create_is_kept(string json)
    {
        var error = Assert.Throws<Sora2ApiException>(() => Read(json, taskId: null, CallKind.CreateVideo));

        Assert.Equal(("t1", (bool?)null), (error.TaskId, error.MayHaveBeenCharged));
    }

    [Fact]
    public void Invalid_value_is_ignored_and_the_others_are_read() =>
        Assert.Equal(
            new Uri("https://x/v.mp4"),
            Read("""{"status":"\ud800","video_url":"x\ud83d","progress":"x","data":{"output":"https://x/v.mp4","progress":7}}""").VideoUrl);

    [Fact]
    public void File_address_is_not_the_video_if_there_is_a_link() =>
        Assert.Equal("https", Read("""{"video_url":"file:///etc/passwd","data":{"output":"https://x/v.mp4"}}""").VideoUrl!.Scheme);

    [Fact]
    public void Equal_responses_are_equal_tasks() => Assert.Equal(Read("""{"status":"queued"}"""), Read("""{"status":"queued"}"""));

    [Theory]
    [InlineData(
        """{"status":"NOT_START","submit_time":10}""",
        """{"task_id":"asked","platform":"openai","action":"sora-video","status":"NOT_START","fail_reason":"","submit_time":"""
            + """10,"start_time":10,"finish_time":null,"progress":"0%","data":null}""")]
    [InlineData(
        """{"status":"a_new_word","progress":"49.9%"}""",
        """{"task_id":"asked","platform":"openai","action":"sora-video","status":"IN_PROGRESS","fail_reason":"","submit_time":"""
            + """null,"start_time":null,"finish_time":null,"progress":"49%","data":null}""")]
    [InlineData(
        """{"status":"completed","created_at":10,"start_time":11,"completed_at":20,"video_url":"https://x/v.mp4?a=b%2Fc"}""",
        """{"task_id":"asked","platform":"openai","action":"sora-video","status":"SUCCESS","fail_reason":"","submit_time":"""
            + """10,"start_time":11,"finish_time":20,"progress":"100%","data":{"output":"https://x/v.mp4?a=b%2Fc"}}""")]
    [InlineData(
        """{"status":"SUCCESS"}""",
        """{"task_id":"asked","platform":"openai","action":"sora-video","status":"IN_PROGRESS","fail_reason":"","submit_time":"""
            + """null,"start_time":null,"finish_time":null,"progress":"100%","data":null}""")]
    [InlineData(
        """{"status":"failed","error":"no","progress":3}""",
        """{"task_id":"asked","platform":"openai","action":"sora-video","status":"FAILURE","fail_reason":"no","submit_time":"""
            + """null,"start_time":null,"finish_time":null,"progress":"3%","data":null}""")]
    public void Unified_record_is_the_same_for_every_response(string json, string unified) =>
        Assert.Equal(unified, Read(json).ToUnifiedJson().ToJsonString());

    [Fact]
    public void Both_platforms_give_the_same_unified_record()
    {
        const string Json = """{"id":"asked","status":"completed","completed_at":20,"video_url":"https://x/v.mp4"}""";
        var records = Sora2Platform.BuiltIn
            .Select(platform => platform.DecodeTask(Response(Json, "asked", CallKind.Query) with { Platform = platform.Name }))
            .Select(task => task.ToUnifiedJson())
            .ToList();

        Assert.Equal(records[0].ToJsonString(), records[1].ToJsonString());
    }

    private static VideoTask Read(string json, string? taskId = "asked", CallKind call = CallKind.Query) =>
        Sora2Platform.Juxin.DecodeTask(Response(json, taskId, call));

    private static ApiResponse Response(string json, string? taskId, CallKind call) =>
        new()
        {
            Platform = "juxin",
            Kind = call,
            Body = Encoding.UTF8.GetBytes(json),
            TaskId = taskId,
            Address = new Uri("https://h/path"),
        };
}
