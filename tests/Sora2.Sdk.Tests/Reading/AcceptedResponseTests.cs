using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Reading;

/// <summary>A response to a create that names a task is accepted, or of unknown outcome with that id, whatever surrounds it.</summary>
/// <remarks>It is never a refusal, and the task is never created again.</remarks>
public sealed class AcceptedResponseTests
{
    private const string Task1 = """{"id":"task_b1","status":"queued"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Accepted => new()
    {
        { """{"code":200,"data":[{"status":"submitted","task_id":"task_b11"}]}""", "task_b11" },
        { """[{"id":"task_b12","status":"queued"}]""", "task_b12" },
        {
            "<br />\n<b>Warning</b>:  Undefined array key \"seed\" in <b>/srv/relay/api.php</b> on line <b>77</b><br />\n{\"id\":"
            + "\"task_b13\",\"status\":\"queued\"}",
            "task_b13"
        },
        { "data: {\"id\":\"task_b15\",\"status\":\"queued\",\"progress\":0}\n\ndata: [DONE]\n\n", "task_b15" },
        { ": ping\n\nevent: task\nid: 7\ndata: {\"id\":\"task_b15\",\ndata: \"status\":\"queued\"}\n\n", "task_b15" },
        { """{"progress":NaN,"id":"task_b17","status":"queued"}""", "task_b17" },
        { "\uFEFF\r\n\r\n" + Task1, "task_b1" },
        { "[2026-11-27 10:00:00] production.WARNING: slow {\"ms\":900}\n" + Task1, "task_b1" },
        { "Deprecated: strlen(): Passing null {x} in [y]\n" + Task1, "task_b1" },
        { Task1 + "\n<br />\n<b>Notice</b>: shutdown", "task_b1" },
        { Task1 + "<!-- 12 ms -->", "task_b1" },
        { "{\"prompt\":\"line\nbreak\tand tab\",\"id\":\"task_b1\"}", "task_b1" },
        { """{"images":["a",],"id":"task_b1","status":"queued",}""", "task_b1" },
        { """{'id': 'task_b1', 'status': 'queued', 'error': None}""", "task_b1" },
        { "{\"deep\":" + new string('[', 100) + new string(']', 100) + ",\"id\":\"task_b1\"}", "task_b1" },
        { "{\"deep\":" + new string('[', 5000) + new string(']', 5000) + ",\"id\":\"task_b1\"}", "task_b1" },
        { """{"code":0,"data":"{\"task_id\":\"task_b1\",\"status\":\"queued\"}"}""", "task_b1" },
        { """{"code":"success","message":"","data":"7b1b817cbe94"}""", "7b1b817cbe94" },
        { """{"code":1,"message":"提交成功","result":"task_b1"}""", "task_b1" },
        { """{"result":{"id":"task_b1","state":"queued"}}""", "task_b1" },
        { """{"task":{"id":"task_b1"}}""", "task_b1" },
        { """{"output":{"task_id":"task_b1","task_status":"PENDING"},"request_id":"r-1"}""", "task_b1" },
        { """{"envelope":{"inner":{"id":"task_b1","status":"queued"}}}""", "task_b1" },
        { "\"{\\\"id\\\":\\\"task_b1\\\"}\"", "task_b1" },
        { """{"Task_ID":"task_b1"}""", "task_b1" },
        { """{"TASKID":"task_b1"}""", "task_b1" },
        { """{"video_id":"task_b1"}""", "task_b1" },
        { """{"generation_id":"task_b1"}""", "task_b1" },
        { """{"request_id":"task_b1"}""", "task_b1" },
        { """{"id":0,"task_id":"task_b1"}""", "task_b1" },
        { """{"id":"null","data":{"id":"task_b1"}}""", "task_b1" },
        { """{"id":"task_b1","error":null,"status":"queued"}""", "task_b1" },
        { """{"id":"task_b1","error":{"code":null,"message":""},"status":"queued"}""", "task_b1" },
        { """{"id":"task_b1","code":0,"msg":"success"}""", "task_b1" },
    };

    public static TheoryData<int, string, string> Doubtful => new()
    {
        { 200, """{"id":"task_b14","status":"error","error":"upstream connect error"}""", "task_b14" },
        { 500, """{"id":"task_b16","status":"queued","error":{"message":"save task failed"}}""", "task_b16" },
        { 400, """{"task_id":"task_b1","error":{"message":"bad size"}}""", "task_b1" },
        { 403, """{"error":{"message":"用户额度不足"},"data":{"task_id":"task_b1"}}""", "task_b1" },
        { 503, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"},"id":"task_b1"}""", "task_b1" },
        { 200, """{"code":500,"message":"insert failed","id":"task_b1"}""", "task_b1" },
        { 200, """{"success":false,"message":"x","data":{"id":"task_b1"}}""", "task_b1" },
        { 202, """{"code":"fail_to_fetch_task","message":"{\"id\":\"task_b1\",\"status\":\"queued\"}","data":null}""", "task_b1" },
        { 307, """{"code":"fail_to_fetch_task","message":"{\"id\":\"task_b1\",\"status\":\"queued\"}","data":null}""", "task_b1" },
        { 500, """{"code":"fail_to_fetch_task","message":"status 202: {\"task_id\":\"task_b1\"}","data":null}""", "task_b1" },
        { 200, """{"id":"task_b1","status":"que""", "task_b1" },
        { 200, """{"prompt":"a 5" screen","id":"task_b1","status":"queued"}""", "task_b1" },
        { 200, "data: {\"id\":\"task_b1\",\"status\":\"queued\"}\n\ndata: {\"error\":{\"message\":\"boom\"}}\n\n", "task_b1" },
        { 502, "<b>Fatal</b> in x\n{\"id\":\"task_b1\",\"message\":\"db gone\"}", "task_b1" },
    };

    public static TheoryData<int, string> NoTask => new()
    {
        { 200, """{"id":0,"code":500,"message":"insert failed"}""" },
        { 200, """{"id":"","status":"error","error":"x"}""" },
        { 200, """{"id":"null","error":"x"}""" },
        { 200, """{"task_id":"None","error":"x"}""" },
        { 400, """{"error":{"message":"bad size"},"request_id":"req-7"}""" },
        { 200, """{"message":"参数错误","request_id":"req-7"}""" },
        { 400, """{"code":400,"data":"prompt too long"}""" },
        { 200, """{"code":500,"data":"E1001"}""" },
        { 400, """{"error":{"message":"bad","id":"err_1","param":{"task_id":"x9"}}}""" },
        { 404, "<!doctype html><html><script>window.x={\"id\":\"app-1\",\"build\":7}</script></html>" },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task Response_that_names_a_task_is_an_accepted_task(string body, string id)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var task = await CreateAsync(platform, new StubHandler(body));

            Assert.Equal((id, false), (task.Id, task.IsCompleted));
            Assert.NotEqual(JsonValueKind.Undefined, task.Raw.ValueKind);
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Error_status_does_not_revoke_a_task(int status) =>
        Assert.Equal(
            "task_b1",
            (await CreateAsync(Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json(Task1, (HttpStatusCode)status)))).Id);

    [Theory]
    [MemberData(nameof(Doubtful))]
    public async Task Task_id_beside_an_error_is_unknown_and_not_created_again(int status, string body, string id)
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var api = new StubHandler((_, _) => StubHandler.Json(body, (HttpStatusCode)status));
            var other = new StubHandler(Task1);
            using var first = TestClients.Create(platform, api);
            using var second = TestClients.Create(Sora2Platform.Zhenzhen, other, name: "second");

            var error = await Assert.ThrowsAsync<SubmissionUnknownException>(() => new Sora2Router([first, second]).Videos.CreateAsync(
                new VideoRequest("a") { Model = platform.Models[0].Name }, Token));

            Assert.Equal((id, (bool?)null), (error.TaskId, error.MayHaveBeenCharged));
            Assert.Equal((1, 0), (api.Sent.Count, other.Sent.Count));
        }
    }

    [Theory]
    [MemberData(nameof(NoTask))]
    public async Task Text_that_is_not_an_id_names_no_task(int status, string body)
    {
        var error = await Assert.ThrowsAnyAsync<Sora2Exception>(() => CreateAsync(
            Sora2Platform.Juxin, new StubHandler((_, _) => StubHandler.Json(body, (HttpStatusCode)status))));

        Assert.Null(error.TaskId);
    }

    [Theory]
    [InlineData(201, "/v1/videos/task_b1")]
    [InlineData(202, "https://api.jxincm.cn/v1/videos/task_b1")]
    [InlineData(201, "/v2/videos/generations/task_b1?x=1")]
    public async Task Created_without_a_body_names_the_task_in_the_location(int status, string location)
    {
        var api = new StubHandler((_, _) => new HttpResponseMessage((HttpStatusCode)status)
        {
            Headers = { Location = new Uri(location, UriKind.RelativeOrAbsolute) },
            Content = new ByteArrayContent([]),
        });

        Assert.Equal("task_b1", (await CreateAsync(Sora2Platform.Juxin, api)).Id);
    }

    [Fact]
    public async Task Long_id_is_polled_and_queried()
    {
        var id = "task_" + new string('x', 1000);
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((n, _) => StubHandler.Json(
                $$"""{"id":"{{id}}","status":"{{(n == 0 ? "queued" : "completed")}}","video_url":"https://x/v.mp4"}""")),
            options => options.PollInterval = TimeSpan.FromMilliseconds(1));

        Assert.Equal(id, (await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token)).Id);
        Assert.Equal(id, (await client.Videos.GetAsync(id, Token)).Id);
    }

    [Fact]
    public async Task New_task_without_a_status_has_not_started_and_has_the_requested_model()
    {
        var task = await CreateAsync(Sora2Platform.Zhenzhen, new StubHandler("""{"task_id":"t-1"}"""));

        Assert.Equal((VideoTaskStatus.NotStarted, "sora-2", (string?)null), (task.Status, task.Model, task.RawStatus));
    }

    [Fact]
    public void Wrapped_accepted_body_is_accepted_or_unknown_with_its_id() => Prop.ForAll(Arb.From(Wrapped()), sample =>
    {
        foreach (var platform in Sora2Platform.BuiltIn)
        {
            var response = new ApiResponse
            {
                Platform = platform.Name,
                Kind = CallKind.CreateVideo,
                StatusCode = sample.Status,
                Body = sample.Body,
                Address = new Uri("https://h/v1/video/create"),
            };
            try
            {
                Assert.Equal(sample.Id, platform.DecodeTask(response).Id);
            }
            catch (Sora2ApiException e)
            {
                Assert.Equal((sample.Id, (bool?)null), (e.TaskId, e.MayHaveBeenCharged));
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static Gen<Sample> Wrapped()
    {
        var ids = Gen.Elements(
            "task_01k9008rhbefnt3rb1g9szxdwr", "sora-2:task_01", "f0aa213c-c09e-4e19-a0e5-c698fe48acf1", "video_7b1b", "170", "任务-1");
        var bodies = Gen.Elements(
            """{"id":"ID","object":"video","model":"sora-2","status":"queued","progress":0}""",
            """{"task_id":"ID"}""",
            """{"taskId":"ID","status":"pending"}""",
            """{"status":"submitted","task_id":"ID"}""");
        var wrappings = Gen.Elements<Func<string, string>>(
            json => "{\"code\":0,\"data\":" + json + "}",
            json => $$"""{"code":"success","message":"","data":[{{json}}]}""",
            json => "{\"result\":" + json + "}",
            json => "{\"task\":" + json + ",\"usage\":{\"id\":3}}",
            json => $$"""{"output":{{json}},"request_id":"r-9"}""",
            json => "{\"response\":" + json + "}",
            json => $$"""{"progress":NaN,"payload":{{json}},}""",
            json => "{\"wrapper\":" + json + "}",
            json => $"[{json}]",
            json => "{\"data\":" + JsonValue.Create(json).ToJsonString() + "}",
            json => JsonValue.Create(json).ToJsonString());
        var surroundings = Gen.Elements<Func<string, string>>(
            json => "\uFEFF" + json,
            json => "\r\n \n" + json,
            json => "<br />\n<b>Notice</b>: Undefined index: x in <b>a.php</b><br />\n" + json,
            json => "data: " + json + "\n\ndata: [DONE]\n\n",
            json => ": keep-alive\n\nevent: m\ndata: " + json + "\n\n",
            json => json + "\n\n",
            json => json + "\n<br /><b>Notice</b>: end");
        return
            from id in ids
            from body in bodies
            from wraps in wrappings.ListOf(3)
            from around in surroundings.ListOf(1)
            from status in Gen.Elements(
                HttpStatusCode.OK,
                HttpStatusCode.Accepted,
                HttpStatusCode.BadRequest,
                HttpStatusCode.InternalServerError,
                HttpStatusCode.TemporaryRedirect)
            select new Sample(
                id,
                status,
                Encoding.UTF8.GetBytes(wraps.Concat(around)
                    .Aggregate(body.Replace("ID", id, StringComparison.Ordinal), (json, wrap) => wrap(json))));
    }

    private static async Task<VideoTask> CreateAsync(Sora2Platform platform, StubHandler api)
    {
        using var client = TestClients.Create(platform, api);
        var task = await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        Assert.Single(api.Sent);
        return task;
    }

    private sealed record Sample(string Id, HttpStatusCode Status, byte[] Body)
    {
        public override string ToString() => $"{(int)Status} {Encoding.UTF8.GetString(Body)}";
    }
}
