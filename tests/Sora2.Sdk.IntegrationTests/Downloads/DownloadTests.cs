using System.Net;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>A file is whole or not there.</summary>
public sealed class DownloadTests : SimulatorTest
{
    private string Target => Path.Combine(Folder, "video.mp4");

    [Fact]
    public async Task A_directory_gets_a_safe_name_and_missing_ones_are_made()
    {
        var task = (await FinishedAsync()) with { Id = "../a:b" };
        var folder = Path.Combine(Folder, "new", "deep") + Path.DirectorySeparatorChar;

        var video = await Client("juxin").Videos.DownloadAsync(task, folder, cancellationToken: Token);

        Assert.Equal(Path.GetDirectoryName(folder), Path.GetDirectoryName(video.Path));
        Assert.StartsWith("_._a_b-", Path.GetFileName(video.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_gets_the_same_bytes_and_is_left_open()
    {
        var task = await FinishedAsync();
        using var stream = new MemoryStream();

        var toStream = await Client("juxin").Videos.DownloadAsync(task, stream, cancellationToken: Token);
        var toFile = await Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token);

        Assert.Equal(await File.ReadAllBytesAsync(toFile.Path!, Token), stream.ToArray());
        Assert.Equal((null, toFile.Bytes), (toStream.Path, toStream.Bytes));
    }

    [Fact]
    public async Task Progress_rises_to_the_whole()
    {
        var task = await FinishedAsync();
        var reports = new List<DownloadProgress>();

        var video = await Client("juxin").Videos.DownloadAsync(task, Target, progress: new Immediate<DownloadProgress>(reports.Add), cancellationToken: Token);

        Assert.Equal(reports.Select(report => report.BytesReceived).Order(), reports.Select(report => report.BytesReceived));
        Assert.Equal((video.Bytes, (long?)video.Bytes, 100.0), (reports[^1].BytesReceived, reports[^1].TotalBytes, reports[^1].Percent));
        Assert.True(reports.Count > 1, "a large file is reported more than once");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_cut_short_leaves_the_file_that_was_there(bool announceLength)
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "before", Token);
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.CutBody(0.6, announceLength));

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.Equal((task.Id, Sora2ErrorKind.Download), (error.TaskId, error.Kind));
        Assert.Equal("before", await File.ReadAllTextAsync(Target, Token));
        Assert.Single(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData("""{"error":{"message":"NoSuchKey"}}""")]
    [InlineData("<html><title>Gone</title></html>")]
    public async Task Text_under_the_name_of_a_video_is_an_error_with_its_words(string body)
    {
        var task = await FinishedAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.WrongContent(body));

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.Contains(body, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_expired_link_says_so_and_shows_no_signature(int status)
    {
        var task = await FinishedAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Expired(status));

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.Equal((HttpStatusCode)status, error.StatusCode);
        Assert.Contains("expired", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(task.VideoUrl!.Query);
        Assert.DoesNotContain(task.VideoUrl.Query, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_falls_silent_is_given_up()
    {
        var task = await FinishedAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Stall());

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, Target, new DownloadOptions { IdleTimeout = TimeSpan.FromMilliseconds(200) }, cancellationToken: Token));

        Assert.Contains("silent for 0.2 s", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_cancelled_download_leaves_nothing()
    {
        var task = await FinishedAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client("juxin").Videos.DownloadAsync(task, Target, progress: new Immediate<DownloadProgress>(_ => cancel.Cancel()), cancellationToken: cancel.Token));

        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_file_that_may_not_be_replaced_is_not()
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "before", Token);
        Simulator.Ledger.Clear();

        await Assert.ThrowsAsync<Sora2ValidationException>(() => Client("juxin").Videos.DownloadAsync(task, Target, new DownloadOptions { Overwrite = false }, cancellationToken: Token));

        Assert.Equal("before", await File.ReadAllTextAsync(Target, Token));
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_a_download_error()
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "a file", Token);

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, Path.Combine(Target, "v.mp4"), cancellationToken: Token));

        Assert.IsAssignableFrom<IOException>(error.InnerException);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/v.mp4")]
    [InlineData("http://localhost:1/v.mp4")]
    [InlineData("http://[::1]:1/v.mp4")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.0.0.1/v.mp4")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/v.mp4")]
    public async Task An_address_on_a_private_network_is_not_connected_to(string url)
    {
        var client = Client("juxin", options => options.AllowPrivateNetworkDownloads = false);
        var task = new VideoTask { Platform = "juxin", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = new Uri(url) };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.Equal("t", error.TaskId);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_followed_without_the_key()
    {
        var task = await FinishedAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Redirect(302, task.VideoUrl!));

        await Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token);

        Assert.Equal(2, Simulator.Ledger.Count(SimulatorOperation.Media));
        Assert.All(Simulator.Ledger.Of(SimulatorOperation.Media), request => Assert.False(request.CarriedKey));
    }

    [Fact]
    public async Task A_slow_destination_is_not_the_hosts_silence()
    {
        var task = await FinishedAsync();
        using var slow = new SlowStream(TimeSpan.FromMilliseconds(120));

        var video = await Client("juxin").Videos.DownloadAsync(task, slow, new DownloadOptions { IdleTimeout = TimeSpan.FromMilliseconds(100) }, cancellationToken: Token);

        Assert.Equal(video.Bytes, slow.Length);
    }

    [Fact]
    public async Task Whatever_a_destination_throws_is_a_download_error()
    {
        var task = await FinishedAsync();
        using var full = new FullStream();

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, full, cancellationToken: Token));

        Assert.Equal((task.Id, "The disk is full"), (error.TaskId, error.InnerException!.Message));
    }

    [Fact]
    public async Task Redirects_end_and_none_leads_into_a_private_network()
    {
        var task = await FinishedAsync();
        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Redirect(302, task.VideoUrl!), times: 6);
        await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token));
        Assert.Equal(6, Simulator.Ledger.Count(SimulatorOperation.Media));

        Simulator.Faults.On("media", SimulatorOperation.Media).Then(SimulatorFault.Redirect(302, new Uri("file:///etc/passwd")));
        await Assert.ThrowsAsync<Sora2ValidationException>(() => Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(9_000_000)]
    public async Task Patience_that_cannot_be_is_refused(int seconds)
    {
        var task = new VideoTask { Platform = "juxin", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = new Uri("https://x/v") };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => Client("juxin").Videos.DownloadAsync(task, Target, new DownloadOptions { IdleTimeout = TimeSpan.FromSeconds(seconds) }, cancellationToken: Token));

        Assert.Contains("DownloadOptions.IdleTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_name_is_no_problem()
    {
        var task = await FinishedAsync();

        Assert.True(File.Exists((await Client("juxin").Videos.DownloadAsync(task, Path.Combine(Folder, new string('x', 250)), cancellationToken: Token)).Path));
    }

    [Fact]
    public async Task A_task_without_a_video_is_refused()
    {
        var client = Client("juxin");

        var running = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.DownloadAsync(new VideoTask { Platform = "juxin", Id = "t", Status = VideoTaskStatus.InProgress }, Target, cancellationToken: Token));
        var failed = await Assert.ThrowsAsync<Sora2ValidationException>(() => client.Videos.DownloadAsync(new VideoTask { Platform = "juxin", Id = "t", Status = VideoTaskStatus.Failed, FailureReason = "why" }, Target, cancellationToken: Token));

        Assert.Contains("WaitAsync", running.Message, StringComparison.Ordinal);
        Assert.Contains("why", failed.Message, StringComparison.Ordinal);
    }

    protected override void Configure(Sora2SimulatorOptions options)
    {
        options.TaskDuration = TimeSpan.Zero;
        options.MinimumVideoBytes = 1_000_000;
    }

    private sealed class SlowStream(TimeSpan pause) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Length < 200_000)
            {
                await Task.Delay(pause, cancellationToken);
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException("The disk is full");
    }

    private Task<VideoTask> FinishedAsync() => Client("juxin").Videos.GenerateAsync(new VideoRequest("a"), cancellationToken: Token);
}
