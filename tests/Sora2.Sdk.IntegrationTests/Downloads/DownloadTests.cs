namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Where a video can go, and what is told on the way.</summary>
public sealed class DownloadTests : DownloadTest
{
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
    public async Task A_directory_gets_a_name_from_a_template()
    {
        var task = await FinishedAsync();

        var video = await Client("juxin").Videos.DownloadAsync(task, Folder, new DownloadOptions { FileNameTemplate = "小猫 {platform} {id}" }, cancellationToken: Token);

        Assert.Equal($"小猫 juxin {task.Id}.mp4", Path.GetFileName(video.Path));
    }

    [Fact]
    public async Task A_template_without_the_id_is_refused_before_anything_is_fetched()
    {
        var task = await FinishedAsync();
        Simulator.Ledger.Clear();

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => Client("juxin").Videos.DownloadAsync(task, Folder, new DownloadOptions { FileNameTemplate = "video.mp4" }, cancellationToken: Token));

        Assert.Contains("DownloadOptions.FileNameTemplate is \"video.mp4\"; it has to hold {id}", error.Message, StringComparison.Ordinal);
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task What_came_is_told_with_its_digest()
    {
        var task = await FinishedAsync();

        var video = await Client("juxin").Videos.DownloadAsync(task, Target, new DownloadOptions { ComputeSha256 = true }, cancellationToken: Token);
        var plain = await Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token);

        Assert.Equal(new DownloadedVideo { TaskId = task.Id, Path = Target, Bytes = Simulator.VideoBytes(task.Id), ContentType = "video/mp4", Sha256 = await Simulator.VideoSha256Async(task.Id, Token) }, video);
        Assert.Equal(video with { Sha256 = null }, plain);
        Assert.Equal(video.Sha256, await DigestAsync(Target));
        Assert.Equal([Target], Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Of_two_writers_of_one_file_the_second_is_told_and_the_first_is_not_disturbed()
    {
        var task = await FinishedAsync();
        var hold = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var first = Client("juxin").Videos.DownloadAsync(
            task,
            Target,
            progress: new SyncProgress<DownloadProgress>(_ =>
            {
                begun.TrySetResult();
                hold.Task.GetAwaiter().GetResult();
            }),
            cancellationToken: Token);
        await begun.Task.WaitAsync(Token);

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task with { Id = "another" }, Target, cancellationToken: Token));
        hold.SetResult();

        Assert.Contains("Another download is writing it", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        await AssertWholeAsync(await first, task);
    }

    [Fact]
    public async Task Two_tasks_of_one_directory_are_downloaded_at_once()
    {
        var tasks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FinishedAsync()));

        var videos = await Task.WhenAll(tasks.Select(task => Client("juxin").Videos.DownloadAsync(task, Folder, cancellationToken: Token)));

        Assert.Equal(8, videos.Select(video => video.Path).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(8, Directory.GetFiles(Folder).Length);
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

        var video = await Client("juxin").Videos.DownloadAsync(task, Target, progress: new SyncProgress<DownloadProgress>(reports.Add), cancellationToken: Token);

        Assert.Equal(reports.Select(report => report.BytesReceived).Order(), reports.Select(report => report.BytesReceived));
        Assert.Equal((video.Bytes, (long?)video.Bytes, 100.0), (reports[^1].BytesReceived, reports[^1].TotalBytes, reports[^1].Percent));
        Assert.True(reports.Count > 1, "a large file is reported more than once");
        Assert.True(reports[^1].BytesPerSecond > 0);
        Assert.Equal(TimeSpan.Zero, reports[^1].TimeLeft);
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

    [Fact]
    public async Task Whatever_a_destination_throws_is_a_download_error()
    {
        var task = await FinishedAsync();
        using var full = new FullStream();

        var error = await Assert.ThrowsAsync<DownloadException>(() => Client("juxin").Videos.DownloadAsync(task, full, cancellationToken: Token));

        Assert.Equal((task.Id, "The disk is full"), (error.TaskId, error.InnerException!.Message));
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

        Assert.True(File.Exists((await Client("juxin").Videos.DownloadAsync(task, Path.Combine(Folder, new string('x', 246) + ".mp4"), cancellationToken: Token)).Path));
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

    [Fact]
    public async Task A_link_that_is_no_address_is_refused_with_the_tasks_id()
    {
        var task = new VideoTask { Platform = "juxin", Id = "t", Status = VideoTaskStatus.Succeeded, VideoUrl = new Uri("/videos/v.mp4", UriKind.Relative) };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.Contains("\"/videos/v.mp4\" is not an absolute http or https address", error.Message, StringComparison.Ordinal);
        Assert.Equal("t", error.TaskId);
    }

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException("The disk is full");
    }
}
