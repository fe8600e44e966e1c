using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>A key that is exchanged while an application runs.</summary>
public sealed class KeyRotationTests : SimulatorTest
{
    private const string NewKey = "test-key-after";

    [Theory]
    [AllPlatforms]
    public async Task New_key_in_the_configuration_reaches_a_running_wait(string platform)
    {
        var configuration = Configuration(platform);
        await using var provider = Provider(configuration);
        var client = provider.GetRequiredService<ISora2Client>();
        var progress = Once<VideoTask>(() => Rotate(configuration));

        var task = await client.Videos.GenerateAsync(new VideoRequest("a"), progress: progress, cancellationToken: Token);

        Assert.Equal(VideoTaskStatus.Succeeded, task.Status);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
        Assert.True(Simulator.Ledger.Count(SimulatorOperation.Query) > 0);
        Assert.All(Simulator.Ledger.Of(SimulatorOperation.Query), request => Assert.True(request.AuthorizationMatched));
    }

    [Fact]
    public async Task New_key_in_a_file_reaches_the_next_call()
    {
        var file = Path.Combine(Folder, "appsettings.json");
        await File.WriteAllTextAsync(file, Json(Simulator.ApiKey), Token);
        var configuration = new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
        await using var provider = Provider(configuration);
        var client = provider.GetRequiredService<ISora2Client>();
        var first = await client.Videos.CreateAsync(new VideoRequest("a"), Token);

        await File.WriteAllTextAsync(file, Json(NewKey), Token);
        Simulator.RotateKey(NewKey);
        configuration.Reload();

        await client.Videos.GetAsync(first.Id, Token);
        Assert.All(Simulator.Ledger.Requests, request => Assert.True(request.AuthorizationMatched));
        string Json(string key) => $$"""{ "Sora2": { "ApiKey": "{{key}}", "BaseAddress": "{{AddressOf("juxin")}}" } }""";
    }

    [Fact]
    public async Task Broken_download_continues_with_the_new_key()
    {
        Simulator.Faults.On(SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6));
        var configuration = Configuration("juxin");
        await using var provider = Provider(configuration);
        var client = provider.GetRequiredService<ISora2Client>();
        var task = await client.Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);

        var video = await client.Videos.DownloadToDirectoryAsync(
            task,
            Folder,
            new DownloadOptions { ComputeSha256 = true },
            Once<DownloadProgress>(() => Rotate(configuration)),
            Token);

        Assert.Equal(await Simulator.VideoSha256Async(task.Id, Token), video.Sha256);
        Assert.Equal(2, Simulator.Ledger.Count(SimulatorOperation.Media));
        Assert.All(Simulator.Ledger.Of(SimulatorOperation.Media), request => Assert.True(request.AuthorizationMatched));
    }

    [Fact]
    public async Task Retried_create_uses_the_new_key()
    {
        Simulator.Faults.On(SimulatorOperation.CreateVideo).Then(SimulatorFault.Saturated());
        var configuration = Configuration("zhenzhen");
        await using var provider = Provider(
            configuration, http => http.AddHttpMessageHandler(() => new AfterFirstResponse(() => Rotate(configuration))));

        await provider.GetRequiredService<ISora2Client>().Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.Equal([true, true], Simulator.Ledger.Of(SimulatorOperation.CreateVideo).Select(request => request.AuthorizationMatched));
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
    }

    [Theory]
    [InlineData("ApiKey", "")]
    [InlineData("ApiKey", "two keys")]
    [InlineData("PollInterval", "-00:00:01")]
    [InlineData("PollInterval", "soon")]
    [InlineData("Platform", "openai")]
    [InlineData("WaitTimeot", "00:10:00")]
    public async Task Reload_with_a_bad_setting_keeps_the_last_good_one_until_the_next_reload(string setting, string value)
    {
        var configuration = Configuration("juxin");
        await using var provider = Provider(configuration);
        var client = provider.GetRequiredService<ISora2Client>();
        var monitor = provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>();
        var before = configuration["Sora2:" + setting];

        configuration["Sora2:ApiKey"] = NewKey;
        configuration["Sora2:" + setting] = value;
        configuration.Reload();

        var task = await client.Videos.CreateAsync(new VideoRequest("a"), Token); // with the key that it had
        Assert.Equal(Simulator.ApiKey, monitor.CurrentValue.ApiKey);
        await using (var scope = provider.CreateAsyncScope())
        {
            Assert.Equal(Simulator.ApiKey, scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<Sora2ClientOptions>>().Value.ApiKey);
        }

        configuration["Sora2:" + setting] = before;
        Rotate(configuration);
        await client.Videos.GetAsync(task.Id, Token);
        Assert.Equal(NewKey, monitor.CurrentValue.ApiKey);
    }

    [Fact]
    public async Task Corrected_section_is_applied_on_reload()
    {
        var configuration = Configuration("juxin");
        configuration["Over:WaitTimeout"] = "00:10:00";
        var services = new ServiceCollection();
        services.AddSora2(configuration.GetSection("Sora2"));
        services.AddSora2(configuration.GetSection("Over"));
        await using var provider = services.BuildServiceProvider();
        var monitor = provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>();
        _ = monitor.CurrentValue;

        Change("Sora2:MaxRunningTasks", "five");
        Change("Over:WaitTimeout", "soon");
        Change("Sora2:MaxRunningTasks", "5");
        Assert.Equal((null, TimeSpan.FromMinutes(10)), (monitor.CurrentValue.MaxRunningTasks, monitor.CurrentValue.WaitTimeout));
        Change("Over:WaitTimeout", "00:20:00");

        Assert.Equal((5, TimeSpan.FromMinutes(20)), (monitor.CurrentValue.MaxRunningTasks, monitor.CurrentValue.WaitTimeout));

        void Change(string setting, string value)
        {
            configuration[setting] = value;
            configuration.Reload();
        }
    }

    [Fact]
    public async Task Key_from_a_vault_is_applied_when_the_vault_signals_a_change()
    {
        var vault = new Vault { Key = Simulator.ApiKey };
        var services = new ServiceCollection();
        services.AddSingleton<IOptionsChangeTokenSource<Sora2ClientOptions>>(vault);
        services.AddSora2("vaulted", options =>
        {
            Fill(options, "juxin");
            options.ApiKey = vault.Key ?? throw new IOException("The vault is closed.");
        });
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ISora2Client>("vaulted");

        vault.Change(null);
        var task = await client.Videos.CreateAsync(new VideoRequest("a"), Token);
        Simulator.RotateKey(NewKey);
        vault.Change(NewKey);
        await client.Videos.GetAsync(task.Id, Token);

        Assert.All(Simulator.Ledger.Requests, request => Assert.True(request.AuthorizationMatched));
    }

    [Theory]
    [InlineData("Platform", "zhenzhen")]
    [InlineData("BaseAddress", "https://other.example.com")]
    [InlineData("FallbackBaseAddresses:0", "https://other.example.com")]
    public async Task Key_that_comes_with_another_platform_or_address_is_not_sent_to_the_old_one(string setting, string value)
    {
        var configuration = Configuration("juxin");
        await using var provider = Provider(configuration);
        var client = provider.GetRequiredService<ISora2Client>();

        configuration["Sora2:ApiKey"] = NewKey;
        configuration["Sora2:" + setting] = value;
        configuration.Reload();
        await client.Videos.CreateAsync(new VideoRequest("a"), Token);

        Assert.True(Assert.Single(Simulator.Ledger.Requests).AuthorizationMatched);
    }

    [Fact]
    public async Task New_key_and_refused_reload_are_logged()
    {
        using var heard = new Listening("main");
        var configuration = Configuration("juxin");
        var services = new ServiceCollection().AddSingleton<ILoggerFactory>(heard);
        services.AddSora2("main", configuration.GetSection("Sora2"));
        await using var provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<ISora2Client>();

        Rotate(configuration);
        configuration["Sora2:PollInterval"] = "soon";
        configuration.Reload();
        configuration["Sora2:PollInterval"] = "00:00:10";
        configuration["Sora2:Platform"] = "zhenzhen";
        configuration.Reload();

        (string, string)[] expected =
        [
            ("Information", "Rotated the API key"),
            ("Error", "AddSora2(\"main\"): Sora2:PollInterval is \"soon\"; it has to be a time as hours:minutes:seconds"),
            ("Error", "Another platform or address"),
        ];
        Assert.Equal(expected.Length, heard.Lines.Count);
        Assert.All(expected.Zip(heard.Lines), pair =>
        {
            Assert.Equal(pair.First.Item1, pair.Second.Level.ToString());
            Assert.Contains("Juxin \"main\"", pair.Second.Text, StringComparison.Ordinal);
            Assert.Contains(pair.First.Item2, pair.Second.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("test-key", pair.Second.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Reload_of_another_account_changes_nothing()
    {
        var configuration = Configuration("juxin");
        var services = new ServiceCollection();
        services.AddSora2(configuration.GetSection("Sora2"));
        services.AddSora2("other", options => Fill(options, "juxin"));
        await using var provider = services.BuildServiceProvider();
        var (rotated, other) = (provider.GetRequiredService<ISora2Client>(), provider.GetRequiredKeyedService<ISora2Client>("other"));

        Rotate(configuration);
        await rotated.Videos.CreateAsync(new VideoRequest("a"), Token);
        await Assert.ThrowsAsync<Sora2ApiException>(() => other.Videos.CreateAsync(new VideoRequest("a"), Token));

        Assert.Equal([true, false], Simulator.Ledger.Requests.Select(request => request.AuthorizationMatched));
    }

    // Downloads need the key as well.
    protected override void Configure(Sora2SimulatorOptions options) => options.VideoLinkKind = VideoLinkKind.Content;

    private static ServiceProvider Provider(IConfiguration configuration, Action<IHttpClientBuilder>? http = null) =>
        new ServiceCollection()
            .AddSora2(configuration.GetSection("Sora2"))
            .ConfigureHttp(http ?? (_ => { }))
            .Services.BuildServiceProvider();

    private IConfigurationRoot Configuration(string platform) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sora2:Platform"] = platform,
            ["Sora2:ApiKey"] = Simulator.ApiKey,
            ["Sora2:BaseAddress"] = AddressOf(platform).AbsoluteUri,
            ["Sora2:PollInterval"] = "00:00:00.010",
            ["Sora2:RetryDelay"] = "00:00:00.010",
            ["Sora2:AllowPrivateNetworkDownloads"] = "true",
        }).Build();

    private void Rotate(IConfigurationRoot configuration)
    {
        Simulator.RotateKey(NewKey);
        configuration["Sora2:ApiKey"] = NewKey;
        configuration.Reload();
    }

    private void Fill(Sora2ClientOptions options, string platform) =>
        (options.Platform, options.ApiKey, options.BaseAddress) = (platform, "test-key-simulator", AddressOf(platform));

    private static SyncProgress<T> Once<T>(Action act)
    {
        var done = false;
        return new SyncProgress<T>(_ =>
        {
            if (!done)
            {
                done = true;
                act();
            }
        });
    }

    private sealed class AfterFirstResponse(Action act) : DelegatingHandler
    {
        private bool _done;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!_done)
            {
                _done = true;
                act();
            }

            return response;
        }
    }

    private sealed class Vault : IOptionsChangeTokenSource<Sora2ClientOptions>
    {
        private ConfigurationReloadToken _token = new();

        public string Name => "vaulted";

        public string? Key { get; set; }

        public IChangeToken GetChangeToken() => _token;

        public void Change(string? key)
        {
            Key = key;
            Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
        }
    }
}
