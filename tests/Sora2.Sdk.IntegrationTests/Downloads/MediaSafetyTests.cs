using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Which links and redirects are followed, and which requests carry the key.</summary>
public sealed class MediaSafetyTests : DownloadTest
{
    [Theory]
    [InlineData("http://127.0.0.1:1/v.mp4")]
    [InlineData("http://localhost:1/v.mp4")]
    [InlineData("http://[::1]:1/v.mp4")]
    [InlineData("http://[::ffff:10.0.0.1]:1/v.mp4")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://2852039166/latest/meta-data")]
    [InlineData("http://10.0.0.1/v.mp4")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/v.mp4")]
    public async Task Address_in_a_private_network_is_not_requested(string url)
    {
        var client = Client("juxin", options => options.AllowPrivateNetworkDownloads = false);

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.DownloadAsync(TaskAt(new Uri(url)), Target, cancellationToken: Token));

        Assert.Equal("t", error.TaskId);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Redirect_is_followed_without_the_key()
    {
        var task = await FinishedAsync();
        OnMedia(SimulatorFault.Redirect(302, task.VideoUrl!));

        await AssertWholeAsync(await DownloadAsync(task), task);

        Assert.Equal(2, Simulator.Ledger.Count(SimulatorOperation.Media));
        Assert.All(Simulator.Ledger.Of(SimulatorOperation.Media), request => Assert.False(request.CarriedKey));
    }

    [Fact]
    public async Task Redirects_are_limited_and_only_http_is_followed()
    {
        var task = await FinishedAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Redirect(302, task.VideoUrl!), times: 6);
        var error = await Assert.ThrowsAsync<DownloadException>(() => DownloadAsync(task));
        Assert.Contains("redirected", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, Simulator.Ledger.Count(SimulatorOperation.Media));

        OnMedia(SimulatorFault.Redirect(302, new Uri("file:///etc/passwd")));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => DownloadAsync(task));
        Assert.Empty(Directory.GetFiles(Folder));
    }
}
