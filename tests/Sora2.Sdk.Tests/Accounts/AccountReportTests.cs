using System.Net;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Polly.CircuitBreaker;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Accounts;

/// <summary>What a check reports of each fault, in plain words and with the next step.</summary>
public sealed class AccountReportTests : IDisposable
{
    private const string Models = """{"object":"list","data":[{"id":"sora-2-all"},{"id":"sora-2"},{"id":"veo3.1-fast"}]}""";
    private const string Quota = """{"code":true,"data":{"total_available":500000,"total_used":0}}""";
    private const string NoRoute = """{"error":{"message":"Invalid URL (GET /x)","type":"invalid_request_error"}}""";
    private const string Page = "<!doctype html><html><title>Shop</title></html>";

    private readonly VirtualClock _clock = new();
    private readonly List<IDisposable> _owned = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    [Theory]
    [AllPlatforms]
    public async Task Account_without_a_fault_passes_every_check(string platform)
    {
        var api = Respond((_, path) => (200, path == "/v1/models" ? Models : Quota));

        var report = await CheckAsync(api, platform: platform);

        Assert.True(report.IsOk, report.ToString());
        Assert.Equal(["host", "path", "key", "model", "balance"], report.Checks.Select(check => check.Name));
        Assert.All(report.Checks, check => Assert.Equal((null, null), (check.Advice, check.Kind)));
        Assert.Equal(new Balance { Amount = 500_000, Used = 0, Unit = "units" }, report.Balance);
        Assert.Equal(2, api.Sent.Count);
        Assert.All(api.Sent, sent => Assert.Equal("GET", sent.Method));
    }

    [Fact]
    public async Task Text_has_what_a_bug_report_needs_on_few_lines()
    {
        var api = Respond((_, path) => path == "/v1/models" ? (200, Models) : (404, NoRoute), requestId: "2026112008-1");

        var text = (await CheckAsync(api, options => options.DefaultModel = "sora-9", name: "cheap")).ToString();

        Assert.Matches(
            new Regex(
                """
                ^Sora2\.Sdk \d+\.\d+\.\d+[^ ,]*, \.NET [^\n]+, (X64|Arm64)
                juxin, client "cheap", https://api\.jxincm\.cn, a key is set, 2026-11-20 08:00:00 UTC
                ok   host: api\.jxincm\.cn responded in 0 ms\.
                ok   path: GET /v1/models returned 200 \(request id 2026112008-1\)\.
                ok   key: Juxin accepts it\.
                FAIL model: "sora-9", the default model, is not among the 3 models of the key: sora-2-all, sora-2, veo3\.1-fast\.
                     → Set Sora2ClientOptions\.DefaultModel to one of them, name one in each request, or change the key's group at Juxin\.
                ok   balance: Not known: Juxin does not publish it\.$
                """.ReplaceLineEndings("\n"),
                RegexOptions.CultureInvariant),
            text);
    }

    public static TheoryData<int, string, string, Sora2ErrorKind, string, string> Refusals => new()
    {
        // status and body of every response, the failed check, its kind, words of what was seen, words of the next step
        {
            401, """{"error":{"message":"无效的令牌"}}""", "key", Sora2ErrorKind.Authentication,
            "does not accept it: GET /v1/models returned 401", "ApiKey"
        },
        { 200, """{"success":false,"message":"无效的令牌"}""", "key", Sora2ErrorKind.Authentication, "无效的令牌", "ApiKey" },
        { 403, """{"message":"该令牌无权访问"}""", "key", Sora2ErrorKind.PermissionDenied, "lacks the permission", "group" },
        {
            403, "<html><title>Attention Required! | Cloudflare</title></html>", "host", Sora2ErrorKind.PermissionDenied,
            "blocked before", "another network"
        },
        { 402, """{"message":"no"}""", "balance", Sora2ErrorKind.InsufficientQuota, "is empty", "Top up" },
        { 401, """{"error":{"message":"额度已用尽"}}""", "balance", Sora2ErrorKind.InsufficientQuota, "额度已用尽", "Top up" },
        { 429, "", "host", Sora2ErrorKind.RateLimited, "limits the rate", "Retry later" },
        { 503, """{"message":"当前分组上游负载已饱和，请稍后再试"}""", "host", Sora2ErrorKind.Saturated, "is busy", "Retry later" },
        { 502, "<html><title>502 Bad Gateway</title></html>", "host", Sora2ErrorKind.ServerError, "502 Bad Gateway", "Retry later" },
        { 500, """{"message":"oops"}""", "host", Sora2ErrorKind.ServerError, "oops", "Retry later" },
        { 407, "", "host", Sora2ErrorKind.Authentication, "proxy", "handler's proxy" },
        { 200, Page, "path", Sora2ErrorKind.WrongEndpoint, "A web site is at this address", "BaseAddress" },
        { 404, Page, "path", Sora2ErrorKind.WrongEndpoint, "\"Shop\"", "BaseAddress" },
        { 404, NoRoute, "path", Sora2ErrorKind.WrongEndpoint, "no such route", "BaseAddress" },
        { 302, "", "path", Sora2ErrorKind.WrongEndpoint, "The address redirects", "BaseAddress" },
        { 200, """{"data":[{"id":"so""", "path", Sora2ErrorKind.UnreadableResponse, "is not the one of Juxin's API", "BaseAddress" },
        { 400, """{"message":"bad"}""", "path", Sora2ErrorKind.InvalidRequest, "bad", "BaseAddress" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Response_that_is_an_error_fails_the_check_that_it_is_about(
        int status, string body, string name, Sora2ErrorKind kind, string seen, string advice)
    {
        var report = await CheckAsync(Respond((_, _) => (status, body)));

        var failed = Assert.Single(report.Checks, check => !check.IsOk);
        Assert.Same(report.Checks[^1], failed);
        Assert.Equal((name, kind, false), (failed.Name, failed.Kind, report.IsOk));
        Assert.Contains(seen, failed.Seen, StringComparison.Ordinal);
        Assert.Contains(advice, failed.Advice, StringComparison.Ordinal);
        Assert.Equal(name != "host", report.Checks[0] is { Name: "host", IsOk: true });
    }

    public static TheoryData<string, string, string> Breaks => new()
    {
        // the failure of the network, words of what was seen, words of the next step
        { "name", "The name of api.jxincm.cn was not found: no such host", "spelling" },
        { "connection", "No connection to api.jxincm.cn: refused", "host and port" },
        { "certificate", "TLS with api.jxincm.cn failed: The remote certificate is invalid", "trusts the issuer" },
        { "proxy", "The proxy opened no connection to api.jxincm.cn: 403", "credentials of the proxy" },
        { "broken", "The call to api.jxincm.cn failed", "Retry" },
        { "circuit", "too often", "Retry" },
        { "bug", "a bug in a handler", "handlers" },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Host_that_cannot_be_reached_is_reported_with_the_reason(string failure, string seen, string advice)
    {
        var api = new StubHandler((_, _) => throw (failure switch
        {
            "name" => new HttpRequestException(HttpRequestError.NameResolutionError, "outer", new IOException("no such host")),
            "connection" => new HttpRequestException(HttpRequestError.ConnectionError, "outer", new IOException("refused")),
            "certificate" => new HttpRequestException(
                HttpRequestError.SecureConnectionError, "outer", new AuthenticationException("The remote certificate is invalid")),
            "proxy" => new HttpRequestException(HttpRequestError.ProxyTunnelError, "403"),
            "broken" => new HttpRequestException(HttpRequestError.ResponseEnded, "ended"),
            "circuit" => new BrokenCircuitException("open"),
            _ => (Exception)new InvalidOperationException("a bug in a handler"),
        }));

        var report = await CheckAsync(api);

        var check = Assert.Single(report.Checks);
        Assert.Equal(("host", false, Sora2ErrorKind.Network), (check.Name, check.IsOk, check.Kind));
        Assert.Contains(seen, check.Seen, StringComparison.Ordinal);
        Assert.Contains(advice, check.Advice, StringComparison.Ordinal);
        Assert.Single(api.Sent); // no retries, and no further call
    }

    [Fact]
    public async Task Silent_host_is_reported_after_the_timeout()
    {
        using var silent = new Silent();
        var check = CheckAsync(silent, options => options.QueryTimeout = TimeSpan.FromSeconds(7));
        _clock.Advance(TimeSpan.FromSeconds(7));

        var failed = Assert.Single((await check).Checks);

        Assert.Equal(("host", Sora2ErrorKind.Timeout), (failed.Name, failed.Kind));
        Assert.Equal("No response from api.jxincm.cn within 7000 ms.", failed.Seen);
        Assert.Contains("QueryTimeout", failed.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_address_that_responds_is_in_the_report()
    {
        var api = Respond((request, _) => request.RequestUri!.Host == "api.jxincm.cn"
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : (200, Models));

        var report = await CheckAsync(api, options => options.FallbackBaseAddresses.Add(new Uri("https://second.example.com/v1")));

        Assert.True(report.IsOk, report.ToString());
        Assert.Equal("https://second.example.com", report.Address);
        Assert.StartsWith("second.example.com responded", report.Checks[0].Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Platform_without_a_model_list_is_checked_by_its_balance()
    {
        var report = await CheckAsync(Respond((_, path) => path == "/v1/models" ? (404, NoRoute) : (200, Quota)));

        Assert.True(report.IsOk, report.ToString());
        Assert.StartsWith("Not checked", report.Checks.Single(check => check.Name == "model").Seen, StringComparison.Ordinal);
        Assert.NotNull(report.Balance);
    }

    [Fact]
    public async Task Key_is_checked_by_the_balance_where_there_is_no_model_list()
    {
        var report = await CheckAsync(
            Respond((_, path) => path == "/v1/models" ? (404, NoRoute) : (401, """{"message":"无效的令牌"}""")));

        Assert.Equal("key", Assert.Single(report.Checks, check => !check.IsOk).Name);
        Assert.Equal(["host", "path", "key"], report.Checks.Select(check => check.Name));
    }

    [Theory]
    [InlineData(404, NoRoute, "does not publish it")]
    [InlineData(200, "{}", "does not say how much is left")]
    [InlineData(429, "", "Not known: GET /api/usage/token/ returned 429")]
    [InlineData(500, """{"message":"oops"}""", "oops")]
    [InlineData(401, """{"message":"Unauthorized"}""", "Unauthorized")]
    [InlineData(200, """{"data":{"unlimited_quota":true}}""", "unlimited")]
    public async Task Balance_that_is_not_known_is_no_failure(int status, string body, string seen)
    {
        var report = await CheckAsync(Respond((_, path) => path == "/v1/models" ? (200, Models) : (status, body)));

        Assert.True(report.IsOk, report.ToString());
        Assert.Contains(seen, report.Checks[^1].Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"data":{"total_available":0,"total_used":7}}""", "Nothing is left: 0 units, 7 used.")]
    [InlineData(200, """{"data":{"total_available":-3}}""", "Nothing is left: -3 units.")]
    [InlineData(403, """{"error":{"message":"用户额度不足","code":"insufficient_user_quota"}}""", "用户额度不足")]
    public async Task Empty_account_fails_the_balance(int status, string body, string seen)
    {
        var report = await CheckAsync(Respond((_, path) => path == "/v1/models" ? (200, Models) : (status, body)));

        var failed = Assert.Single(report.Checks, check => !check.IsOk);
        Assert.Equal("balance", failed.Name);
        Assert.Contains(seen, failed.Seen, StringComparison.Ordinal);
        Assert.Contains("Top up", failed.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_that_are_listed_are_compared_with_the_default_of_the_platform()
    {
        var report = await CheckAsync(Respond((_, path) => (200, path == "/v1/models" ? """{"data":[{"id":"gpt-9"}]}""" : Quota)));

        Assert.Contains("\"sora-2-all\"", Assert.Single(report.Checks, check => !check.IsOk).Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_model_list_is_no_failure()
    {
        var report = await CheckAsync(Respond((_, path) => (200, path == "/v1/models" ? """{"data":[]}""" : Quota)));

        Assert.True(report.IsOk, report.ToString());
    }

    [Fact]
    public async Task Adapter_without_free_calls_cannot_be_checked()
    {
        var api = new StubHandler("{}");

        var report = await CheckAsync(TestClients.Create(new Without(), api));

        Assert.Equal((false, "host"), (report.IsOk, Assert.Single(report.Checks).Name));
        Assert.Contains("EncodeModelList", report.Checks[0].Advice, StringComparison.Ordinal);
        Assert.Empty(api.Sent);
    }

    [Theory]
    [InlineData("encode")]
    [InlineData("decode")]
    [InlineData("address")]
    public async Task Adapter_that_throws_is_reported(string fault)
    {
        var report = await CheckAsync(TestClients.Create(new Broken(fault), new StubHandler(Models)));

        var failed = Assert.Single(report.Checks, check => !check.IsOk);
        Assert.Equal("path", failed.Name);
        Assert.NotEmpty(failed.Advice!);
    }

    [Fact]
    public async Task Cancellation_is_thrown()
    {
        using var silent = new Silent();
        using var cancellation = new CancellationTokenSource();
        var check = Client(silent).Account.CheckAsync(cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => check);
        await Assert.ThrowsAsync<OperationCanceledException>(() => Client(silent).Account.CheckAsync(cancellation.Token));
    }

    [Fact]
    public async Task Disposed_client_throws()
    {
        var client = Client(Respond((_, _) => (200, Models)));
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Account.CheckAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Account.GetBalanceAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Account.ListModelsAsync(Token));
    }

    private Task<AccountReport> CheckAsync(
        HttpMessageHandler api, Action<Sora2ClientOptions>? configure = null, string platform = "juxin", string name = "") =>
        Client(api, configure, platform, name).Account.CheckAsync(Token);

    private Task<AccountReport> CheckAsync(Sora2Client client)
    {
        _owned.Add(client);
        return client.Account.CheckAsync(Token);
    }

    private Sora2Client Client(
        HttpMessageHandler api, Action<Sora2ClientOptions>? configure = null, string platform = "juxin", string name = "")
    {
        var client = TestClients.Create(
            Sora2Platform.BuiltIn.Single(known => known.Name == platform),
            api,
            options =>
            {
                options.TimeProvider = _clock;
                configure?.Invoke(options);
            },
            name: name);
        _owned.Add(client);
        return client;
    }

    /// <summary>Responds by path.</summary>
    private static StubHandler Respond(Func<HttpRequestMessage, string, (int Status, string Body)> respond, string? requestId = null) =>
        new((_, request) =>
        {
            var (status, body) = respond(request, request.RequestUri!.AbsolutePath);
            var response = StubHandler.Json(body, (HttpStatusCode)status);
            if (requestId is not null)
            {
                response.Headers.Add("X-Oneapi-Request-Id", requestId);
            }

            return response;
        });

    private sealed class Silent : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new NotSupportedException();
        }
    }

    private sealed class Without() : LikeJuxin("my-relay");

    private sealed class Broken(string fault) : LikeJuxin("my-relay")
    {
        public override ApiRequest EncodeModelList() => fault switch
        {
            "encode" => throw new InvalidOperationException("a bug of the adapter"),
            "address" => ApiRequest.Get(CallKind.Query, "/http://["),
            _ => ApiRequest.Get(CallKind.Query, "/models"),
        };

        public override IReadOnlyList<string> DecodeModelList(ApiResponse response) => throw new FormatException("a bug of the adapter");
    }
}
