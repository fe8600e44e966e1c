using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class AnswerFaultTests : SimulatorHttpTest
{
    [Fact]
    public async Task Truncated_json_is_a_whole_answer_with_half_a_body()
    {
        var reply = await MeetAsync(SimulatorFault.TruncatedJson());

        Assert.Equal(200, reply.Status);
        Assert.Equal(reply.Bytes.Length, reply.ContentHeaders.ContentLength);
        Assert.ThrowsAny<JsonException>(() => reply.Json);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Any_answer_can_be_given()
    {
        var reply = await MeetAsync(SimulatorFault.Status(418, "kettle", "text/plain", new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Pot"] = "tea" }));

        Assert.Equal((418, "kettle", "text/plain", "tea"), (reply.Status, reply.Text, reply.ContentHeaders.ContentType!.MediaType, reply.Headers.GetValues("X-Pot").Single()));
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task A_rate_limit_says_how_long_to_wait_or_until_when_or_nothing()
    {
        var until = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

        var seconds = await MeetAsync(SimulatorFault.RateLimited(TimeSpan.FromSeconds(410400)));
        var date = await MeetAsync(SimulatorFault.RateLimited(until));
        var silent = await MeetAsync(SimulatorFault.RateLimited());

        Assert.All([seconds, date, silent], reply => Assert.Equal((429, "rate_limit_exceeded"), (reply.Status, CodeIn(reply))));
        Assert.Equal(TimeSpan.FromSeconds(410400), seconds.Headers.RetryAfter!.Delta);
        Assert.Equal(until, date.Headers.RetryAfter!.Date);
        Assert.Null(silent.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_server_error_can_come_after_the_create_was_taken()
    {
        var before = await MeetAsync(SimulatorFault.ServerError(502));
        var after = await MeetAsync(SimulatorFault.ServerError(500, "boom", "坏了").AfterAccept());

        Assert.Equal((502, 500), (before.Status, after.Status));
        Assert.StartsWith("坏了 (request id: ", after.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal([false, true], Simulator.Ledger.Requests.Select(request => request.WasBilled));
        Assert.NotNull(Simulator.Ledger.Requests[1].TaskId);
    }

    [Theory]
    [InlineData(200, "Relay console")]
    [InlineData(502, "502 Bad Gateway")]
    [InlineData(504, "504 Gateway Time-out")]
    public async Task A_page_has_a_title(int status, string title)
    {
        var reply = await MeetAsync(SimulatorFault.Html(status));

        Assert.Equal((status, "text/html"), (reply.Status, reply.ContentHeaders.ContentType!.MediaType));
        Assert.Contains($"<title>{title}</title>", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task An_error_is_nested_as_deep_as_asked(int depth)
    {
        var text = (await MeetAsync(SimulatorFault.NestedJsonError(depth, innermost: "提示词为空"))).Json.GetProperty("message").GetString()!;

        for (var level = 1; level < depth; level++)
        {
            text = (string)JsonNode.Parse(text)!["error"]!["message"]!;
        }

        Assert.Equal("提示词为空", text);
    }

    [Fact]
    public async Task An_empty_id_is_a_refusal_in_the_form_of_an_answer()
    {
        var reply = await MeetAsync(SimulatorFault.EmptyId());

        Assert.Equal((200, "", "error"), (reply.Status, reply.TaskId, reply.Json.GetProperty("status").GetString()));
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task A_redirect_points_elsewhere()
    {
        var reply = await MeetAsync(SimulatorFault.Redirect(307, new Uri("http://127.0.0.1:1/elsewhere")));

        Assert.Equal((307, "http://127.0.0.1:1/elsewhere"), (reply.Status, reply.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task The_captured_errors_are_word_for_word()
    {
        Assert.Equal(Compact("error-429-saturated"), (await MeetAsync(SimulatorFault.Saturated())).Text);
        Assert.Equal(Compact("error-400-task-not-exist"), (await MeetAsync(SimulatorFault.TaskNotFound(400))).Text);
        AssertSameButForTheRequestId("error-403-quota", await MeetAsync(SimulatorFault.QuotaExhausted()));
        AssertSameButForTheRequestId("error-503-no-channel", await MeetAsync(SimulatorFault.NoChannel(), "zhenzhen"));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task A_script_on_a_create_is_followed_query_by_query_and_then_the_task_runs_on(string platform)
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.StatusScript(["\"NOT_START\"", "\"\"", "null", null, "102", "\"SUCCESS\""]));
        var id = (await CreateAsync(platform)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));

        var seen = new List<string>();
        Reply last;
        do
        {
            last = await QueryAsync(platform, id);
            seen.Add(last.Json.TryGetProperty("status", out var status) ? status.GetRawText() : "-");
        }
        while (seen.Count < 6);

        Assert.Equal("\"NOT_START\" \"\" null - 102 \"SUCCESS\"", string.Join(' ', seen));
        Assert.Equal("/videos/", LinkIn(last).Segments[0] + LinkIn(last).Segments[1]);
        Assert.Equal(platform == "juxin" ? "completed" : "SUCCESS", (await QueryAsync(platform, id)).Json.GetProperty("status").GetString());
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task A_script_on_a_query_begins_with_that_query_and_can_hold_back_the_video(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(SimulatorFault.StatusScript(
        [
            new ScriptedStatus("\"SUCCESS\"") { WithVideo = false },
            new ScriptedStatus("\"running\"") { Progress = "37.5" },
            new ScriptedStatus("\"running\"") { Progress = ScriptedStatus.Absent },
            new ScriptedStatus("\"failed\"") { FailureReason = "名人" },
        ]));

        var withheld = (await QueryAsync(platform, id)).Json;
        var fraction = (await QueryAsync(platform, id)).Json;
        var absent = (await QueryAsync(platform, id)).Json;
        var failed = await QueryAsync(platform, id);

        Assert.Equal("SUCCESS", withheld.GetProperty("status").GetString());
        Assert.DoesNotContain("/videos/", withheld.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(37.5, fraction.GetProperty("progress").GetDouble());
        Assert.False(absent.TryGetProperty("progress", out _));
        Assert.Contains("名人", failed.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task A_task_can_be_made_to_fail(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.TaskFails("未成年"));
        var id = (await CreateAsync(platform)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));

        Assert.Contains("未成年", (await QueryAsync(platform, id)).Text, StringComparison.Ordinal);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Lag_looks_like_an_unknown_task_and_passes()
    {
        var id = (await CreateAsync("zhenzhen")).TaskId;
        Simulator.Faults.On(SimulatorOperation.Query).Then(SimulatorFault.TaskNotFound(), times: 2);

        var statuses = new[] { await QueryAsync("zhenzhen", id), await QueryAsync("zhenzhen", id), await QueryAsync("zhenzhen", id) };

        Assert.Equal([404, 404, 200], statuses.Select(reply => reply.Status));
    }

    private Task<Reply> MeetAsync(SimulatorFault fault, string platform = "juxin")
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(fault);
        return CreateAsync(platform);
    }

    private static string CodeIn(Reply reply) => reply.Json.GetProperty("error").GetProperty("code").GetString()!;

    private static string Compact(string name) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"code":"{{Captured.Json(name).GetProperty("code")}}","message":"{{Captured.Json(name).GetProperty("message")}}","data":null}""");

    private static void AssertSameButForTheRequestId(string name, Reply reply)
    {
        var captured = Captured.Json(name).GetProperty("error");
        Assert.Equal(Captured.Fields(captured), Captured.Fields(reply.Json.GetProperty("error")));
        Assert.Equal(captured.GetProperty("message").GetString()!.Split("(request")[0], reply.ErrorMessage.Split("(request")[0]);
        Assert.Equal(captured.GetProperty("code").GetString(), CodeIn(reply));
        Assert.Equal(int.Parse(name.Split('-')[1], CultureInfo.InvariantCulture), reply.Status);
    }
}
