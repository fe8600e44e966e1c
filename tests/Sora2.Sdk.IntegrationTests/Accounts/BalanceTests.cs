using System.Net;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Accounts;

/// <summary>The balance of a key over real sockets, on both platforms.</summary>
public sealed class BalanceTests : SimulatorTest
{
    [Theory]
    [AllPlatforms]
    public async Task Balance_is_what_creates_have_left(string platform)
    {
        var client = Client(platform);
        await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await client.Videos.CreateAsync(new VideoRequest("b"), Token);

        var balance = await client.Account.GetBalanceAsync(Token);

        // 1,000,000 USD, 0.10 for each create; 500,000 units are 1 USD.
        Assert.Equal(
            new Balance { Amount = 499_999_900_000, Used = 100_000, Granted = 500_000_000_000, Unit = "units" }, balance);
        Assert.Equal(1, Simulator.Ledger.Count(SimulatorOperation.Account, platform));
        Assert.Equal(2, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task Billing_routes_are_used_where_the_usage_of_the_key_is_not_published(string platform)
    {
        await using var simulator = await StartAsync(SimulatorBalanceRoutes.Billing, balance: 20);
        var client = Client(platform, options => Use(options, simulator));
        await client.Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal(new Balance { Amount = 19.9m, Used = 0.1m, Granted = 20, Unit = "" }, await client.Account.GetBalanceAsync(Token));
        Assert.Equal(
            ["/api/usage/token/ 404", "/v1/dashboard/billing/subscription 200", "/v1/dashboard/billing/usage 200"],
            simulator.Ledger.Requests.Skip(1).Select(request => $"{request.PathAndQuery} {request.StatusCode}"));
    }

    [Theory]
    [InlineData("juxin", SimulatorBalanceRoutes.All)]
    [InlineData("juxin", SimulatorBalanceRoutes.Billing)]
    [InlineData("zhenzhen", SimulatorBalanceRoutes.All)]
    [InlineData("zhenzhen", SimulatorBalanceRoutes.Billing)]
    public async Task Unlimited_key_has_no_amount(string platform, SimulatorBalanceRoutes routes)
    {
        await using var simulator = await StartAsync(routes, balance: null);

        var balance = await Client(platform, options => Use(options, simulator)).Account.GetBalanceAsync(Token);

        Assert.Equal((true, null, null), (balance.IsUnlimited, balance.Amount, balance.Granted));
    }

    [Theory]
    [AllPlatforms]
    public async Task Platform_without_the_routes_publishes_no_balance(string platform)
    {
        await using var simulator = await StartAsync(SimulatorBalanceRoutes.None, balance: 20);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => Client(platform, options => Use(options, simulator)).Account.GetBalanceAsync(Token));

        Assert.Equal((Sora2ErrorKind.WrongEndpoint, HttpStatusCode.NotFound), (error.Kind, error.StatusCode));
        Assert.Contains("publishes no balance", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, simulator.Ledger.Requests.Count);
    }

    [Theory]
    [AllPlatforms]
    public async Task Pages_in_place_of_the_routes_are_not_retried(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Account).Then(SimulatorFault.Html(200), 3);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Client(platform).Account.GetBalanceAsync(Token));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, error.Kind);
        Assert.Equal(3, Simulator.Ledger.Requests.Count);
    }

    [Theory]
    [AllPlatforms]
    public async Task Wrong_key_is_refused(string platform)
    {
        var client = Client(platform, options => options.ApiKey = "test-key-wrong");

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Account.GetBalanceAsync(Token));

        Assert.Equal((Sora2ErrorKind.Authentication, HttpStatusCode.Unauthorized), (error.Kind, error.StatusCode));
        Assert.Single(Simulator.Ledger.Requests);
    }

    [Theory]
    [AllPlatforms]
    public async Task Rate_limit_is_reported_with_its_delay(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Account).Then(SimulatorFault.RateLimited(TimeSpan.FromMinutes(20)));

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => Client(platform).Account.GetBalanceAsync(Token));

        Assert.Equal((Sora2ErrorKind.RateLimited, TimeSpan.FromMinutes(20)), (error.Kind, error.RetryAfter));
        Assert.Single(Simulator.Ledger.Requests); // The delay is longer than a retry waits.
    }

    [Theory]
    [AllPlatforms]
    public async Task Transient_error_is_retried(string platform)
    {
        Simulator.Faults.On(platform, SimulatorOperation.Account)
            .Then(SimulatorFault.ServerError(500))
            .Then(SimulatorFault.TruncatedJson());

        var balance = await Client(platform, options => options.RetryDelay = TimeSpan.FromMilliseconds(1)).Account.GetBalanceAsync(Token);

        Assert.NotNull(balance.Amount);
        Assert.Equal(3, Simulator.Ledger.Count(SimulatorOperation.Account, platform));
    }

    [Theory]
    [AllPlatforms]
    public async Task Empty_account_refuses_creates(string platform)
    {
        await using var simulator = await StartAsync(SimulatorBalanceRoutes.All, balance: 0.25m);
        var client = Client(platform, options => Use(options, simulator));

        await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        await Assert.ThrowsAsync<Sora2ApiException>(
            () => client.Videos.CreateAsync(new VideoRequest("a") { Model = "no-such-model" }, Token)); // not charged
        await client.Videos.CreateAsync(new VideoRequest("b"), Token);
        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("c"), Token));

        Assert.Equal((Sora2ErrorKind.InsufficientQuota, (bool?)false), (error.Kind, error.MayHaveBeenCharged));
        Assert.Equal(2, simulator.Ledger.BilledCreates);
        Assert.Equal(25_000, (await client.Account.GetBalanceAsync(Token)).Amount);
    }

    [Fact]
    public async Task Concurrent_creates_never_spend_more_than_the_balance()
    {
        await using var simulator = await StartAsync(SimulatorBalanceRoutes.All, balance: 0.3m);
        var client = Client("zhenzhen", options => Use(options, simulator));

        var created = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
            await Record.ExceptionAsync(() => client.Videos.CreateAsync(new VideoRequest($"{i}"), Token)) is null));

        Assert.Equal((3, 3), (created.Count(done => done), simulator.Ledger.BilledCreates));
    }

    private static Task<Sora2Simulator> StartAsync(SimulatorBalanceRoutes routes, decimal? balance) =>
        Sora2Simulator.StartAsync(new() { BalanceRoutes = routes, BalanceUsd = balance }, Token);

    private static void Use(Sora2ClientOptions options, Sora2Simulator simulator) =>
        options.BaseAddress = options.Platform == "juxin" ? simulator.JuxinBaseAddress : simulator.ZhenzhenBaseAddress;
}
