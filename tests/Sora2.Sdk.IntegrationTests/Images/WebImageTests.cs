using Microsoft.AspNetCore.Http;
using Sora2.Sdk.IntegrationTests.Support;

namespace Sora2.Sdk.IntegrationTests.Images;

/// <summary>An image on the web for a route that takes files: the SDK fetches it, with the safeguards of a video download.</summary>
public sealed class WebImageTests : SimulatorTest
{
    private static readonly byte[] Picture = Pictures.Png(3_000_000);

    [Fact]
    public async Task It_is_fetched_without_a_length_as_well()
    {
        await using var web = await ImageHost.StartAsync(async http =>
        {
            await http.Response.StartAsync(Token); // chunked
            await http.Response.Body.WriteAsync(Picture, Token);
        });

        await CreateAsync(web.Address);

        Assert.Equal(Picture, Simulator.Ledger.Requests.Single().FormFiles.Single().Content.ToArray());
    }

    [Fact]
    public async Task Redirects_are_followed_five_times_and_no_more_and_none_sees_the_key()
    {
        await using var web = await ImageHost.StartAsync(http =>
        {
            var left = int.Parse(http.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            if (left == 0)
            {
                return http.Response.Body.WriteAsync(TinyImages.Png, Token).AsTask();
            }

            http.Response.Redirect($"/{left - 1}");
            return Task.CompletedTask;
        });

        await CreateAsync(new Uri(web.Address, "/5"));
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => CreateAsync(new Uri(web.Address, "/6")));

        Assert.Contains("cannot be fetched", error.Message, StringComparison.Ordinal);
        Assert.Contains("302", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Simulator.Ledger.BilledCreates);
        Assert.Single(Simulator.Ledger.Requests);
        Assert.Equal(12, web.Asked.Count);
        Assert.All(web.Asked, request => Assert.DoesNotContain(Simulator.ApiKey, request.Headers, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://10.0.0.8/a.png")]
    [InlineData("http://169.254.169.254/latest/meta-data/a.png")]
    [InlineData("http://[::1]/a.png")]
    [InlineData("http://localhost:9/a.png")]
    public async Task Private_network_is_refused(string url)
    {
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => CreateAsync(new Uri(url), allowPrivateNetworks: false));

        Assert.Contains("AllowPrivateNetworkDownloads", error.Message, StringComparison.Ordinal);
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Theory]
    [InlineData("{\"error\":\"expired\"}", "is text. The platforms")]
    [InlineData("<!DOCTYPE html><title>Log in</title>", "is HTML or XML. The platforms")]
    [InlineData("", "is empty")]
    public async Task Web_content_that_is_not_an_image_is_refused(string body, string named)
    {
        await using var web = await ImageHost.StartAsync(http =>
        {
            http.Response.ContentType = "image/png"; // it lies
            return http.Response.WriteAsync(body, Token);
        });

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => CreateAsync(web.Address));

        Assert.StartsWith("The image (127.0.0.1) " + named, error.Message, StringComparison.Ordinal);
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Web_image_shorter_than_its_announced_length_is_refused()
    {
        await using var web = await ImageHost.StartAsync(async http =>
        {
            http.Response.ContentLength = Picture.Length + 1;
            await http.Response.Body.WriteAsync(Picture, Token);
            http.Abort();
        });

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => CreateAsync(web.Address));

        Assert.Contains("cannot be fetched: ", error.Message, StringComparison.Ordinal);
        Assert.Empty(Simulator.Ledger.Requests);
    }

    private Task<VideoTask> CreateAsync(Uri url, bool allowPrivateNetworks = true) =>
        Client("juxin", options => options.AllowPrivateNetworkDownloads = allowPrivateNetworks)
            .Videos.CreateAsync(ThreeShots(ImageInput.FromUrl(url)), Token);
}
