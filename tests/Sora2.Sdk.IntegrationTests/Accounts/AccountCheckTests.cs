using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Accounts;

/// <summary>The report on an account over real sockets, on both platforms.</summary>
public sealed class AccountCheckTests : SimulatorTest
{
    [Theory]
    [AllPlatforms]
    public async Task Working_account_passes_and_nothing_is_billed(string platform)
    {
        var report = await Client(platform).Account.CheckAsync(Token);

        Assert.True(report.IsOk, report.ToString());
        Assert.Equal(["host", "path", "key", "model", "balance"], report.Checks.Select(check => check.Name));
        Assert.Equal(AddressOf(platform).GetLeftPart(UriPartial.Authority), report.Address);
        Assert.Equal((platform, "", true), (report.PlatformName, report.ClientName, report.IsKeySet));
        Assert.Equal("units", report.Balance!.Unit);
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
        Assert.Equal(2, Simulator.Ledger.Requests.Count);
    }

    [Theory]
    [AllPlatforms]
    public async Task Wrong_key_fails_the_key(string platform) => await FailsAsync(
        platform,
        options => options.ApiKey = "test-key-wrong",
        "key",
        "无效的令牌",
        "Check Sora2ClientOptions.ApiKey");

    [Theory]
    [AllPlatforms]
    public async Task Further_path_in_the_address_fails_the_path(string platform)
    {
        // Below it there is the web site.
        await FailsAsync(
            platform,
            options => options.BaseAddress = new Uri(AddressOf(platform), "/console"),
            "path",
            "A web site is at this address",
            "without a further path");
        Assert.All(Simulator.Ledger.Requests, request => Assert.Equal(SimulatorOperation.Unknown, request.Operation));
    }

    [Theory]
    [InlineData("juxin")]
    [InlineData("zhenzhen")]
    public async Task Media_host_in_place_of_the_api_fails(string platform)
    {
        var report = await Client(platform, options => options.BaseAddress = Simulator.MediaBaseAddress).Account.CheckAsync(Token);

        Assert.False(report.IsOk);
    }

    [Theory]
    [AllPlatforms]
    public async Task Other_service_that_returns_a_page_fails_the_path(string platform)
    {
        using var site = new HostileHost(_ => HostileHost.Response(
            "200 OK", "Content-Type: text/html\r\n", "<!doctype html><html><title>Router login</title></html>"));

        await FailsAsync(platform, options => options.BaseAddress = site.Address, "path", "Router login", "BaseAddress");
    }

    [Theory]
    [AllPlatforms]
    public async Task Redirect_fails_the_path_and_is_not_followed(string platform)
    {
        using var site = new HostileHost(_ => HostileHost.Response(
            "301 Moved", "Location: https://new.example.com/v1/models?token=fakesignature\r\n", ""));

        var report = await FailsAsync(
            platform,
            options => options.BaseAddress = site.Address,
            "path",
            "redirects to https://new.example.com/v1/models",
            "Redirects are not followed");
        Assert.DoesNotContain("fakesignature", report.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task Port_without_a_server_fails_the_host(string platform)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        listener.Stop();

        var report = await FailsAsync(
            platform,
            options => options.BaseAddress = new Uri("http://127.0.0.1:" + port),
            "host",
            $"No connection to 127.0.0.1:{port}: Connection refused",
            "Check host and port");
        Assert.Single(report.Checks);
    }

    [Theory]
    [AllPlatforms]
    public async Task Host_without_TLS_fails_the_host(string platform) => await FailsAsync(
        platform,
        options => options.BaseAddress = new UriBuilder(AddressOf(platform)) { Scheme = "https" }.Uri,
        "host",
        "TLS with 127.0.0.1:",
        "a port for https");

    [Theory]
    [AllPlatforms]
    public async Task Name_that_does_not_exist_fails_the_host(string platform)
    {
        var report = await Client(platform, options => options.BaseAddress = new Uri("https://api.relay.invalid"))
            .Account.CheckAsync(Token);

        var failed = Assert.Single(report.Checks);
        Assert.Equal(("host", Sora2ErrorKind.Network), (failed.Name, failed.Kind));
        Assert.Contains("api.relay.invalid", failed.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [AllPlatforms]
    public async Task Silent_host_fails_the_host(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.ListModels).Then(SimulatorFault.None.After(Timeout.InfiniteTimeSpan));

        await FailsAsync(
            platform,
            options => (options.TimeProvider, options.QueryTimeout) = (new FastClock(200), TimeSpan.FromSeconds(60)),
            "host",
            "No response from 127.0.0.1:",
            "QueryTimeout");
    }

    [Theory]
    [AllPlatforms]
    public async Task Connection_that_breaks_fails_the_host(string platform)
    {
        // HttpClient itself repeats a GET on a reused connection.
        Simulator.Faults.On(platform, SimulatorOperation.ListModels).Then(SimulatorFault.DropBeforeAccept(), 2);

        await FailsAsync(platform, _ => { }, "host", "The call to 127.0.0.1:", "Retry");
    }

    [Theory]
    [AllPlatforms]
    public async Task Rate_limit_fails_the_host_with_the_delay(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.ListModels).Then(SimulatorFault.RateLimited(TimeSpan.FromSeconds(7)));

        await FailsAsync(platform, _ => { }, "host", "limits the rate", "Retry after 7 s.");
    }

    [Theory]
    [AllPlatforms]
    public async Task Key_without_the_permission_fails_the_key(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.ListModels)
            .Then(SimulatorFault.Status(403, """{"error":{"message":"该令牌无权访问该分组","type":"new_api_error"}}"""));

        await FailsAsync(platform, _ => { }, "key", "该令牌无权访问该分组", "group");
    }

    [Theory]
    [InlineData("juxin")]
    [InlineData("zhenzhen")]
    public async Task Empty_account_fails_the_balance(string platform)
    {
        await using var simulator = await Sora2Simulator.StartAsync(new() { BalanceUsd = 0 }, Token);

        await FailsAsync(
            platform,
            options => options.BaseAddress = platform == "juxin" ? simulator.JuxinBaseAddress : simulator.ZhenzhenBaseAddress,
            "balance",
            "Nothing is left: 0 units",
            "Top up");
    }

    [Theory]
    [AllPlatforms]
    public async Task Model_that_the_key_may_not_use_fails_the_model(string platform)
    {
        var report = await FailsAsync(
            platform, options => options.DefaultModel = "veo9", "model", "\"veo9\", the default model, is not among", "DefaultModel");

        Assert.Equal("balance", report.Checks[^1].Name); // The rest is checked all the same.
    }

    [Theory]
    [AllPlatforms]
    public async Task Balance_that_is_not_published_is_no_failure(string platform)
    {
        await using var simulator = await Sora2Simulator.StartAsync(new() { BalanceRoutes = SimulatorBalanceRoutes.None }, Token);

        var report = await Client(
            platform,
            options => options.BaseAddress = platform == "juxin" ? simulator.JuxinBaseAddress : simulator.ZhenzhenBaseAddress)
            .Account.CheckAsync(Token);

        Assert.True(report.IsOk, report.ToString());
        Assert.Contains("does not publish it", report.Checks[^1].Seen, StringComparison.Ordinal);
        Assert.Null(report.Balance);
    }

    [Theory]
    [AllPlatforms]
    public async Task Key_is_in_no_report_and_no_log(string platform)
    {
        var key = "test+key/" + Guid.NewGuid().ToString("N") + "~end";
        var search = new KeySearch(key);
        using var log = new Listening("account-" + key[9..20]);
        foreach (var response in new[]
        {
            HostileHost.Json($$$"""{"error":{"message":"{{{search.JsonEchoes}}}"}}""", "401 No", $"X-Request-Id: {key}\r\n"),
            HostileHost.Json($$"""{"data":[{"id":"{{search.JsonEchoes}}"}]}""", headers: $"X-Oneapi-Request-Id: {search.Echoes[9]}\r\n"),
            HostileHost.Response("200 OK", "Content-Type: text/html\r\n", $"<html><title>{search.Echoes[7]} {key}</title></html>"),
            HostileHost.Response("302 Found", $"Location: https://h/{Uri.EscapeDataString(key)}?k={Uri.EscapeDataString(key)}\r\n", ""),
            HostileHost.Response("500 Oops", "Content-Type: text/plain\r\n", string.Join('\n', search.Echoes)),
            HostileHost.Json("{\"data\":[{\"id\":\"" + key),
            HostileHost.Json($$$"""{"data":{"amount":5,"display_type":"{{{key}}}"}}"""),
            [],
        })
        {
            using var host = new HostileHost(_ => response);
            var options = Options(platform);
            (options.ApiKey, options.BaseAddress, options.LoggerFactory) = (key, host.Address, log);
            using var client = new Sora2Client(log.ClientName, options);

            var report = await client.Account.CheckAsync(Token);

            Assert.Contains(host.Heads, head => head.Contains(key, StringComparison.Ordinal));
            Assert.DoesNotContain(KeySearch.TextsOf(report), search.IsIn);
            Assert.DoesNotContain(
                System.Text.Json.JsonSerializer.Serialize(report, Sora2Json.CreateOptions().GetTypeInfo(typeof(AccountReport))),
                key[..10],
                StringComparison.OrdinalIgnoreCase);
            Assert.Contains("a key is set", report.ToString(), StringComparison.Ordinal);
        }

        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines.SelectMany(KeySearch.TextsOf), search.IsIn);
        Assert.DoesNotContain(log.Spans.SelectMany(span => KeySearch.TextsOf(span.TagObjects)), search.IsIn);
    }

    /// <summary>Checks with changed settings: exactly one check fails.</summary>
    private async Task<AccountReport> FailsAsync(
        string platform, Action<Sora2ClientOptions> configure, string name, string seen, string advice)
    {
        var report = await Client(platform, configure).Account.CheckAsync(Token);

        var failed = Assert.Single(report.Checks, check => !check.IsOk);
        Assert.Equal((name, false), (failed.Name, report.IsOk));
        Assert.Contains(seen, failed.Seen, StringComparison.Ordinal);
        Assert.Contains(advice, failed.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain(Simulator.ApiKey, report.ToString(), StringComparison.Ordinal);
        return report;
    }
}
