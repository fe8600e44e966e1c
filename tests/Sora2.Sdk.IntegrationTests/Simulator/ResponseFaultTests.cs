using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class ResponseFaultTests : SimulatorHttpTest
{
    [Fact]
    public async Task Truncated_json_is_a_complete_response_with_half_the_json()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.TruncatedJson());

        Assert.Equal(200, reply.Status);
        Assert.Equal(reply.Bytes.Length, reply.ContentHeaders.ContentLength);
        Assert.ThrowsAny<JsonException>(() => reply.Json);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Status_sends_any_response()
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Pot"] = "tea" };

        var reply = await SendWithFaultAsync(SimulatorFault.Status(418, "kettle", "text/plain", headers));

        Assert.Equal(418, reply.Status);
        Assert.Equal("kettle", reply.Text);
        Assert.Equal("text/plain", reply.ContentHeaders.ContentType!.MediaType);
        Assert.Equal("tea", reply.Headers.GetValues("X-Pot").Single());
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Rate_limit_sends_retry_after_as_seconds_as_a_date_or_not_at_all()
    {
        var until = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

        var seconds = await SendWithFaultAsync(SimulatorFault.RateLimited(TimeSpan.FromSeconds(410400)));
        var date = await SendWithFaultAsync(SimulatorFault.RateLimited(until));
        var silent = await SendWithFaultAsync(SimulatorFault.RateLimited());

        Assert.All([seconds, date, silent], reply => Assert.Equal((429, "rate_limit_exceeded"), (reply.Status, CodeIn(reply))));
        Assert.Equal(TimeSpan.FromSeconds(410400), seconds.Headers.RetryAfter!.Delta);
        Assert.Equal(until, date.Headers.RetryAfter!.Date);
        Assert.Null(silent.Headers.RetryAfter);
    }

    [Fact]
    public async Task Server_error_can_follow_an_accepted_create()
    {
        var before = await SendWithFaultAsync(SimulatorFault.ServerError(502));
        var after = await SendWithFaultAsync(SimulatorFault.ServerError(500, "boom", "坏了").AfterAccept());

        Assert.Equal((502, 500), (before.Status, after.Status));
        Assert.StartsWith("坏了 (request id: ", after.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal([false, true], Simulator.Ledger.Requests.Select(request => request.WasBilled));
        Assert.NotNull(Simulator.Ledger.Requests[1].TaskId);
    }

    [Theory]
    [InlineData(200, "Relay console")]
    [InlineData(502, "502 Bad Gateway")]
    [InlineData(504, "504 Gateway Time-out")]
    public async Task Html_page_has_a_title(int status, string title)
    {
        var reply = await SendWithFaultAsync(SimulatorFault.Html(status));

        Assert.Equal((status, "text/html"), (reply.Status, reply.ContentHeaders.ContentType!.MediaType));
        Assert.Contains($"<title>{title}</title>", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Error_is_nested_to_the_requested_depth(int depth)
    {
        var reply = await SendWithFaultAsync(SimulatorFault.NestedJsonError(depth, innermost: "提示词为空"));

        var text = reply.Json.GetProperty("message").GetString()!;
        for (var level = 1; level < depth; level++)
        {
            text = (string)JsonNode.Parse(text)!["error"]!["message"]!;
        }

        Assert.Equal("提示词为空", text);
    }

    [Fact]
    public async Task Empty_id_is_an_error_in_the_format_of_a_task()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.EmptyId());

        Assert.Equal((200, "", "error"), (reply.Status, reply.TaskId, reply.Json.GetProperty("status").GetString()));
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Redirect_sends_its_location()
    {
        var reply = await SendWithFaultAsync(SimulatorFault.Redirect(307, new Uri("http://127.0.0.1:1/elsewhere")));

        Assert.Equal((307, "http://127.0.0.1:1/elsewhere"), (reply.Status, reply.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Captured_errors_are_sent_word_for_word()
    {
        Assert.Equal(Compact("error-429-saturated"), (await SendWithFaultAsync(SimulatorFault.Saturated())).Text);
        Assert.Equal(Compact("error-400-task-not-exist"), (await SendWithFaultAsync(SimulatorFault.TaskNotFound(400))).Text);
        AssertSameExceptRequestId("error-403-quota", await SendWithFaultAsync(SimulatorFault.QuotaExhausted()));
        AssertSameExceptRequestId("error-503-no-channel", await SendWithFaultAsync(SimulatorFault.NoChannel(), "zhenzhen"));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Script_on_a_create_sets_each_query_and_then_the_task_continues(string platform)
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.StatusScript(["\"NOT_START\"", "\"\"", "null", null, "102", "\"SUCCESS\""]));
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
        var after = (await QueryAsync(platform, id)).Json.GetProperty("status").GetString();
        Assert.Equal(platform == "juxin" ? "completed" : "SUCCESS", after);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Script_on_a_query_starts_with_that_query_and_can_withhold_the_video(string platform)
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
    public async Task Task_can_be_made_to_fail(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.TaskFails("未成年"));
        var id = (await CreateAsync(platform)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));

        Assert.Contains("未成年", (await QueryAsync(platform, id)).Text, StringComparison.Ordinal);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Replication_lag_is_an_unknown_task_for_a_while()
    {
        var id = (await CreateAsync("zhenzhen")).TaskId;
        Simulator.Faults.On(SimulatorOperation.Query).Then(SimulatorFault.TaskNotFound(), times: 2);

        var statuses = new[] { await QueryAsync("zhenzhen", id), await QueryAsync("zhenzhen", id), await QueryAsync("zhenzhen", id) };

        Assert.Equal([404, 404, 200], statuses.Select(reply => reply.Status));
    }

    private Task<Reply> SendWithFaultAsync(SimulatorFault fault, string platform = "juxin")
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(fault);
        return CreateAsync(platform);
    }

    private static string CodeIn(Reply reply) => reply.Json.GetProperty("error").GetProperty("code").GetString()!;

    private static string Compact(string name)
    {
        var error = Captured.Json(name);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"code":"{{error.GetProperty("code")}}","message":"{{error.GetProperty("message")}}","data":null}""");
    }

    private static void AssertSameExceptRequestId(string name, Reply reply)
    {
        var captured = Captured.Json(name).GetProperty("error");
        Assert.Equal(Captured.Fields(captured), Captured.Fields(reply.Json.GetProperty("error")));
        Assert.Equal(captured.GetProperty("message").GetString()!.Split("(request")[0], reply.ErrorMessage.Split("(request")[0]);
        Assert.Equal(captured.GetProperty("code").GetString(), CodeIn(reply));
        Assert.Equal(int.Parse(name.Split('-')[1], CultureInfo.InvariantCulture), reply.Status);
    }
}
