namespace Sora2.Sdk.IntegrationTests.Downloads;

/// <summary>Destinations of a download, its result and its progress.</summary>
public sealed class DownloadTests : DownloadTest
{
    [Fact]
    public async Task File_in_a_directory_gets_a_safe_name_and_missing_directories_are_created()
    {
        var task = (await FinishedAsync()) with { Id = "../a:b" };
        var folder = Path.Combine(Folder, "new", "deep") + Path.DirectorySeparatorChar;

        var video = await Client("juxin").Videos.DownloadToDirectoryAsync(task, folder, cancellationToken: Token);

        Assert.Equal(Path.GetDirectoryName(folder), Path.GetDirectoryName(video.Path));
        Assert.StartsWith("_._a_b-", Path.GetFileName(video.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_in_a_directory_is_named_by_the_template()
    {
        var task = await FinishedAsync();

        var options = new DownloadOptions { FileNameTemplate = "小猫 {platform} {id}" };
        var video = await Client("juxin").Videos.DownloadToDirectoryAsync(task, Folder, options, cancellationToken: Token);

        Assert.Equal($"小猫 juxin {task.Id}.mp4", Path.GetFileName(video.Path));
    }

    [Fact]
    public async Task Template_without_the_id_is_refused_before_any_request()
    {
        var task = await FinishedAsync();
        Simulator.Ledger.Clear();

        var options = new DownloadOptions { FileNameTemplate = "video.mp4" };
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => Client("juxin").Videos.DownloadToDirectoryAsync(task, Folder, options, cancellationToken: Token));

        Assert.Contains("DownloadOptions.FileNameTemplate is \"video.mp4\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("{id}", error.Message, StringComparison.Ordinal);
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Result_has_path_size_type_and_digest()
    {
        var task = await FinishedAsync();

        var video = await DownloadAsync(task); // with ComputeSha256
        var plain = await Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token);

        var expected = new DownloadedVideo
        {
            TaskId = task.Id,
            Path = Target,
            Length = Simulator.VideoBytes(task.Id),
            ContentType = "video/mp4",
            Sha256 = await Simulator.VideoSha256Async(task.Id, Token),
        };
        Assert.Equal(expected, video);
        Assert.Equal(video with { Sha256 = null }, plain);
        Assert.Equal(video.Sha256, await DigestAsync(Target));
        Assert.Equal([Target], Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Second_writer_of_a_file_fails_and_the_first_one_completes()
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

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => Client("juxin").Videos.DownloadAsync(task with { Id = "another" }, Target, cancellationToken: Token));
        hold.SetResult();

        Assert.Contains("Another download is writing it", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        await AssertWholeAsync(await first, task);
    }

    [Fact]
    public async Task Downloads_into_one_directory_run_concurrently()
    {
        var tasks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => FinishedAsync()));

        var videos = await Task.WhenAll(
            tasks.Select(task => Client("juxin").Videos.DownloadToDirectoryAsync(task, Folder, cancellationToken: Token)));

        Assert.Equal(8, videos.Select(video => video.Path).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(8, Directory.GetFiles(Folder).Length);
    }

    [Fact]
    public async Task Stream_gets_the_same_bytes_and_stays_open()
    {
        var task = await FinishedAsync();
        using var stream = new MemoryStream();

        var toStream = await Client("juxin").Videos.DownloadAsync(task, stream, cancellationToken: Token);
        var toFile = await Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token);

        Assert.Equal(await File.ReadAllBytesAsync(toFile.Path!, Token), stream.ToArray());
        Assert.Equal((null, toFile.Length), (toStream.Path, toStream.Length));
    }

    [Fact]
    public async Task Progress_rises_to_the_whole()
    {
        var task = await FinishedAsync();
        var reports = new List<DownloadProgress>();

        var progress = new SyncProgress<DownloadProgress>(reports.Add);
        var video = await Client("juxin").Videos.DownloadAsync(task, Target, progress: progress, cancellationToken: Token);

        Assert.Equal(reports.Select(report => report.BytesReceived).Order(), reports.Select(report => report.BytesReceived));
        var last = reports[^1];
        Assert.Equal((video.Length, (long?)video.Length, 100.0), (last.BytesReceived, last.TotalBytes, last.Percent));
        Assert.True(reports.Count > 1, "a large file is reported more than once");
        Assert.True(last.BytesPerSecond > 0);
        Assert.Equal(TimeSpan.Zero, last.TimeLeft);
    }

    [Fact]
    public async Task Existing_file_is_not_replaced_without_overwrite()
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "before", Token);
        Simulator.Ledger.Clear();

        await Assert.ThrowsAsync<Sora2ValidationException>(() => DownloadAsync(task, new DownloadOptions { Overwrite = false }));

        Assert.Equal("before", await File.ReadAllTextAsync(Target, Token));
        Assert.Empty(Simulator.Ledger.Requests);
    }

    [Fact]
    public async Task Directory_that_cannot_be_created_is_a_download_error()
    {
        var task = await FinishedAsync();
        await File.WriteAllTextAsync(Target, "a file", Token);

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => Client("juxin").Videos.DownloadAsync(task, Path.Combine(Target, "v.mp4"), cancellationToken: Token));

        Assert.IsAssignableFrom<IOException>(error.InnerException);
    }

    [Fact]
    public async Task Exception_of_the_destination_stream_is_a_download_error()
    {
        var task = await FinishedAsync();
        using var full = new FullStream();

        var error = await Assert.ThrowsAsync<DownloadException>(
            () => Client("juxin").Videos.DownloadAsync(task, full, cancellationToken: Token));

        Assert.Equal((task.Id, "The disk is full"), (error.TaskId, error.InnerException!.Message));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(9_000_000)]
    public async Task Idle_timeout_out_of_range_is_refused(int seconds)
    {
        var options = new DownloadOptions { IdleTimeout = TimeSpan.FromSeconds(seconds) };

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => Client("juxin").Videos.DownloadAsync(TaskAt(new Uri("https://x/v")), Target, options, cancellationToken: Token));

        Assert.Contains("DownloadOptions.IdleTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_file_name_is_accepted()
    {
        var task = await FinishedAsync();

        var path = Path.Combine(Folder, new string('x', 246) + ".mp4");
        await Client("juxin").Videos.DownloadAsync(task, path, cancellationToken: Token);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Task_without_a_video_is_refused()
    {
        var client = Client("juxin");

        var running = new VideoTask { PlatformName = "juxin", Id = "t", Status = VideoTaskStatus.InProgress };
        var failed = running with { Status = VideoTaskStatus.Failed, FailureReason = "why" };

        var runningError = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.DownloadAsync(running, Target, cancellationToken: Token));
        var failedError = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => client.Videos.DownloadAsync(failed, Target, cancellationToken: Token));

        Assert.Contains("WaitAsync", runningError.Message, StringComparison.Ordinal);
        Assert.Contains("why", failedError.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relative_link_is_refused_with_the_task_id()
    {
        var task = TaskAt(new Uri("/videos/v.mp4", UriKind.Relative));

        var error = await Assert.ThrowsAsync<Sora2ValidationException>(
            () => Client("juxin").Videos.DownloadAsync(task, Target, cancellationToken: Token));

        Assert.Contains("\"/videos/v.mp4\"", error.Message, StringComparison.Ordinal);
        Assert.Equal("t", error.TaskId);
    }

    private sealed class FullStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("The disk is full");
    }
}
