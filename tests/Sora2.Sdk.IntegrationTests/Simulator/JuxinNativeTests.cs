using System.Text.Json;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class JuxinNativeTests : SimulatorHttpTest
{
    protected override void Configure(Sora2SimulatorOptions options)
    {
        options.JuxinAnswerShape = JuxinAnswerShape.Native;
        options.SpeedFactor = 10;
    }

    [Fact]
    public async Task A_create_is_answered_as_captured()
    {
        var reply = await CreateAsync("juxin");

        Assert.Equal(Captured.Fields(Captured.Json("juxin-create-accepted-native")), Captured.Fields(reply.Json));
        Assert.Matches("^sora-2:task_01[0-9a-z]{24}$", reply.TaskId);
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeMilliseconds(), reply.Json.GetProperty("status_update_time").GetInt64());
    }

    [Theory]
    [InlineData(0, "pending")]
    [InlineData(2, "queued")]
    [InlineData(3, "image_downloading")]
    [InlineData(13.5, "video_generating")]
    [InlineData(25, "video_upsampling")]
    [InlineData(27, "completed")]
    public async Task A_task_goes_through_its_stages(double seconds, string status)
    {
        var id = (await CreateAsync("juxin", "images", """["https://example.com/a.png"]""")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        var answer = (await QueryAsync("juxin", id)).Json;

        Assert.Equal(status, answer.GetProperty("status").GetString());
        var detail = answer.GetProperty("detail");
        Assert.Equal(status == "completed", detail.TryGetProperty("url", out _));
        var progress = detail.GetProperty("pending_info").GetProperty("progress_pct");
        Assert.Equal(seconds < 2.7 ? null : Math.Round(seconds / 27, 6), progress.ValueKind == JsonValueKind.Null ? (double?)null : Math.Round(progress.GetDouble(), 6));
    }

    [Fact]
    public async Task Every_field_of_a_running_task_is_one_that_was_captured()
    {
        var id = (await CreateAsync("juxin")).TaskId;

        var answer = (await QueryAsync("juxin", id)).Json;

        var captured = Captured.Json("juxin-query-pending-native");
        Assert.Equal(Captured.Fields(captured), Captured.Fields(answer));
        Assert.Equal(Captured.Fields(captured.GetProperty("detail")), Captured.Fields(answer.GetProperty("detail")));
        Assert.Equal(Captured.Fields(captured.GetProperty("detail").GetProperty("input")), Captured.Fields(answer.GetProperty("detail").GetProperty("input")));
        var known = captured.GetProperty("detail").GetProperty("pending_info");
        Assert.All(answer.GetProperty("detail").GetProperty("pending_info").EnumerateObject(), field => Assert.True(known.TryGetProperty(field.Name, out _), field.Name));
    }

    [Fact]
    public async Task A_failure_says_why_inside()
    {
        var id = (await CreateWithPromptAsync("juxin", "[fail:审核未通过]")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(27));

        var answer = (await QueryAsync("juxin", id)).Json;

        Assert.Equal("failed", answer.GetProperty("status").GetString());
        Assert.Equal("审核未通过", answer.GetProperty("detail").GetProperty("pending_info").GetProperty("failure_reason").GetString());
    }

    [Fact]
    public async Task The_thumbnail_can_be_fetched()
    {
        var id = (await CreateAsync("juxin")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(27));
        var detail = (await QueryAsync("juxin", id)).Json.GetProperty("detail");

        var picture = await SendAsync(HttpMethod.Get, new Uri(detail.GetProperty("thumbnail_url").GetString()!));

        Assert.Equal((200, "image/jpeg"), (picture.Status, picture.ContentHeaders.ContentType!.MediaType));
    }
}
