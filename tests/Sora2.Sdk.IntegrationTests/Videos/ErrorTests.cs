using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Videos;

/// <summary>The kinds and messages of the platforms' errors, for creates and polls, over real sockets.</summary>
public sealed class ErrorTests : SimulatorTest
{
    [Theory]
    [AllPlatforms]
    public async Task Missing_channel_is_permanent_and_quotes_the_platform(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.NoChannel());

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Client(platform).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(
            (Sora2ErrorKind.ModelUnavailable, false, 1, (bool?)false),
            (error.Kind, error.IsTransient, error.Attempts, error.MayHaveBeenCharged));
        Assert.Contains("无可用渠道", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("request id", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.RequestId!);
        Assert.Single(Simulator.Ledger.Requests);
    }

    [Theory]
    [AllPlatforms]
    public async Task Nested_error_reports_its_innermost_message_and_the_raw_body(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.NestedJsonError(3, 400, "提示词太长了"));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Client(platform).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.StartsWith("提示词太长了", error.Message, StringComparison.Ordinal);
        Assert.Contains("\\\\", error.RawBody, StringComparison.Ordinal);
        Assert.DoesNotContain(Simulator.ApiKey, error.ToString() + error.RawBody, StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task Web_page_with_status_200_names_address_title_and_what_to_check(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(SimulatorFault.Html(200, "中转站"));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Client(platform).Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, error.Kind);
        Assert.All(
            ["\"中转站\"", AddressOf(platform).Authority, "BaseAddress"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("juxin", 401)]
    [InlineData("juxin", 403)]
    [InlineData("juxin", 429)]
    [InlineData("zhenzhen", 401)]
    [InlineData("zhenzhen", 403)]
    [InlineData("zhenzhen", 429)]
    public async Task Empty_account_wrong_key_and_rate_limit_have_different_kinds(string platform, int status)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.Status(
                status, """{"error":{"message":"该令牌额度已用尽 (request id: 1)","type":"new_api_error","param":"","code":""}}"""))
            .Then(SimulatorFault.QuotaExhausted(status))
            .Then(SimulatorFault.RateLimited());
        var client = Client(platform, options => options.CreateRetries = 0);

        Assert.Equal(Sora2ErrorKind.InsufficientQuota, await KindAsync());
        Assert.Equal(Sora2ErrorKind.InsufficientQuota, await KindAsync());
        Assert.Equal(Sora2ErrorKind.RateLimited, await KindAsync());
        Assert.Equal(
            Sora2ErrorKind.Authentication,
            (await Assert.ThrowsAsync<Sora2ApiException>(
                () => Client(platform, options => options.ApiKey = "test-key-wrong").Videos.GetAsync("t", Token))).Kind);

        async Task<Sora2ErrorKind> KindAsync() =>
            (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), Token))).Kind;
    }

    [Theory]
    [AllPlatforms]
    public async Task Unknown_status_keeps_waiting_and_103_ends_the_wait(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(
            SimulatorFault.StatusScript(["\"NOT_START\"", "\"\"", "null", "\"unknown\"", "102", "\"Processing\"", "103"]));
        var words = new List<string?>();

        var task = await Client(platform).Videos.GenerateAsync(
            new VideoRequest("a"), progress: new SyncProgress<VideoTask>(report => words.Add(report.RawStatus)), cancellationToken: Token);

        Assert.Equal("103", task.RawStatus);
        Assert.NotNull(task.VideoUrl);
        Assert.Equal(["NOT_START", null, null, "unknown", "102", "Processing", "103"], words.Skip(1));
    }

    [Theory]
    [AllPlatforms]
    public async Task Progress_in_every_form_never_falls(string platform)
    {
        string[] values = ["\"45%\"", "45", "\"45\"", "37.5", ScriptedStatus.Absent, "0.93", "\"soon\"", "null", "61.5"];
        var script = values.Select(progress => new ScriptedStatus("\"processing\"") { Progress = progress });
        Simulator.Faults.On(platform, SimulatorOperation.CreateVideo).Then(
            SimulatorFault.StatusScript(script.Append(new ScriptedStatus("\"success\"") { WithVideo = true })));
        var seen = new List<double?>();

        await Client(platform).Videos.GenerateAsync(
            new VideoRequest("a"), progress: new SyncProgress<VideoTask>(report => seen.Add(report.Progress)), cancellationToken: Token);

        Assert.Equal([45, 45, 45, 45, 45, 45, 45, 45, 61.5], seen.Skip(1).SkipLast(1));
        Assert.Equal(100, seen[^1]);
    }

    [Theory]
    [AllPlatforms]
    public async Task Retry_after_longer_than_the_wait_is_reported_not_waited(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query).Then(SimulatorFault.RateLimited(TimeSpan.FromSeconds(410400)));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Client(platform).Videos.WaitAsync(
            "task-1", new WaitOptions { Timeout = TimeSpan.FromMinutes(10) }, cancellationToken: Token));

        Assert.Equal((TimeSpan.FromSeconds(410400), "task-1"), (error.RetryAfter!.Value, error.TaskId));
        Assert.Contains("410400 s", error.Message, StringComparison.Ordinal);
        Assert.Single(Simulator.Ledger.Requests);
    }

    [Theory]
    [AllPlatforms]
    public async Task Transient_errors_during_polls_keep_waiting(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Query)
            .Then(SimulatorFault.Html(502), times: 3)
            .Then(SimulatorFault.Html(200))
            .Then(SimulatorFault.ResetMidBody());

        Assert.True((await Client(platform, Hurry).Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token)).IsCompleted);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }
}
