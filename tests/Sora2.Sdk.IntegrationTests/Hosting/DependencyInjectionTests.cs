using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>AddSora2 in every form, with real calls.</summary>
public sealed class DependencyInjectionTests : SimulatorTest
{
    [Fact]
    public async Task Default_client_creates_a_video()
    {
        await using var services = new ServiceCollection().AddSora2(options => Fill(options, "juxin")).Services.BuildServiceProvider();
        var client = services.GetRequiredService<ISora2Client>();

        var task = await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);
        await client.Videos.DownloadToDirectoryAsync(task, Folder, cancellationToken: Token);

        Assert.Equal(("", "juxin"), (client.Name, client.PlatformName));
        Assert.Same(client, services.GetRequiredService<ISora2Client>());
    }

    [Theory]
    [AllPlatforms]
    public async Task Health_check_uses_the_key_and_never_pays(string platform)
    {
        await using var provider = new ServiceCollection()
            .AddSora2("main", options => Fill(options, platform))
            .AddHealthCheck(cacheFor: TimeSpan.Zero)
            .Services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();

        var healthy = await health.CheckHealthAsync(Token);
        Simulator.RotateKey("test-key-after");
        var refused = await health.CheckHealthAsync(Token);

        Assert.Equal((HealthStatus.Healthy, HealthStatus.Unhealthy), (healthy.Status, refused.Status));
        Assert.Equal((platform, "main"), (healthy.Entries["sora2-main"].Data["platform"], healthy.Entries["sora2-main"].Data["client"]));
        Assert.DoesNotContain(
            "test-key", refused.Entries["sora2-main"].Description + refused.Entries["sora2-main"].Exception, StringComparison.Ordinal);
        Assert.Equal(
            [(platform, SimulatorOperation.ListModels, 200), (platform, SimulatorOperation.ListModels, 401)],
            Simulator.Ledger.Requests.Select(request => (request.Platform, request.Operation, request.StatusCode!.Value)));
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [AllPlatforms]
    public async Task Models_of_a_key_are_listed(string platform) =>
        Assert.Equal(
            Sora2Platform.BuiltIn.Single(known => known.Name == platform).Models.Select(model => model.Name),
            await Client(platform).Account.ListModelsAsync(Token));

    [Fact]
    public async Task Settings_of_every_kind_are_read_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream("""
            {
              "Sora2": {
                "Platform": "zhenzhen", "ApiKey": "test-key-zhenzhen", "DefaultModel": "sora-2-pro",
                "BaseAddress": "http://relay.internal/v1", "AllowInsecureBaseAddress": true,
                "FallbackBaseAddresses": [ "https://relay-2.internal", "https://relay-3.internal" ],
                "PollInterval": "00:00:05", "WaitTimeout": "01:00:00", "PollJitter": 0.2,
                "CreateTimeout": "00:01:00", "CharacterTimeout": "00:02:00", "QueryTimeout": "00:00:07",
                "QueryRetries": 9, "RetryDelay": "00:00:00.5", "CreateRetries": 2, "DownloadRetries": 4,
                "MaxRunningTasks": 4, "MinCreateInterval": "00:00:03", "MinQueryInterval": "00:00:01",
                "ValidateRequests": false, "AllowPrivateNetworkDownloads": true, "LogPrompts": true, "UnresolvedMentions": "refuse",
                "Resilience": {
                  "Media": {
                    "MaxRetryAttempts": 2, "RetryDelay": "00:00:02", "MaxRetryAfter": "00:00:30", "AttemptTimeout": "00:00:20",
                    "UseCircuitBreaker": false, "PermitLimit": 5
                  },
                  "Queries": {
                    "UseCircuitBreaker": true, "FailureRatio": 0.25, "MinimumThroughput": 4, "SamplingDuration": "00:01:00",
                    "BreakDuration": "00:00:10", "QueueLimit": 7
                  }
                }
              }
            }
            """u8.ToArray())).Build();
        await using var provider = new ServiceCollection().AddSora2("z", configuration.GetSection("Sora2")).Services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>().Get("z");

        var expected = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["Platform"] = "zhenzhen",
            ["ApiKey"] = "test-key-zhenzhen",
            ["BaseAddress"] = new Uri("http://relay.internal/v1"),
            ["AllowInsecureBaseAddress"] = true,
            ["DefaultModel"] = "sora-2-pro",
            ["PollInterval"] = TimeSpan.FromSeconds(5),
            ["WaitTimeout"] = TimeSpan.FromHours(1),
            ["CreateTimeout"] = TimeSpan.FromMinutes(1),
            ["CharacterTimeout"] = TimeSpan.FromMinutes(2),
            ["QueryTimeout"] = TimeSpan.FromSeconds(7),
            ["QueryRetries"] = 9,
            ["RetryDelay"] = TimeSpan.FromSeconds(0.5),
            ["CreateRetries"] = 2,
            ["DownloadRetries"] = 4,
            ["MaxRunningTasks"] = 4,
            ["MinCreateInterval"] = TimeSpan.FromSeconds(3),
            ["MinQueryInterval"] = TimeSpan.FromSeconds(1),
            ["PollJitter"] = 0.2,
            ["FallbackBaseAddresses"] = new[] { new Uri("https://relay-2.internal"), new Uri("https://relay-3.internal") },
            ["ValidateRequests"] = false,
            ["AllowPrivateNetworkDownloads"] = true,
            ["LogPrompts"] = true,
            ["UnresolvedMentions"] = UnresolvedMentions.Refuse,
        };
        var resilience = new Sora2ResilienceOptions
        {
            Media = new()
            {
                MaxRetryAttempts = 2,
                RetryDelay = TimeSpan.FromSeconds(2),
                MaxRetryAfter = TimeSpan.FromSeconds(30),
                AttemptTimeout = TimeSpan.FromSeconds(20),
                PermitLimit = 5,
            },
            Queries = new()
            {
                UseCircuitBreaker = true,
                FailureRatio = 0.25,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromMinutes(1),
                BreakDuration = TimeSpan.FromSeconds(10),
                QueueLimit = 7,
            },
        };
        Assert.Equivalent(resilience, options.Resilience, strict: true);
        Assert.All(
            expected, setting => Assert.Equal(setting.Value, typeof(Sora2ClientOptions).GetProperty(setting.Key)!.GetValue(options)));
        Assert.Equal("zhenzhen", provider.GetRequiredKeyedService<ISora2Client>("z").PlatformName);
    }

    [Fact]
    public async Task Handlers_of_the_host_see_api_calls_and_downloads()
    {
        var seen = new List<string>();
        var services = new ServiceCollection();
        services.AddSora2(options => Fill(options, "zhenzhen")).ConfigureHttp(http => http.AddHttpMessageHandler(() => new Watching(seen)));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ISora2Client>();

        await client.Videos.DownloadToDirectoryAsync(
            await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token), Folder, cancellationToken: Token);

        Assert.Equal("POST", seen[0].Split(' ')[0]);
        Assert.EndsWith(Simulator.MediaBaseAddress.Authority, seen[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Primary_handler_of_the_host_is_guarded_and_follows_no_redirect()
    {
        Simulator.Faults.On("juxin", SimulatorOperation.Query).Then(SimulatorFault.Redirect(302, Simulator.MediaBaseAddress));
        var services = new ServiceCollection();
        services.AddSora2(options =>
        {
            Fill(options, "juxin");
            options.AllowPrivateNetworkDownloads = false;
        }).ConfigureHttp(http => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler()));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<ISora2Client>();

        var redirected = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.GetAsync("t", Token));
        var video = new VideoTask
        {
            PlatformName = "juxin",
            Id = "t",
            Status = VideoTaskStatus.Succeeded,
            VideoUrl = new Uri($"http://localhost:{Simulator.MediaBaseAddress.Port}/videos/x.mp4"),
        };
        var refused = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.DownloadToDirectoryAsync(video, Folder, cancellationToken: Token));

        Assert.Equal(Sora2ErrorKind.WrongEndpoint, redirected.Kind);
        Assert.Contains("AllowPrivateNetworkDownloads", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, Simulator.Ledger.Count(SimulatorOperation.Media));
    }

    [Fact]
    public async Task Handler_that_repeats_every_request_pays_once()
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.ServerError().AfterAccept(), times: 5);
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Repeating()));
        services.AddSora2(options => Fill(options, "juxin"));
        await using var provider = services.BuildServiceProvider();

        await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Custom_platform_is_found_by_name()
    {
        var services = new ServiceCollection();
        services.AddSingleton<Sora2Platform>(new RenamedPlatform());
        services.AddSora2(options =>
        {
            Fill(options, "juxin");
            options.Platform = "my-relay";
        });
        await using var provider = services.BuildServiceProvider();

        var task = await provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal("my-relay", task.PlatformName);
    }

    private void Fill(Sora2ClientOptions options, string platform)
    {
        options.Platform = platform;
        options.ApiKey = Simulator.ApiKey;
        options.BaseAddress = AddressOf(platform);
        options.PollInterval = TimeSpan.FromMilliseconds(10);
        options.AllowPrivateNetworkDownloads = true;
    }

    private sealed class Watching(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add($"{request.Method} {request.RequestUri!.Authority}");
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Repeating : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var attempt = 0; ; attempt++)
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode || attempt == 3)
                {
                    return response;
                }
            }
        }
    }

    private sealed class RenamedPlatform() : LikeJuxin("my-relay");
}
