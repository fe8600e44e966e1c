using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Hosting;

public sealed class ClientOptionsTests
{
    [Theory]
    [InlineData("juxin", "JUXIN_API_KEY")]
    [InlineData("zhenzhen", "ZHENZHEN_API_KEY")]
    public void Missing_key_names_the_option_and_the_environment_variable(string platform, string variable)
    {
        var error = Assert.Throws<Sora2ValidationException>(() => new Sora2Client(new Sora2ClientOptions { Platform = platform }));

        Assert.Contains("Sora2ClientOptions.ApiKey", error.Message, StringComparison.Ordinal);
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer test-key", "Bearer")]
    [InlineData("test key", "space")]
    [InlineData("test-key\nmore", "line break")]
    [InlineData("test-钥匙", "ASCII")]
    public void Malformed_key_is_refused_without_being_shown(string key, string hint)
    {
        var error = Assert.Throws<Sora2ValidationException>(() => Sora2Client.Create(Sora2Platform.Juxin, key));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task White_space_around_a_key_is_not_sent()
    {
        var api = new StubHandler("{}");
        using var client = new Sora2Client(new Sora2ClientOptions { ApiKey = " test-key-juxin\n" }, api);
        await client.Videos.GetAsync("t", TestContext.Current.CancellationToken);

        Assert.Contains("Authorization: Bearer test-key-juxin\n", api.Sent[0].Headers, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_platform_lists_the_known_ones() =>
        Refused(options => options.Platform = "openai", "Platform is \"openai\"; known are \"juxin\" and \"zhenzhen\".");

    [Fact]
    public void Setting_out_of_range_is_named()
    {
        Refused(options => options.PollInterval = TimeSpan.FromSeconds(-1), "PollInterval is -00:00:01");
        Refused(options => options.PollInterval = Timeout.InfiniteTimeSpan, "PollInterval");
        Refused(options => options.PollInterval = TimeSpan.FromDays(20), "PollInterval is 20.00:00:00; it has to be 1 ms to 1 h.");
        Refused(options => options.PollInterval = TimeSpan.FromTicks(1), "PollInterval is 00:00:00.0000001; it has to be 1 ms to 1 h.");
        Refused(options => options.RetryDelay = TimeSpan.Zero, "RetryDelay");
        Refused(options => options.RetryDelay = TimeSpan.FromDays(2), "RetryDelay is 2.00:00:00; it has to be 1 ms to 1 day.");
        Refused(options => options.TimeProvider = null!, "TimeProvider is null");
        Refused(options => options.WaitTimeout = TimeSpan.Zero, "WaitTimeout");
        Refused(options => options.CreateTimeout = TimeSpan.FromDays(60), "CreateTimeout");
        Refused(options => options.QueryTimeout = TimeSpan.Zero, "QueryTimeout");
        Refused(options => options.CharacterTimeout = TimeSpan.Zero, "CharacterTimeout");
        Refused(options => options.QueryRetries = -1, "QueryRetries is -1");
        Refused(options => options.CreateRetries = 101, "CreateRetries is 101");
        Refused(options => options.DownloadRetries = -1, "DownloadRetries is -1");
        Refused(options => options.UnresolvedMentions = (UnresolvedMentions)7, "UnresolvedMentions is 7");
        Refused(options => options.MaxRunningTasks = 0, "MaxRunningTasks is 0");
        Refused(options => options.PollJitter = 0.6, "PollJitter is 0.6");
        Refused(options => options.PollJitter = double.NaN, "PollJitter is NaN");
        Refused(options => options.MinCreateInterval = TimeSpan.FromSeconds(-1), "MinCreateInterval is -00:00:01");
        Refused(options => options.MinQueryInterval = TimeSpan.FromDays(25), "MinQueryInterval");
        Refused(
            options => options.FallbackBaseAddresses = [new Uri("http://relay.example.com")],
            "FallbackBaseAddresses (http://relay.example.com/) is http");
        Refused(options => options.BaseAddress = new Uri("http://relay.example.com"), "BaseAddress (http://relay.example.com/) is http");
    }

    [Fact]
    public void Longest_times_are_valid() => Sora2Client.Create(Sora2Platform.Juxin, "test-key-juxin", options =>
    {
        options.RetryDelay = TimeSpan.FromDays(1);
        options.PollInterval = TimeSpan.FromHours(1);
        options.WaitTimeout = options.CreateTimeout = options.CharacterTimeout = options.QueryTimeout = Timeout.InfiniteTimeSpan;
        options.MinCreateInterval = options.MinQueryInterval = TimeSpan.FromDays(24);
    }).Dispose();

    [Fact]
    public void Options_changed_after_the_client_was_created_do_not_affect_it()
    {
        var options = new Sora2ClientOptions { ApiKey = "test-key-juxin" };
        using var client = new Sora2Client(options);
        options.Platform = "zhenzhen";

        Assert.Same(Sora2Platform.Juxin, client.Platform);
    }

    [Fact]
    public void Key_is_in_no_text_of_the_client()
    {
        using var client = Sora2Client.Create(Sora2Platform.Zhenzhen, "test-key-zhenzhen");

        Assert.Equal("Sora2Client (zhenzhen)", client.ToString());
        Assert.Equal(("", "贞贞"), (client.Name, client.Platform.DisplayName));
    }

    [Fact]
    public async Task Handler_of_the_caller_is_not_disposed()
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new MemoryStream()) };
        new Sora2Client(new Sora2ClientOptions { ApiKey = "test-key-juxin" }, handler).Dispose();
        using var http = new HttpClient(handler);

        // Not ObjectDisposedException.
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("http://h/", TestContext.Current.CancellationToken));
    }

    private static void Refused(Action<Sora2ClientOptions> configure, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<Sora2ValidationException>(() => Sora2Client.Create(Sora2Platform.Juxin, "test-key-juxin", configure)).Message,
            StringComparison.Ordinal);
}
