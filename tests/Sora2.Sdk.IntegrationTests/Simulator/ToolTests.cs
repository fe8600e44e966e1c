using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The command line of the program.</summary>
public sealed class ToolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Default_rules_are_lenient_and_further_models_are_served()
    {
        using var tool = await Tool.StartAsync(Cancellation, "--juxin-models", "sora-2, veo3.1-fast", "--zhenzhen-models", "veo3.1");

        Assert.Contains("lenient", tool.Banner, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await CreateAsync(tool.Juxin, "v1/video/create", "sora-2-all"));
        Assert.Equal(HttpStatusCode.OK, await CreateAsync(tool.Juxin, "v1/video/create", "veo3.1-fast"));
        Assert.Equal(HttpStatusCode.OK, await CreateAsync(tool.Zhenzhen, "v2/videos/generations", "veo3.1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CreateAsync(tool.Juxin, "v1/video/create", "veo3.1"));
    }

    [Fact]
    public async Task Strict_option_refuses_an_incomplete_create()
    {
        using var tool = await Tool.StartAsync(Cancellation, "--strict", "--duration", "0");

        Assert.Contains("strict", tool.Banner, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await CreateAsync(tool.Juxin, "v1/video/create", "sora-2-all"));
    }

    [Theory]
    [InlineData("--juxin-models", "--juxin-models")]
    [InlineData("--key", "--key", "")]
    [InlineData("--speed", "--speed", "fast")]
    [InlineData("--juxin-port", "--juxin-port", "65536")]
    [InlineData("native", "--juxin-shape", "flat")]
    [InlineData("--zhenzhen-models", "--zhenzhen-models", " , ")]
    [InlineData("'true'", "--strict", "true")]
    [InlineData("'--lenient'", "--lenient")]
    [InlineData("SpeedFactor", "--speed", "0")]
    public async Task Invalid_option_exits_with_two_and_is_named(string named, params string[] options)
    {
        var (exitCode, output, errors) = await Tool.RunAsync(Cancellation, options);

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Contains("--help", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Misspelt_option_gets_a_suggestion()
    {
        var (_, _, errors) = await Tool.RunAsync(Cancellation, "--sped", "1");

        Assert.Contains("--speed", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeated_option_overrides_the_previous_value()
    {
        using var tool = await Tool.StartAsync(Cancellation, "--key", "test-key-first", "--key=@test-key-last");

        Assert.Matches("Key +@test-key-last\n", tool.Banner);
    }

    [Fact]
    public async Task Help_lists_every_option()
    {
        string[] names =
        [
            "--key", "--speed", "--duration", "--juxin-shape", "--video-bytes", "--video-links", "--juxin-models", "--zhenzhen-models",
            "--strict", "--juxin-port", "--zhenzhen-port", "--media-port", "--version",
        ];

        var (exitCode, output, _) = await Tool.RunAsync(Cancellation, "--help");

        Assert.Equal(0, exitCode);
        Assert.All(names, option => Assert.Contains($"  {option} ", output, StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> CreateAsync(Uri host, string path, string model)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tool.Key);
        using var body = new StringContent($$"""{"model":"{{model}}","prompt":"x"}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(host, path), body, Cancellation);
        return response.StatusCode;
    }
}
