using System.Net.Http.Headers;
using System.Text;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The routes under <c>/v1/videos</c> on both platforms, with strict rules as for the SDK.</summary>
public sealed class OpenAiRouteTests : SimulatorHttpTest
{
    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Task_of_the_platforms_own_route_is_found(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;
        var queued = (await GetAsync(platform, $"/v1/videos/{id}")).Json;
        Clock.Advance(TimeSpan.FromSeconds(270));

        var done = (await GetAsync(platform, $"/v1/videos/{id}")).Json;

        Assert.Equal(id, queued.GetProperty("id").GetString());
        Assert.Equal("video", queued.GetProperty("object").GetString());
        Assert.Equal("queued", queued.GetProperty("status").GetString());
        Assert.Equal(0, queued.GetProperty("progress").GetInt32());
        Assert.Equal("completed", done.GetProperty("status").GetString());
        Assert.Equal(100, done.GetProperty("progress").GetInt32());
        Assert.Equal("10", done.GetProperty("seconds").GetString());
        Assert.Equal("1280x720", done.GetProperty("size").GetString());
        Assert.Equal(10, Mp4.Seconds((await SendAsync(HttpMethod.Get, new Uri(done.GetProperty("video_url").GetString()!))).Bytes));
        Assert.Equal((SimulatorOperation.Query, id), (Simulator.Ledger.Requests[1].Operation, Simulator.Ledger.Requests[1].TaskId));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Video_and_pictures_are_served_once_the_task_is_finished(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;
        var early = await GetAsync(platform, $"/v1/videos/{id}/content");
        Clock.Advance(TimeSpan.FromSeconds(270));

        var video = await GetAsync(platform, $"/v1/videos/{id}/content");
        var named = await GetAsync(platform, $"/v1/videos/{id}/content?variant=video");
        var thumbnail = await GetAsync(platform, $"/v1/videos/{id}/content?variant=thumbnail");
        var sheet = await GetAsync(platform, $"/v1/videos/{id}/content?variant=spritesheet");
        var unknown = await GetAsync(platform, $"/v1/videos/{id}/content?variant=poster");

        Assert.Equal((400, "task_not_completed"), (early.Status, early.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(10, Mp4.Seconds(video.Bytes));
        Assert.Equal(video.Bytes, named.Bytes);
        Assert.All(
            [thumbnail, sheet],
            picture => Assert.Equal((200, "image/jpeg"), (picture.Status, picture.ContentHeaders.ContentType!.MediaType)));
        Assert.Equal((400, "variant"), (unknown.Status, unknown.ErrorField));
        Assert.Equal(6, Simulator.Ledger.Count(SimulatorOperation.Media, platform));
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Video_that_a_script_returned_early_is_served(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query)
            .Then(SimulatorFault.StatusScript([platform == "juxin" ? "\"completed\"" : "\"SUCCESS\""]));
        var id = (await CreateAsync(platform)).TaskId;
        await QueryAsync(platform, id);

        Assert.Equal(200, (await GetAsync(platform, $"/v1/videos/{id}/content")).Status);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Remix_is_a_paid_create_of_a_new_task(string platform)
    {
        var (field, value) = platform == "juxin" ? ("duration", "15") : ("model", "\"sora-2-pro\"");
        var id = (await CreateAsync(platform, field, value)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));

        var remix = await PostAsync(platform, $"/v1/videos/{id}/remix", """{"prompt":"小猫变成了老虎 [fail:审核未通过]"}""");
        Clock.Advance(TimeSpan.FromSeconds(270));
        var ended = (await GetAsync(platform, $"/v1/videos/{remix.TaskId}")).Json;

        var request = Simulator.Ledger.Requests[1];
        Assert.Equal((SimulatorOperation.CreateVideo, true), (request.Operation, request.WasBilled));
        Assert.Equal((200, remix.TaskId), (request.StatusCode, request.TaskId));
        Assert.Equal(2, Simulator.Ledger.BilledCreates);
        Assert.NotEqual(id, remix.TaskId, StringComparer.Ordinal);
        Assert.Equal(id, remix.Json.GetProperty("remixed_from_video_id").GetString());
        Assert.Equal("queued", remix.Json.GetProperty("status").GetString());
        Assert.Equal(platform == "juxin" ? "15" : "10", remix.Json.GetProperty("seconds").GetString());
        Assert.Equal(platform == "juxin" ? "sora-2-all" : "sora-2-pro", remix.Json.GetProperty("model").GetString());
        Assert.Equal("failed", ended.GetProperty("status").GetString());
        Assert.Equal("审核未通过", ended.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Refused_remix_is_not_billed(string platform)
    {
        var other = (await CreateAsync(platform == "juxin" ? "zhenzhen" : "juxin")).TaskId;
        var failed = (await CreateWithPromptAsync(platform, "x [fail]")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));
        var running = (await CreateAsync(platform)).TaskId;
        Simulator.Ledger.Clear();

        foreach (var (id, body, code) in new[]
        {
            ("unknown", """{"prompt":"x"}""", "task_not_exist"),
            (other, """{"prompt":"x"}""", "task_not_exist"),
            (failed, """{"prompt":"x"}""", "task_not_completed"),
            (running, """{"prompt":"x"}""", "task_not_completed"),
        })
        {
            var reply = await PostAsync(platform, $"/v1/videos/{id}/remix", body);

            Assert.Equal((400, code), (reply.Status, reply.Json.GetProperty("error").GetProperty("code").GetString()));
        }

        Clock.Advance(TimeSpan.FromSeconds(270));
        (string, string)[] invalid =
        [
            ("{}", "prompt"),
            ("""{"prompt":" "}""", "prompt"),
            ("""{"prompt":7}""", "prompt"),
            ("[]", "body"),
        ];
        foreach (var (body, field) in invalid)
        {
            var reply = await PostAsync(platform, $"/v1/videos/{running}/remix", body);

            Assert.Equal((400, field), (reply.Status, reply.ErrorField));
        }

        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Remix_takes_the_faults_for_creates(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.QuotaExhausted())
            .Then(SimulatorFault.ServerError().AfterAccept());

        var refused = await PostAsync(platform, $"/v1/videos/{id}/remix", """{"prompt":"x"}""");
        var lost = await PostAsync(platform, $"/v1/videos/{id}/remix", """{"prompt":"x"}""");

        Assert.Equal((403, 500), (refused.Status, lost.Status));
        Assert.Equal([true, false, true], Simulator.Ledger.Requests.Select(request => request.WasBilled));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Unknown_task_is_reported_in_both_forms(string platform)
    {
        var reply = await GetAsync(platform, "/v1/videos/unknown");

        Assert.Equal(400, reply.Status);
        Assert.Equal("task_not_exist", reply.Json.GetProperty("code").GetString());
        Assert.Equal("task_not_exist", reply.ErrorMessage);
    }

    [Theory]
    [InlineData("1280x720", "1280x720")]
    [InlineData("1024x1792", "720x1280")]
    [InlineData("9x16", "720x1280")]
    public async Task Zhenzhen_accepts_a_form_and_uses_only_the_orientation_of_its_size(string size, string made)
    {
        using var form = Storyboard("一只小猫", "15", size, "sora-2");
        form.Add(new ByteArrayContent(Png), "input_reference", "cat.png");

        var reply = await SendAsync(HttpMethod.Post, new Uri(Simulator.ZhenzhenBaseAddress, "/v1/videos"), form, Simulator.ApiKey);

        Assert.Equal(200, reply.Status);
        Assert.Equal(made, reply.Json.GetProperty("size").GetString());
        Assert.Equal("15", reply.Json.GetProperty("seconds").GetString());
        Assert.Equal(reply.Json.GetProperty("id").GetString(), reply.Json.GetProperty("task_id").GetString());
        var request = Simulator.Ledger.Requests[0];
        Assert.Equal((SimulatorOperation.CreateVideo, true), (request.Operation, request.WasBilled));
        Assert.Equal("NOT_START", (await QueryAsync("zhenzhen", reply.TaskId)).Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("12", "1280x720", "seconds")]
    [InlineData("10", "wide", "size")]
    [InlineData("10", "0x720", "size")]
    public async Task Zhenzhen_refuses_an_invalid_part_by_name(string seconds, string size, string field)
    {
        using var form = Storyboard("一只小猫", seconds, size, "sora-2");

        var reply = await SendAsync(HttpMethod.Post, new Uri(Simulator.ZhenzhenBaseAddress, "/v1/videos"), form, Simulator.ApiKey);

        Assert.Equal((400, field), (reply.Status, reply.ErrorField));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task List_and_delete_are_not_available(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;

        Assert.Equal(404, (await GetAsync(platform, "/v1/videos")).Status);
        var video = new Uri(BaseOf(platform), $"/v1/videos/{id}");
        Assert.Equal(404, (await SendAsync(HttpMethod.Delete, video, key: Simulator.ApiKey)).Status);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Upload_returns_a_link_that_a_create_accepts(string platform)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(Png);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(file, "file", "猫.png");

        var reply = await SendAsync(HttpMethod.Post, new Uri(BaseOf(platform), "/v1/files"), form, Simulator.ApiKey);
        var link = new Uri(reply.Json.GetProperty("url").GetString()!);
        var served = await SendAsync(HttpMethod.Get, link);

        Assert.Equal("file", reply.Json.GetProperty("object").GetString());
        Assert.Equal(Png.Length, reply.Json.GetProperty("bytes").GetInt32());
        Assert.Equal("猫.png", reply.Json.GetProperty("filename").GetString());
        Assert.Equal(Png, served.Bytes);
        Assert.Equal("image/png", served.ContentHeaders.ContentType!.MediaType);
        Assert.Equal(200, (await CreateAsync(platform, "images", $"[\"{link}\"]")).Status);
        var upload = Simulator.Ledger.Requests[0];
        Assert.Equal((SimulatorOperation.UploadFile, false), (upload.Operation, upload.WasBilled));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Upload_without_a_file_is_refused(string platform)
    {
        Assert.Equal((400, "file"), await RefusalAsync(new MultipartFormDataContent { { new StringContent("vision"), "purpose" } }));
        Assert.Equal((400, "file"), await RefusalAsync(new StringContent("{}", Encoding.UTF8, "application/json")));

        async Task<(int, string)> RefusalAsync(HttpContent content)
        {
            using (content)
            {
                var reply = await SendAsync(HttpMethod.Post, new Uri(BaseOf(platform), "/v1/files"), content, Simulator.ApiKey);
                return (reply.Status, reply.ErrorField);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Account_is_charged_for_billed_creates_only(string platform)
    {
        await CreateAsync(platform);
        await CreateAsync(platform, "prompt", "\"\"");
        await CreateAsync(platform);

        var usage = await GetAsync(platform, "/v1/dashboard/billing/usage?start_date=2026-01-01");
        var subscription = await GetAsync(platform, "/v1/dashboard/billing/subscription");
        Assert.Equal(20, usage.Json.GetProperty("total_usage").GetDouble());
        Assert.Equal(1_000_000, subscription.Json.GetProperty("hard_limit_usd").GetDouble());
        foreach (var path in new[] { "/v1/token/quota", "/api/usage/token/" })
        {
            var quota = (await GetAsync(platform, path)).Json.GetProperty("data");
            Assert.Equal(100_000, quota.GetProperty("total_used").GetInt64());
            Assert.Equal(quota.GetProperty("total_granted").GetInt64() - 100_000, quota.GetProperty("total_available").GetInt64());
        }

        Assert.Equal(4, Simulator.Ledger.Count(SimulatorOperation.Account, platform));
        Assert.Equal(401, (await SendAsync(HttpMethod.Get, new Uri(BaseOf(platform), "/v1/token/quota"))).Status);
    }
}
