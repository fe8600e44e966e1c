using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>The options of the program.</summary>
public sealed class ToolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_lenient_and_knows_the_models_that_it_is_told()
    {
        using var tool = await Tool.StartAsync(Cancellation, "--juxin-models", "sora-2, veo3.1-fast", "--zhenzhen-models", "veo3.1");

        Assert.Contains("lenient", tool.Banner, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await CreateAsync(tool.Juxin, "v1/video/create", "sora-2-all"));
        Assert.Equal(HttpStatusCode.OK, await CreateAsync(tool.Juxin, "v1/video/create", "veo3.1-fast"));
        Assert.Equal(HttpStatusCode.OK, await CreateAsync(tool.Zhenzhen, "v2/videos/generations", "veo3.1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CreateAsync(tool.Juxin, "v1/video/create", "veo3.1"));
    }

    [Fact]
    public async Task It_is_strict_on_demand()
    {
        using var tool = await Tool.StartAsync(Cancellation, "--strict", "--duration", "0");

        Assert.Contains("strict", tool.Banner, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await CreateAsync(tool.Juxin, "v1/video/create", "sora-2-all"));
    }

    [Theory]
    [InlineData("--juxin-models needs a value.", "--juxin-models")]
    [InlineData("--zhenzhen-models needs names with commas between", "--zhenzhen-models", " , ")]
    [InlineData("There is no option 'true'.", "--strict", "true")]
    [InlineData("There is no option '--lenient'.", "--lenient")]
    public async Task A_wrong_option_ends_it_and_is_named(string message, params string[] options)
    {
        var (exitCode, output, errors) = await Tool.RunAsync(Cancellation, options);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_help_names_every_option()
    {
        var (exitCode, output, _) = await Tool.RunAsync(Cancellation, "--help");

        Assert.Equal(0, exitCode);
        Assert.All(
            ["--key", "--speed", "--duration", "--juxin-shape", "--video-bytes", "--video-links", "--juxin-models", "--zhenzhen-models", "--strict", "--juxin-port", "--zhenzhen-port", "--media-port"],
            option => Assert.Contains($"  {option} ", output, StringComparison.Ordinal));
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
