using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>Two platforms and two keys in one container share nothing. Each platform is a simulator that accepts one key only.</summary>
public sealed class AccountsTests : SimulatorTest
{
    [Fact]
    public async Task Each_client_uses_its_own_key_connections_and_task_store()
    {
        await using var second = await Sora2Simulator.StartAsync(
            new()
            {
                ApiKey = "test-key-zhenzhen",
                SpeedFactor = 1000,
                TaskDuration = TimeSpan.FromSeconds(100),
                VideoLinkKind = VideoLinkKind.Content,
            },
            Token);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sora2:cheap:ApiKey"] = Simulator.ApiKey,
            ["Sora2:cheap:BaseAddress"] = Simulator.JuxinBaseAddress.AbsoluteUri,
            ["Sora2:cheap:DefaultModel"] = "sora-2-all",
        }).Build();
        var seen = new Dictionary<string, List<string>>(StringComparer.Ordinal) { ["cheap"] = [], ["sharp"] = [] };
        var services = new ServiceCollection();
        services.AddSora2("cheap", configuration.GetSection("Sora2:cheap"))
            .AddTaskStore(Path.Combine(Folder, "cheap"))
            .ConfigureHttp(http => http.AddHttpMessageHandler(() => new Watching(seen["cheap"])));
        services
            .AddSora2("sharp", options =>
                (options.Platform, options.ApiKey, options.BaseAddress) = ("zhenzhen", second.ApiKey, second.ZhenzhenBaseAddress))
            .AddTaskStore(Path.Combine(Folder, "sharp"))
            .ConfigureHttp(http => http.AddHttpMessageHandler(() => new Watching(seen["sharp"])));
        foreach (var name in seen.Keys)
        {
            services.Configure<Sora2ClientOptions>(
                name, options => (options.PollInterval, options.AllowPrivateNetworkDownloads) = (TimeSpan.FromMilliseconds(10), true));
        }

        await using var provider = services.BuildServiceProvider();
        var (cheap, sharp) = (
            provider.GetRequiredKeyedService<ISora2Client>("cheap"), provider.GetRequiredKeyedService<ISora2Client>("sharp"));

        await Task.WhenAll(UseAsync(cheap), UseAsync(cheap), UseAsync(sharp), UseAsync(sharp));

        Assert.Equal(("cheap", "juxin", "sharp", "zhenzhen"), (cheap.Name, cheap.PlatformName, sharp.Name, sharp.PlatformName));
        Assert.Same(cheap, provider.GetRequiredService<ISora2Client>());
        Assert.All(
            Simulator.Ledger.Requests.Where(request => request.Platform != "media"),
            request => Assert.Equal(("juxin", (bool?)true), (request.Platform, request.AuthorizationMatched)));
        Assert.All(
            second.Ledger.Requests, request => Assert.Equal(("zhenzhen", (bool?)true), (request.Platform, request.AuthorizationMatched)));
        Assert.Equal((2, 2), (Simulator.Ledger.BilledCreates, second.Ledger.BilledCreates));
        Assert.Subset(Authorities(Simulator), seen["cheap"].ToHashSet(StringComparer.Ordinal));
        Assert.Subset(Authorities(second), seen["sharp"].ToHashSet(StringComparer.Ordinal));
        Assert.Equal(("cheap", "sharp"), (await RecordedAsync("cheap"), await RecordedAsync("sharp")));
        var monitor = provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>();
        Assert.Equal(("sora-2-all", null), (monitor.Get("cheap").DefaultModel, monitor.Get("sharp").DefaultModel));

        async Task UseAsync(ISora2Client client)
        {
            var task = await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);
            await client.Videos.DownloadToDirectoryAsync(task, Folder, cancellationToken: Token);
        }

        async Task<string> RecordedAsync(string name)
        {
            var records = await provider.GetRequiredKeyedService<ITaskStore>(name).RecordsAsync(Token);
            Assert.Equal(2, records.Count);
            return Assert.Single(records.Select(record => record.ClientName).Distinct(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Second_registration_under_a_name_changes_the_settings_of_the_first()
    {
        var services = new ServiceCollection();
        services.AddSora2("main", options =>
        {
            options.Platform = "juxin";
            options.ApiKey = "test-key-of-the-first";
            options.PollInterval = TimeSpan.FromMilliseconds(10);
        });
        services.AddSora2("main", options =>
        {
            options.ApiKey = Simulator.ApiKey;
            options.BaseAddress = Simulator.JuxinBaseAddress;
            options.AllowPrivateNetworkDownloads = true;
        });
        await using var provider = services.BuildServiceProvider();

        var task = await provider.GetRequiredService<ISora2Client>().Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        Assert.Equal((VideoTaskStatus.Succeeded, 1), (task.Status, Simulator.Ledger.BilledCreates));
        Assert.Single(provider.GetKeyedServices<ISora2Client>(KeyedService.AnyKey));
    }

    [Fact]
    public async Task Clients_with_and_without_a_name_can_be_registered_together()
    {
        var services = new ServiceCollection();
        services.AddSora2("named", options => (options.ApiKey, options.BaseAddress) = ("test-key-wrong", Simulator.JuxinBaseAddress));
        services.AddSora2(options => (options.ApiKey, options.BaseAddress) = (Simulator.ApiKey, Simulator.JuxinBaseAddress));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<ISora2Client>("").Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal("named", provider.GetRequiredService<ISora2Client>().Name);
        Assert.True(Assert.Single(Simulator.Ledger.Requests).AuthorizationMatched);
    }

    private static HashSet<string> Authorities(Sora2Simulator simulator) =>
    [
        simulator.JuxinBaseAddress.Authority, simulator.ZhenzhenBaseAddress.Authority, simulator.MediaBaseAddress.Authority,
    ];

    private sealed class Watching(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (seen)
            {
                seen.Add(request.RequestUri!.Authority);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
