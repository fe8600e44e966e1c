using System.Text.Json;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class JuxinNativeTests : SimulatorHttpTest
{
    protected override void Configure(Sora2SimulatorOptions options)
    {
        options.JuxinResponseShape = JuxinResponseShape.Native;
        options.SpeedFactor = 10;
    }

    [Fact]
    public async Task Create_response_has_the_captured_fields()
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
    public async Task Task_goes_through_its_stages(double seconds, string status)
    {
        var id = (await CreateAsync("juxin", "images", """["https://example.com/a.png"]""")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        var response = (await QueryAsync("juxin", id)).Json;

        Assert.Equal(status, response.GetProperty("status").GetString());
        var detail = response.GetProperty("detail");
        Assert.Equal(status == "completed", detail.TryGetProperty("url", out _));
        var progress = detail.GetProperty("pending_info").GetProperty("progress_pct");
        double? fraction = progress.ValueKind == JsonValueKind.Null ? null : Math.Round(progress.GetDouble(), 6);
        Assert.Equal(seconds < 2.7 ? null : Math.Round(seconds / 27, 6), fraction);
    }

    [Fact]
    public async Task Running_task_has_only_captured_fields()
    {
        var id = (await CreateAsync("juxin")).TaskId;

        var response = (await QueryAsync("juxin", id)).Json;

        var captured = Captured.Json("juxin-query-pending-native");
        Assert.Equal(Captured.Fields(captured), Captured.Fields(response));
        var (expected, actual) = (captured.GetProperty("detail"), response.GetProperty("detail"));
        Assert.Equal(Captured.Fields(expected), Captured.Fields(actual));
        Assert.Equal(Captured.Fields(expected.GetProperty("input")), Captured.Fields(actual.GetProperty("input")));
        var known = expected.GetProperty("pending_info");
        Assert.All(
            actual.GetProperty("pending_info").EnumerateObject(),
            field => Assert.True(known.TryGetProperty(field.Name, out _), field.Name));
    }

    [Fact]
    public async Task Failure_has_its_reason_in_pending_info()
    {
        var id = (await CreateWithPromptAsync("juxin", "[fail:审核未通过]")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(27));

        var response = (await QueryAsync("juxin", id)).Json;

        Assert.Equal("failed", response.GetProperty("status").GetString());
        var info = response.GetProperty("detail").GetProperty("pending_info");
        Assert.Equal("审核未通过", info.GetProperty("failure_reason").GetString());
    }

    [Fact]
    public async Task Thumbnail_can_be_fetched()
    {
        var id = (await CreateAsync("juxin")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(27));
        var detail = (await QueryAsync("juxin", id)).Json.GetProperty("detail");

        var picture = await SendAsync(HttpMethod.Get, new Uri(detail.GetProperty("thumbnail_url").GetString()!));

        Assert.Equal((200, "image/jpeg"), (picture.Status, picture.ContentHeaders.ContentType!.MediaType));
    }
}
