using System.Text.Json;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class QueryTests : SimulatorHttpTest
{
    [Theory]
    [InlineData(0, "NOT_START", "0%")]
    [InlineData(6, "SUBMITTED", "0%")]
    [InlineData(20, "QUEUED", "0%")]
    [InlineData(122, "IN_PROGRESS", "45%")]
    [InlineData(269, "IN_PROGRESS", "99%")]
    [InlineData(270, "SUCCESS", "100%")]
    public async Task Zhenzhen_task_goes_through_its_statuses(int seconds, string status, string progress)
    {
        var id = (await CreateAsync("zhenzhen")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        var response = (await QueryAsync("zhenzhen", id)).Json;

        Assert.Equal(id, response.GetProperty("task_id").GetString());
        Assert.Equal(status, response.GetProperty("status").GetString());
        Assert.Equal(progress, response.GetProperty("progress").GetString());
        Assert.Equal(status == "SUCCESS" ? JsonValueKind.Object : JsonValueKind.Null, response.GetProperty("data").ValueKind);
        var start = seconds < 27 ? 0 : response.GetProperty("submit_time").GetInt64() + 27;
        Assert.Equal(start, response.GetProperty("start_time").GetInt64());
    }

    [Theory]
    [InlineData(0, "queued", 0)]
    [InlineData(122, "in_progress", 45)]
    [InlineData(270, "completed", 100)]
    public async Task Juxin_task_goes_through_its_statuses(int seconds, string status, int progress)
    {
        var id = (await CreateAsync("juxin")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        var response = (await QueryAsync("juxin", id)).Json;

        Assert.Equal(id, response.GetProperty("id").GetString());
        Assert.Equal(status, response.GetProperty("status").GetString());
        Assert.Equal(progress, response.GetProperty("progress").GetInt32());
        Assert.Equal(status == "completed", response.TryGetProperty("video_url", out _));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Task_of_the_other_platform_does_not_exist(string platform)
    {
        var id = (await CreateAsync(platform == "juxin" ? "zhenzhen" : "juxin")).TaskId;

        var reply = await QueryAsync(platform, id);

        Assert.Equal(400, reply.Status);
        AssertSameShape(Captured.Json("error-400-task-not-exist"), reply.Json);
        Assert.Equal((SimulatorOperation.Query, id), (Simulator.Ledger.Requests[^1].Operation, Simulator.Ledger.Requests[^1].TaskId));
    }

    [Theory]
    [InlineData("juxin", "[fail:审核未通过]", "审核未通过")]
    [InlineData("zhenzhen", "[fail:审核未通过]", "审核未通过")]
    [InlineData("juxin", "[fail]", "输入的提示词或视频的输出内容违反了OpenAI的相关服务政策，请调整提示词后进行重试")]
    [InlineData("zhenzhen", "[fail]", "输入的提示词或视频的输出内容违反了OpenAI的相关服务政策，请调整提示词后进行重试")]
    public async Task Prompt_can_request_a_failure(string platform, string mark, string reason)
    {
        var id = (await CreateWithPromptAsync(platform, $"一只小猫 {mark}")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(100));
        var running = (await QueryAsync(platform, id)).Json.GetProperty("status").GetString();
        Clock.Advance(TimeSpan.FromSeconds(100));

        var response = (await QueryAsync(platform, id)).Json;

        Assert.Equal("in_progress", running, ignoreCase: true);
        if (platform == "juxin")
        {
            AssertSameShape(Captured.Json("juxin-query-failed-error-object"), response);
            Assert.Equal(reason, response.GetProperty("error").GetProperty("message").GetString());
        }
        else
        {
            AssertSameShape(Captured.Json("zhenzhen-query-failure"), response);
            Assert.Equal(reason, response.GetProperty("fail_reason").GetString());
        }
    }

    [Fact]
    public async Task Responses_have_the_captured_fields()
    {
        var juxin = await CreateAsync("juxin");
        var zhenzhen = await CreateAsync("zhenzhen");
        Clock.Advance(TimeSpan.FromSeconds(270));

        AssertSameShape(Captured.Json("juxin-create-accepted"), juxin.Json);
        AssertSameShape(Captured.Json("zhenzhen-create-accepted"), zhenzhen.Json);
        AssertSameShape(Captured.Json("juxin-query-completed"), (await QueryAsync("juxin", juxin.TaskId)).Json);
        AssertSameShape(Captured.Json("zhenzhen-query-success"), (await QueryAsync("zhenzhen", zhenzhen.TaskId)).Json);
    }

    [Fact]
    public async Task Escaped_id_is_unescaped_and_recorded_as_sent()
    {
        await QueryAsync("juxin", "sora-2:task_x");
        await QueryAsync("zhenzhen", "a/b?c");

        Assert.Equal("sora-2:task_x", Simulator.Ledger.Requests[0].TaskId);
        Assert.Equal("a/b?c", Simulator.Ledger.Requests[1].TaskId);
        Assert.Equal("/v2/videos/generations/a%2Fb%3Fc", Simulator.Ledger.Requests[1].PathAndQuery);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Each_query_signs_a_new_link(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));
        var first = LinkIn(await QueryAsync(platform, id));
        Clock.Advance(TimeSpan.FromSeconds(1));

        var second = LinkIn(await QueryAsync(platform, id));

        Assert.Equal(first.AbsolutePath, second.AbsolutePath);
        Assert.NotEqual(first.Query, second.Query, StringComparer.Ordinal);
    }

    private static void AssertSameShape(JsonElement captured, JsonElement response) =>
        Assert.Equal(
            captured.EnumerateObject().Select(field => (field.Name, field.Value.ValueKind)),
            response.EnumerateObject().Select(field => (field.Name, field.Value.ValueKind)));
}
