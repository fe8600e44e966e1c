using System.Net.Http.Headers;
using System.Text;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary><c>/v1/videos</c> and what lies below it, on both platforms; strict, as the SDK meets it.</summary>
public sealed class OpenAiRouteTests : SimulatorHttpTest
{
    [Theory]
    [MemberData(nameof(Relays))]
    public async Task A_task_of_the_platforms_own_route_is_found_there(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;
        var queued = (await GetAsync(platform, $"/v1/videos/{id}")).Json;
        Clock.Advance(TimeSpan.FromSeconds(270));

        var done = (await GetAsync(platform, $"/v1/videos/{id}")).Json;

        Assert.Equal((id, "video", "queued", 0), (queued.GetProperty("id").GetString(), queued.GetProperty("object").GetString(), queued.GetProperty("status").GetString(), queued.GetProperty("progress").GetInt32()));
        Assert.Equal(("completed", 100, "10", "1280x720"), (done.GetProperty("status").GetString(), done.GetProperty("progress").GetInt32(), done.GetProperty("seconds").GetString(), done.GetProperty("size").GetString()));
        Assert.Equal(10, Mp4.Seconds((await SendAsync(HttpMethod.Get, new Uri(done.GetProperty("video_url").GetString()!))).Bytes));
        Assert.Equal((SimulatorOperation.Query, id), (Simulator.Ledger.Requests[1].Operation, Simulator.Ledger.Requests[1].TaskId));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Its_video_and_its_pictures_are_served_once_it_is_finished(string platform)
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
        Assert.All([thumbnail, sheet], picture => Assert.Equal((200, "image/jpeg"), (picture.Status, picture.ContentHeaders.ContentType!.MediaType)));
        Assert.Equal((400, "variant"), (unknown.Status, unknown.ErrorField));
        Assert.Equal(6, Simulator.Ledger.Count(SimulatorOperation.Media, platform));
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task A_video_that_a_script_gave_out_before_its_time_is_served(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(SimulatorFault.StatusScript([platform == "juxin" ? "\"completed\"" : "\"SUCCESS\""]));
        var id = (await CreateAsync(platform)).TaskId;
        await QueryAsync(platform, id);

        Assert.Equal(200, (await GetAsync(platform, $"/v1/videos/{id}/content")).Status);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task A_remix_is_a_paid_create_of_a_task_of_its_own(string platform)
    {
        var id = (await CreateAsync(platform, platform == "juxin" ? "duration" : "model", platform == "juxin" ? "15" : "\"sora-2-pro\"")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));

        var remix = await PostAsync(platform, $"/v1/videos/{id}/remix", """{"prompt":"小猫变成了老虎 [fail:审核未通过]"}""");
        Clock.Advance(TimeSpan.FromSeconds(270));
        var ended = (await GetAsync(platform, $"/v1/videos/{remix.TaskId}")).Json;

        var request = Simulator.Ledger.Requests[1];
        Assert.Equal((SimulatorOperation.CreateVideo, true, 200, remix.TaskId), (request.Operation, request.WasBilled, request.StatusCode, request.TaskId));
        Assert.Equal(2, Simulator.Ledger.BilledCreates);
        Assert.NotEqual(id, remix.TaskId, StringComparer.Ordinal);
        Assert.Equal(
            (id, "queued", platform == "juxin" ? "15" : "10", platform == "juxin" ? "sora-2-all" : "sora-2-pro"),
            (remix.Json.GetProperty("remixed_from_video_id").GetString(), remix.Json.GetProperty("status").GetString(), remix.Json.GetProperty("seconds").GetString(), remix.Json.GetProperty("model").GetString()));
        Assert.Equal(("failed", "审核未通过"), (ended.GetProperty("status").GetString(), ended.GetProperty("error").GetProperty("message").GetString()));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task A_remix_that_cannot_be_made_costs_nothing(string platform)
    {
        var other = (await CreateAsync(platform == "juxin" ? "zhenzhen" : "juxin")).TaskId;
        var failed = (await CreateWithPromptAsync(platform, "x [fail]")).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));
        var running = (await CreateAsync(platform)).TaskId;
        Simulator.Ledger.Clear();

        foreach (var (id, body, code) in new[]
        {
            ("nobody", """{"prompt":"x"}""", "task_not_exist"),
            (other, """{"prompt":"x"}""", "task_not_exist"),
            (failed, """{"prompt":"x"}""", "task_not_completed"),
            (running, """{"prompt":"x"}""", "task_not_completed"),
        })
        {
            var reply = await PostAsync(platform, $"/v1/videos/{id}/remix", body);

            Assert.Equal((400, code), (reply.Status, reply.Json.GetProperty("error").GetProperty("code").GetString()));
        }

        Clock.Advance(TimeSpan.FromSeconds(270));
        foreach (var (body, field) in new[] { ("{}", "prompt"), ("""{"prompt":" "}""", "prompt"), ("""{"prompt":7}""", "prompt"), ("[]", "body") })
        {
            var reply = await PostAsync(platform, $"/v1/videos/{running}/remix", body);

            Assert.Equal((400, field), (reply.Status, reply.ErrorField));
        }

        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task A_remix_meets_the_faults_of_creates(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;
        Clock.Advance(TimeSpan.FromSeconds(270));
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.QuotaExhausted()).Then(SimulatorFault.ServerError().AfterAccept());

        var refused = await PostAsync(platform, $"/v1/videos/{id}/remix", """{"prompt":"x"}""");
        var lost = await PostAsync(platform, $"/v1/videos/{id}/remix", """{"prompt":"x"}""");

        Assert.Equal((403, 500), (refused.Status, lost.Status));
        Assert.Equal([true, false, true], Simulator.Ledger.Requests.Select(request => request.WasBilled));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task An_unknown_task_is_told_in_both_forms(string platform)
    {
        var reply = await GetAsync(platform, "/v1/videos/nobody");

        Assert.Equal((400, "task_not_exist", "task_not_exist"), (reply.Status, reply.Json.GetProperty("code").GetString(), reply.ErrorMessage));
    }

    [Theory]
    [InlineData("1280x720", "1280x720")]
    [InlineData("1024x1792", "720x1280")]
    [InlineData("9x16", "720x1280")]
    public async Task Zhenzhen_takes_a_form_of_which_only_the_orientation_counts(string size, string made)
    {
        using var form = Storyboard("一只小猫", "15", size, "sora-2");
        form.Add(new ByteArrayContent(Png), "input_reference", "cat.png");

        var reply = await SendAsync(HttpMethod.Post, new Uri(Simulator.ZhenzhenBaseAddress, "/v1/videos"), form, Simulator.ApiKey);

        Assert.Equal((200, made, "15"), (reply.Status, reply.Json.GetProperty("size").GetString(), reply.Json.GetProperty("seconds").GetString()));
        Assert.Equal(reply.Json.GetProperty("id").GetString(), reply.Json.GetProperty("task_id").GetString());
        Assert.Equal((SimulatorOperation.CreateVideo, true), (Simulator.Ledger.Requests[0].Operation, Simulator.Ledger.Requests[0].WasBilled));
        Assert.Equal("NOT_START", (await QueryAsync("zhenzhen", reply.TaskId)).Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("12", "1280x720", "seconds")]
    [InlineData("10", "wide", "size")]
    [InlineData("10", "0x720", "size")]
    public async Task Zhenzhen_refuses_a_wrong_part_by_name(string seconds, string size, string field)
    {
        using var form = Storyboard("一只小猫", seconds, size, "sora-2");

        var reply = await SendAsync(HttpMethod.Post, new Uri(Simulator.ZhenzhenBaseAddress, "/v1/videos"), form, Simulator.ApiKey);

        Assert.Equal((400, field), (reply.Status, reply.ErrorField));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task There_is_neither_a_list_nor_a_delete(string platform)
    {
        var id = (await CreateAsync(platform)).TaskId;

        Assert.Equal(404, (await GetAsync(platform, "/v1/videos")).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Delete, new Uri(BaseOf(platform), $"/v1/videos/{id}"), key: Simulator.ApiKey)).Status);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task An_upload_gives_a_link_that_a_create_may_have(string platform)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(Png);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(file, "file", "猫.png");

        var reply = await SendAsync(HttpMethod.Post, new Uri(BaseOf(platform), "/v1/files"), form, Simulator.ApiKey);
        var link = new Uri(reply.Json.GetProperty("url").GetString()!);
        var served = await SendAsync(HttpMethod.Get, link);

        Assert.Equal(("file", Png.Length, "猫.png"), (reply.Json.GetProperty("object").GetString(), reply.Json.GetProperty("bytes").GetInt32(), reply.Json.GetProperty("filename").GetString()));
        Assert.Equal(Png, served.Bytes);
        Assert.Equal("image/png", served.ContentHeaders.ContentType!.MediaType);
        Assert.Equal(200, (await CreateAsync(platform, "images", $"[\"{link}\"]")).Status);
        Assert.Equal((SimulatorOperation.UploadFile, false), (Simulator.Ledger.Requests[0].Operation, Simulator.Ledger.Requests[0].WasBilled));
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task An_upload_without_a_file_is_refused(string platform)
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
    public async Task The_account_pays_for_what_was_billed_and_for_nothing_else(string platform)
    {
        await CreateAsync(platform);
        await CreateAsync(platform, "prompt", "\"\"");
        await CreateAsync(platform);

        Assert.Equal(20, (await GetAsync(platform, "/v1/dashboard/billing/usage?start_date=2026-01-01")).Json.GetProperty("total_usage").GetDouble());
        Assert.Equal(1_000_000, (await GetAsync(platform, "/v1/dashboard/billing/subscription")).Json.GetProperty("hard_limit_usd").GetDouble());
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
