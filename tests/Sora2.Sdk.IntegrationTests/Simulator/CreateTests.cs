using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class CreateTests : SimulatorHttpTest
{
    private const string PngDataUri = "\"data:image/png;base64,iVBORw0KGgoAAQID\"";

    protected override void Configure(Sora2SimulatorOptions options)
    {
        options.ExtraJuxinModels = ["veo3"];
        options.ExtraZhenzhenModels = ["veo3"];
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Valid_create_is_accepted_and_billed(string platform)
    {
        var reply = await CreateAsync(platform);

        Assert.Equal(200, reply.Status);
        var request = Assert.Single(Simulator.Ledger.Requests);
        Assert.Equal((platform, SimulatorOperation.CreateVideo), (request.Platform, request.Operation));
        Assert.Equal(("POST", CreatePath(platform)), (request.Method, request.PathAndQuery));
        Assert.Equal((200, true, reply.TaskId), (request.StatusCode, request.WasBilled, request.TaskId));
        Assert.Equal("一只小猫", request.Json!.Value.GetProperty("prompt").GetString());
        Assert.NotEqual(0, request.Body.Length);
        Assert.Equal(Clock.GetUtcNow(), request.At);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("juxin", "model", null)]
    [InlineData("juxin", "model", "7")]
    [InlineData("juxin", "prompt", null)]
    [InlineData("juxin", "prompt", "\" \"")]
    [InlineData("juxin", "prompt", "[]")]
    [InlineData("juxin", "duration", null)]
    [InlineData("juxin", "duration", "\"10\"")]
    [InlineData("juxin", "duration", "10.5")]
    [InlineData("juxin", "duration", "12")]
    [InlineData("juxin", "duration", "25")]
    [InlineData("juxin", "orientation", "\"portrait\"")]
    [InlineData("juxin", "orientation", "\"wide\"")]
    [InlineData("juxin", "aspect_ratio", "\"16x9\"")]
    [InlineData("juxin", "aspect_ratio", "1.78")]
    [InlineData("juxin", "size", "\"1280x720\"")]
    [InlineData("juxin", "size", "1")]
    [InlineData("juxin", "watermark", "\"false\"")]
    [InlineData("juxin", "private", "0")]
    [InlineData("juxin", "images", null)]
    [InlineData("juxin", "images", "\"https://example.com/a.png\"")]
    [InlineData("juxin", "images", "[1]")]
    [InlineData("juxin", "images", "[\"a.png\"]")]
    [InlineData("zhenzhen", "model", null)]
    [InlineData("zhenzhen", "prompt", "\"\"")]
    [InlineData("zhenzhen", "duration", null)]
    [InlineData("zhenzhen", "duration", "10")]
    [InlineData("zhenzhen", "duration", "\"10s\"")]
    [InlineData("zhenzhen", "duration", "\"25\"")]
    [InlineData("zhenzhen", "aspect_ratio", null)]
    [InlineData("zhenzhen", "aspect_ratio", "\"landscape\"")]
    [InlineData("zhenzhen", "hd", "\"true\"")]
    [InlineData("zhenzhen", "hd", "true")]
    [InlineData("zhenzhen", "watermark", "null")]
    [InlineData("zhenzhen", "private", "\"no\"")]
    [InlineData("zhenzhen", "images", "null")]
    [InlineData("zhenzhen", "images", "[\"ftp://example.com/a.png\"]")]
    [InlineData("zhenzhen", "images", "[\"data:text/plain;base64,aGVsbG8=\"]")]
    [InlineData("zhenzhen", "images", "[\"data:image/png;base64,aGVsbG8=\"]")]
    [InlineData("zhenzhen", "images", "[\"data:image/png;base64,***\"]")]
    [InlineData("zhenzhen", "seed", "\"1\"")]
    [InlineData("zhenzhen", "notify_hook", "true")]
    public async Task Invalid_or_missing_field_is_refused_by_name(string platform, string field, string? json)
    {
        var reply = await CreateAsync(platform, field, json);

        Assert.Equal(400, reply.Status);
        Assert.Equal(field, reply.ErrorField);
        Assert.Contains(field, reply.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("invalid_request_error", reply.Json.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("juxin", "orientation", null)]
    [InlineData("juxin", "aspect_ratio", null)]
    [InlineData("juxin", "size", null)]
    [InlineData("juxin", "duration", "15")]
    [InlineData("juxin", "images", "[\"https://example.com/a.png\"]")]
    [InlineData("juxin", "images", "[" + PngDataUri + "]")]
    [InlineData("juxin", "model", "\"veo3\"")]
    [InlineData("zhenzhen", "duration", "\"15\"")]
    [InlineData("zhenzhen", "images", "[]")]
    [InlineData("zhenzhen", "images", "[" + PngDataUri + "]")]
    [InlineData("zhenzhen", "seed", "1")]
    [InlineData("zhenzhen", "notify_hook", "\"https://example.com/hook\"")]
    [InlineData("zhenzhen", "model", "\"sora-2-vip\"")]
    [InlineData("zhenzhen", "model", "\"veo3\"")]
    public async Task Valid_field_is_accepted(string platform, string field, string? json) =>
        Assert.Equal(200, (await CreateAsync(platform, field, json)).Status);

    [Fact]
    public async Task Orientation_or_aspect_ratio_is_required()
    {
        var reply = await PostAsync("juxin", "/v1/video/create", """{"model":"sora-2-all","prompt":"x","duration":10,"images":[]}""");

        Assert.Equal((400, "orientation"), (reply.Status, reply.ErrorField));
    }

    [Theory]
    [InlineData("sora-2", "10", false, 200)]
    [InlineData("sora-2", "10", true, 400)]
    [InlineData("sora-2-pro", "25", false, 200)]
    [InlineData("sora-2-pro", "15", true, 200)]
    [InlineData("sora-2-pro", "25", true, 400)]
    [InlineData("sora-2-vip", "10", false, 200)]
    [InlineData("sora-2-vip", "15", false, 400)]
    [InlineData("sora-2-vip", "10", true, 400)]
    public async Task Each_model_has_its_own_lengths_and_hd_support(string model, string duration, bool hd, int status)
    {
        var reply = await PostAsync(
            "zhenzhen",
            "/v2/videos/generations",
            $$"""{"model":"{{model}}","prompt":"x","aspect_ratio":"9:16","duration":"{{duration}}","hd":{{(hd ? "true" : "false")}}}""");

        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Unknown_model_gets_the_no_channel_error(string platform)
    {
        var reply = await CreateAsync(platform, "model", "\"sora-9\"");

        Assert.Equal(503, reply.Status);
        Assert.StartsWith("分组 auto 下模型 sora-9 无可用渠道（distributor） (request id: ", reply.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("model_not_found", reply.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("{\"model\":")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{} {}")]
    public async Task Body_that_is_not_a_json_object_is_refused(string body)
    {
        foreach (var platform in Relays.Select(row => row.Data))
        {
            Assert.Equal(400, (await PostAsync(platform, CreatePath(platform), body)).Status);
        }
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Json_under_another_content_type_is_refused(string platform)
    {
        var create = new Uri(BaseOf(platform), CreatePath(platform));

        var reply = await SendAsync(HttpMethod.Post, create, new StringContent("{}"), Simulator.ApiKey);

        Assert.Equal((400, "body"), (reply.Status, reply.ErrorField));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Two_hundred_concurrent_creates_make_two_hundred_tasks(string platform)
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => CreateAsync(platform)));

        Assert.Equal(200, replies.Select(reply => reply.TaskId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(200, Simulator.Ledger.BilledCreates);
        Assert.Equal(200, Simulator.Ledger.Count(SimulatorOperation.CreateVideo, platform));
    }
}
