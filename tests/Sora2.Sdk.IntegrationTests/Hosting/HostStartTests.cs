using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>An application with settings that are not valid does not start, and reports all of them with their paths.</summary>
public sealed class HostStartTests
{
    private const string Path = "Sora2:Accounts:cheap:";

    [Theory]
    [InlineData(
        "ApiKey",
        "",
        "ApiKey is missing. Set it to your key for Juxin (聚鑫), for example in the environment variable Sora2__Accounts__")]
    [InlineData("ApiKey", null, "ApiKey is missing.")]
    [InlineData("Platform", "openai", "Platform is \"openai\"; known are \"juxin\" and \"zhenzhen\".")]
    [InlineData("PollInterval", "-00:00:01", "PollInterval is -00:00:01; it has to be 1 ms to 1 h.")]
    [InlineData(
        "PollInterval", "soon", "PollInterval is \"soon\"; it has to be a time as hours:minutes:seconds, with hours below 24: write ")]
    [InlineData("QueryTimeout", "20", "QueryTimeout is \"20\"; it has to be a time as hours:minutes:seconds")]
    [InlineData(
        "CreateTimeout",
        "24:00:00",
        "CreateTimeout is \"24:00:00\"; it has to be a time as hours:minutes:seconds, with hours below 24")]
    [InlineData("MaxRunningTasks", "many", "MaxRunningTasks is \"many\"; it has to be a whole number such as 5.")]
    [InlineData("MaxRunningTasks", "0", "MaxRunningTasks is 0; it has to be 1 or more, or null for no limit.")]
    [InlineData("PollJitter", "a bit", "PollJitter is \"a bit\"; it has to be a number such as 0.1.")]
    [InlineData("ValidateRequests", "perhaps", "ValidateRequests is \"perhaps\"; it has to be true or false.")]
    [InlineData("BaseAddress", "::", "BaseAddress is \"::\"; it has to be an absolute https address such as https://api.example.com.")]
    [InlineData("BaseAddress", "api.example.com", "BaseAddress is \"api.example.com\"; it has to be an absolute https address")]
    [InlineData("BaseAddress", "http://api.example.com", "BaseAddress (http://api.example.com/) is http")]
    [InlineData(
        "FallbackBaseAddresses", "https://a.example.com", "FallbackBaseAddresses is \"https://a.example.com\"; it has to be a list")]
    [InlineData("FallbackBaseAddresses:1", "nowhere", "FallbackBaseAddresses:1 is \"nowhere\"; it has to be an absolute https address")]
    [InlineData("PolIntervall", "00:00:10", "PolIntervall is not a setting. Known are AllowInsecureBaseAddress, ")]
    [InlineData("BaseUrl", "http://127.0.0.1:5201", "BaseUrl is not a setting. Known are ")]
    [InlineData("model", "sora-2-pro", "model is not a setting. Known are ")]
    [InlineData("max_running_tasks", "5", "max_running_tasks is not a setting. Known are ")]
    [InlineData("FallbackBaseAdresses:0", "https://a.example.com", "FallbackBaseAdresses is not a setting. Known are ")]
    [InlineData("Resilience:Media:PermitLimits", "3", "Resilience:Media:PermitLimits is not a setting. Known are Media:AttemptTimeout, ")]
    [InlineData("Note", "The account of the marketing people", "Note is not a setting. Known are ")]
    public async Task Wrong_setting_is_reported_with_its_path_and_the_valid_values(string setting, string? value, string message)
    {
        var error = await RefusedAsync(new() { [Path + "ApiKey"] = "test-key-juxin", [Path + setting] = value });

        Assert.Equal(
            $"AddSora2(\"cheap\"): {Path}{message}",
            Assert.Single(error.Failures)[..(message.Length + Path.Length + "AddSora2(\"cheap\"): ".Length)]);
    }

    [Fact]
    public async Task All_problems_are_reported_at_once()
    {
        var error = await RefusedAsync(new()
        {
            [Path + "ApiKy"] = "test-key-juxin",
            [Path + "Platform"] = "openai",
            [Path + "PollInterval"] = "soon",
            [Path + "QueryTimeout"] = "-1:00",
            [Path + "BaseAddress"] = "::",
            [Path + "CreateRetries"] = "500",
            [Path + "DownloadRetries"] = "-1",
            [Path + "FallbackBaseAddresses:0"] = "http://a.example.com",
        });

        string[] expected =
        [
            "PollInterval is \"soon\"", "BaseAddress is \"::\"", "ApiKy is not a setting.", "Platform is \"openai\"", "ApiKey is missing",
            "FallbackBaseAddresses (http://a.example.com/)", "QueryTimeout is -01:00:00", "CreateRetries is 500", "DownloadRetries is -1",
        ];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            error.Failures.Select(failure => Match(failure, expected, Path)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("test-key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_of_two_sections_under_one_name_is_reported_with_its_own_path()
    {
        var error = await RefusedAsync(
            new()
            {
                ["Base:MaxRunningTasks"] = "five",
                ["Base:PolInterval"] = "00:00:10",
                ["Base:WaitTimeout"] = "-00:00:01",
                ["Base:QueryRetries"] = "500",
                ["Base:BaseAddress"] = "http://api.example.com",
                ["Over:QueryTimeout"] = "soon",
                ["Over:QueryRetries"] = "-1",
            },
            (services, configuration) =>
            {
                services.AddSora2("cheap", configuration.GetSection("Base"));
                services.AddSora2("cheap", configuration.GetSection("Over"));
                services.AddSora2("cheap", configuration.GetSection("Over"));
                services.AddSora2(
                    "cheap", options => (options.CreateRetries, options.BaseAddress) = (101, new Uri("http://relay.example.com")));
            });

        string[] expected =
        [
            "Base:MaxRunningTasks is \"five\"", "Base:PolInterval is not a setting", "Over:QueryTimeout is \"soon\"",
            "Base:ApiKey is missing.", "BaseAddress (http://relay.example.com/) is http", "Base:WaitTimeout is -00:00:01",
            "Over:QueryRetries is -1", "CreateRetries is 101",
        ];
        Assert.Equal(expected, error.Failures.Select(failure => Match(failure, expected, path: "")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Key_that_code_removed_is_not_reported_as_missing_in_the_section(string? key)
    {
        var error = await RefusedAsync(new() { ["Base:ApiKey"] = "test-key-juxin" }, (services, configuration) =>
        {
            services.AddSora2("cheap", configuration.GetSection("Base"));
            services.AddSora2("cheap", options => options.ApiKey = key);
        });

        Assert.StartsWith(
            "AddSora2(\"cheap\"): ApiKey is missing. Set Sora2ClientOptions.ApiKey",
            Assert.Single(error.Failures),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_of_the_configuration_without_a_key_suggests_a_section()
    {
        var error = await RefusedAsync(
            new() { ["Sora2:ApiKey"] = "test-key-juxin", ["PollInterval"] = "-00:00:01" },
            static (services, root) => services.AddSora2(root));

        string[] expected =
        [
            "ApiKey is missing at the root of the configuration. ", "PollInterval is -00:00:01; it has to be 1 ms to 1 h.",
        ];
        Assert.Equal(expected, error.Failures.Select(failure => Match(failure, expected, path: "", registration: "AddSora2")));
        Assert.Contains("AddSora2(configuration.GetSection(\"Sora2\"))", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_at_the_root_are_read_and_unknown_keys_there_are_ignored()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ApiKey", "test-key-zhenzhen"), new("Platform", "zhenzhen"), new("ApiKy", "of another program")])
            .Build();
        await using var provider = new ServiceCollection().AddSora2(configuration).Services.BuildServiceProvider();

        Assert.Equal("zhenzhen", provider.GetRequiredService<ISora2Client>().PlatformName);
    }

    [Fact]
    public async Task Accounts_and_empty_values_are_not_refused()
    {
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sora2:ApiKey"] = "test-key-juxin",
            ["Sora2:Accounts:cheap:ApiKey"] = "test-key-juxin",
            ["Sora2:Unused"] = null,
            ["Sora2:maxrunningtasks"] = "",
            ["Sora2:WaitTimeout"] = "-00:00:00.001",
        });
        host.Services.AddSora2(host.Configuration.GetSection("Sora2"));
        using var app = host.Build();

        await app.StartAsync(TestContext.Current.CancellationToken);

        var options = app.Services.GetRequiredService<IOptions<Sora2ClientOptions>>().Value;
        Assert.Equal((null, Timeout.InfiniteTimeSpan), (options.MaxRunningTasks, options.WaitTimeout));
    }

    [Fact]
    public async Task Wrong_settings_of_two_accounts_are_both_reported()
    {
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        host.Services.AddSora2("first", options => options.ApiKey = "test-key\n2");
        host.Services.AddSora2("second", options => options.PollInterval = TimeSpan.Zero);
        using var app = host.Build();

        var error = await Assert.ThrowsAsync<AggregateException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("AddSora2(\"first\"): ApiKey contains a space", error.Message, StringComparison.Ordinal);
        Assert.Contains("AddSora2(\"second\"): ApiKey is missing. Set Sora2ClientOptions.ApiKey", error.Message, StringComparison.Ordinal);
        Assert.Contains("AddSora2(\"second\"): PollInterval is 00:00:00", error.Message, StringComparison.Ordinal);
    }

    private static string Match(string failure, string[] expected, string path, string registration = "AddSora2(\"cheap\")") =>
        expected.FirstOrDefault(text => failure.StartsWith($"{registration}: {path}{text}", StringComparison.Ordinal)) ?? failure;

    private static Task<OptionsValidationException> RefusedAsync(Dictionary<string, string?> configuration) =>
        RefusedAsync(configuration, static (services, root) => services.AddSora2("cheap", root.GetSection("Sora2:Accounts:cheap")));

    private static async Task<OptionsValidationException> RefusedAsync(
        Dictionary<string, string?> configuration, Action<IServiceCollection, IConfiguration> add)
    {
        var host = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        host.Configuration.AddInMemoryCollection(configuration);
        add(host.Services, host.Configuration);
        using var app = host.Build();
        return await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
    }
}
