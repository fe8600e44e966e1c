using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class AccessTests : SimulatorHttpTest
{
    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Request_without_a_key_is_refused(string platform)
    {
        var reply = await SendAsync(HttpMethod.Get, new Uri(BaseOf(platform), "/v1/models"));

        Assert.Equal(401, reply.Status);
        Assert.StartsWith("无效的令牌 (request id: ", reply.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("new_api_error", reply.Json.GetProperty("error").GetProperty("type").GetString());
        Assert.Null(Assert.Single(Simulator.Ledger.Requests).AuthorizationMatched);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Wrong_key_is_refused_and_never_recorded(string platform)
    {
        var create = new Uri(BaseOf(platform), CreatePath(platform));

        var reply = await SendAsync(HttpMethod.Post, create, new StringContent("{}"), key: "some-other-secret");

        Assert.Equal(401, reply.Status);
        var request = Assert.Single(Simulator.Ledger.Requests);
        Assert.False(request.AuthorizationMatched);
        Assert.Equal("Bearer [another key]", request.Headers["authorization"]);
        Assert.DoesNotContain("some-other-secret", string.Join('\n', request.Headers.Values) + request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_without_a_scheme_is_never_recorded()
    {
        await SendAsync(
            HttpMethod.Get,
            new Uri(Simulator.JuxinBaseAddress, "/v1/models"),
            headers: headers => headers.TryAddWithoutValidation("Authorization", "some-other-secret"));

        var request = Assert.Single(Simulator.Ledger.Requests);
        Assert.DoesNotContain("some-other-secret", request.Headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Right_key_is_redacted_everywhere()
    {
        await SendAsync(
            HttpMethod.Get,
            new Uri(Simulator.JuxinBaseAddress, $"/v1/models?key={Simulator.ApiKey}"),
            key: Simulator.ApiKey,
            headers: headers => headers.Add("X-Copy", Simulator.ApiKey));

        var request = Assert.Single(Simulator.Ledger.Requests);
        Assert.True(request.AuthorizationMatched);
        Assert.True(request.CarriedKey);
        Assert.Equal("Bearer [the key]", request.Headers["Authorization"]);
        Assert.Equal("[the key]", request.Headers["X-Copy"]);
        Assert.Equal("/v1/models?key=[the key]", request.PathAndQuery);
    }

    [Theory]
    [InlineData("juxin", "sora-2-all")]
    [InlineData("zhenzhen", "sora-2,sora-2-pro,sora-2-vip")]
    public async Task Models_are_listed(string platform, string models)
    {
        var reply = await GetAsync(platform, "/v1/models");

        Assert.Equal(200, reply.Status);
        var ids = reply.Json.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString());
        Assert.Equal(models, string.Join(',', ids));
        Assert.Equal(1, Simulator.Ledger.Count(SimulatorOperation.ListModels, platform));
    }

    [Theory]
    [InlineData("juxin", "/v1/video/storyboard")]
    [InlineData("zhenzhen", "/v1/video/storyboard")]
    [InlineData("zhenzhen", "/v1/videos/some/where/else")]
    [InlineData("juxin", "/api/anything")]
    [InlineData("juxin", "/v1beta/models")]
    public async Task Unknown_api_path_gets_the_invalid_url_error(string platform, string path)
    {
        var reply = await PostAsync(platform, path, "{}");

        Assert.Equal(404, reply.Status);
        Assert.Equal($"Invalid URL (POST {path})", reply.ErrorMessage);
        Assert.Equal(SimulatorOperation.Unknown, Assert.Single(Simulator.Ledger.Requests).Operation);
    }

    [Theory]
    [InlineData("juxin", "/v2/videos/generations", "聚鑫 API")]
    [InlineData("juxin", "/sora/v2/characters", "聚鑫 API")]
    [InlineData("juxin", "/", "聚鑫 API")]
    [InlineData("zhenzhen", "/anything", "贞贞的AI工坊")]
    [InlineData("zhenzhen", "/v2/videos", "贞贞的AI工坊")]
    public async Task Any_other_path_returns_the_web_site(string platform, string path, string title)
    {
        var reply = await PostAsync(platform, path, "{}");

        Assert.Equal(200, reply.Status);
        Assert.Equal("text/html", reply.ContentHeaders.ContentType!.MediaType);
        Assert.Contains($"<title>{title}</title>", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Relays))]
    public async Task Every_response_has_its_own_request_id(string platform)
    {
        var first = await GetAsync(platform, "/v1/models");
        var second = await GetAsync(platform, "/v1/models");

        Assert.NotEqual(
            first.Headers.GetValues("X-Oneapi-Request-Id").Single(),
            second.Headers.GetValues("X-Oneapi-Request-Id").Single(),
            StringComparer.Ordinal);
    }
}
