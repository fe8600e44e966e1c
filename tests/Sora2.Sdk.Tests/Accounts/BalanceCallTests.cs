using System.Net;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Accounts;

/// <summary>Which calls read a balance, and in which order.</summary>
public sealed class BalanceCallTests : IDisposable
{
    private const string Usage = "/api/usage/token/";
    private const string Subscription = "/v1/dashboard/billing/subscription";
    private const string Used = "/v1/dashboard/billing/usage";
    private const string NoRoute = """{"error":{"message":"Invalid URL (GET /x)","type":"invalid_request_error"}}""";

    private readonly List<Sora2Client> _clients = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Theory]
    [AllPlatforms]
    public async Task One_call_suffices_where_it_says_what_is_left(string platform)
    {
        var (client, api) = Client(platform, (Usage, 200, """{"code":true,"data":{"total_available":5,"total_used":1}}"""));

        Assert.Equal(new Balance { Amount = 5, Used = 1, Unit = "units" }, await client.Account.GetBalanceAsync(Token));
        Assert.Equal([Usage], Paths(api));
    }

    [Theory]
    [InlineData(404, NoRoute)]
    [InlineData(404, "<html><title>404</title></html>")]
    [InlineData(200, "<!doctype html><html><title>Shop</title></html>")]
    [InlineData(302, "")]
    [InlineData(200, "{}")]
    public async Task Route_that_does_not_exist_or_says_nothing_is_passed_over_at_once(int status, string body)
    {
        var (client, api) = Client(
            "juxin", (Usage, status, body), (Subscription, 200, """{"hard_limit_usd":20}"""), (Used, 200, """{"total_usage":750}"""));

        Assert.Equal(new Balance { Amount = 12.5m, Used = 7.5m, Granted = 20 }, await client.Account.GetBalanceAsync(Token));
        Assert.Equal([Usage, Subscription, Used], Paths(api));
    }

    [Fact]
    public async Task Amounts_of_different_units_are_not_mixed()
    {
        var (client, _) = Client(
            "juxin",
            (Usage, 200, """{"code":true,"data":{"total_used":1000000}}"""),
            (Subscription, 200, """{"hard_limit_usd":20}"""),
            (Used, 404, NoRoute));

        Assert.Equal(new Balance { Granted = 20 }, await client.Account.GetBalanceAsync(Token));
    }

    [Fact]
    public async Task Unlimited_key_has_no_amount()
    {
        var (client, api) = Client("juxin", (Usage, 404, NoRoute), (Subscription, 200, """{"hard_limit_usd":100000000}"""));

        Assert.Equal(new Balance { IsUnlimited = true }, await client.Account.GetBalanceAsync(Token));
        Assert.Equal([Usage, Subscription], Paths(api));
    }

    [Theory]
    [AllPlatforms]
    public async Task Platform_without_any_of_the_routes_publishes_no_balance(string platform)
    {
        var (client, api) = Client(platform);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Account.GetBalanceAsync(Token));

        Assert.Equal(
            (Sora2ErrorKind.WrongEndpoint, false, (bool?)false, HttpStatusCode.NotFound, platform),
            (error.Kind, error.IsTransient, error.MayHaveBeenCharged, error.StatusCode, error.PlatformName));
        Assert.Contains("publishes no balance: it has no route GET /api/usage/token/", error.Message, StringComparison.Ordinal);
        Assert.Equal([Usage, Subscription, Used], Paths(api));
    }

    [Theory]
    [InlineData(401, """{"success":false,"message":"无效的令牌"}""", Sora2ErrorKind.Authentication)]
    [InlineData(403, """{"success":false,"message":"用户已被封禁"}""", Sora2ErrorKind.PermissionDenied)]
    [InlineData(402, """{"message":"insufficient balance"}""", Sora2ErrorKind.InsufficientQuota)]
    public async Task Refusal_ends_the_call_and_tries_no_other_route(int status, string body, Sora2ErrorKind kind)
    {
        var (client, api) = Client("juxin", (Usage, status, body));

        Assert.Equal(kind, (await Assert.ThrowsAsync<Sora2ApiException>(() => client.Account.GetBalanceAsync(Token))).Kind);
        Assert.Equal([Usage], Paths(api));
    }

    [Fact]
    public async Task Rate_limit_is_retried_as_a_query_and_then_reported()
    {
        var (client, api) = Client("juxin", (Usage, 429, ""));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Account.GetBalanceAsync(Token));

        Assert.Equal((Sora2ErrorKind.RateLimited, 3), (error.Kind, error.Attempts));
        Assert.Equal([Usage, Usage, Usage], Paths(api)); // QueryRetries is 2
    }

    [Fact]
    public async Task Adapter_without_balance_calls_reports_it()
    {
        using var client = TestClients.Create(new Without(), new StubHandler("{}"));

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Account.GetBalanceAsync(Token));

        Assert.Contains("EncodeBalance", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paid_balance_call_of_an_adapter_is_refused()
    {
        var api = new StubHandler("{}");
        using var client = TestClients.Create(new Paid(), api);

        await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Account.GetBalanceAsync(Token));
        var report = await client.Account.CheckAsync(Token);

        Assert.Empty(api.Sent);
        Assert.Contains("costs money", Assert.Single(report.Checks).Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapter_reads_a_wallet_with_one_line()
    {
        var api = new StubHandler("""{"code":true,"data":{"amount":3.5,"used_amount":1,"display_type":"CNY"}}""");
        using var client = TestClients.Create(new Wallet(), api);

        Assert.Equal(new Balance { Amount = 3.5m, Used = 1, Unit = "CNY" }, await client.Account.GetBalanceAsync(Token));
        Assert.Equal(["/api/usage/wallet/"], Paths(api));
    }

    private static string[] Paths(StubHandler api) => [.. api.Sent.Select(sent => sent.Url.AbsolutePath)];

    /// <summary>A client whose platform has these routes only.</summary>
    private (Sora2Client Client, StubHandler Api) Client(string platform, params (string Path, int Status, string Body)[] routes)
    {
        var api = new StubHandler((_, request) =>
        {
            var (path, status, body) = routes.FirstOrDefault(route => route.Path == request.RequestUri!.AbsolutePath);
            return path is null
                ? StubHandler.Json(NoRoute, HttpStatusCode.NotFound)
                : StubHandler.Json(body, (HttpStatusCode)status);
        });
        var client = TestClients.Create(
            Sora2Platform.BuiltIn.Single(known => known.Name == platform),
            api,
            options => (options.QueryRetries, options.RetryDelay) = (2, TimeSpan.FromMilliseconds(1)));
        _clients.Add(client);
        return (client, api);
    }

    private sealed class Without() : LikeJuxin("my-relay");

    private sealed class Paid() : LikeJuxin("my-relay")
    {
        public override IReadOnlyList<ApiRequest> EncodeBalance() => [EncodeVideo(new VideoRequest("a"))];
    }

    private sealed class Wallet() : LikeJuxin("my-relay")
    {
        public override IReadOnlyList<ApiRequest> EncodeBalance() => [ApiRequest.Get(CallKind.Query, "/api/usage/wallet/")];
    }
}
