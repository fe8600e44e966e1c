namespace Sora2.Sdk;

internal sealed class VideoClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options, VideoDownloader downloader) : IVideoClient
{
    private readonly Func<ApiResponse, VideoTask> _decode = platform.DecodeTask;
    private readonly TaskWatcher _watcher = new(platform, options);

    public Task<VideoTask> CreateAsync(VideoRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var resolved = request with { Model = DefaultModel.Of(request.Model, options, platform), Duration = request.Duration ?? VideoLimits.DefaultDuration };
        if (options.ValidateRequests)
        {
            VideoLimits.Check(platform, resolved);
        }

        return pipeline.SendAsync(platform.EncodeVideo(resolved), _decode, taskId: null, cancellationToken);
    }

    public Task<VideoTask> GetAsync(string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);
        return pipeline.SendAsync(platform.EncodeQuery(taskId), _decode, taskId, cancellationToken);
    }

    public async Task<VideoTask> WaitAsync(string taskId, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);
        return await FinishAsync(_watcher.WatchAsync(GetAsync, taskId, created: null, options, cancellationToken), progress).ConfigureAwait(false);
    }

    public IAsyncEnumerable<VideoTask> WatchAsync(string taskId, WaitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);
        return _watcher.WatchAsync(GetAsync, taskId, created: null, options, cancellationToken);
    }

    public async Task<VideoTask> GenerateAsync(VideoRequest request, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default)
    {
        TaskWatcher.Check(options); // before money is spent
        var created = await CreateAsync(request, cancellationToken).ConfigureAwait(false);
        return await FinishAsync(_watcher.WatchAsync(GetAsync, created.Id, created, options, cancellationToken), progress).ConfigureAwait(false);
    }

    public Task<DownloadedVideo> DownloadAsync(VideoTask task, string path, DownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return downloader.ToFileAsync(task, path, options ?? new DownloadOptions(), progress, cancellationToken);
    }

    public Task<DownloadedVideo> DownloadAsync(VideoTask task, Stream destination, DownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(destination);
        return downloader.ToStreamAsync(task, destination, options ?? new DownloadOptions(), progress, cancellationToken);
    }

    private async Task<VideoTask> FinishAsync(IAsyncEnumerable<VideoTask> answers, IProgress<VideoTask>? progress)
    {
        VideoTask? last = null;
        await foreach (var answer in answers.ConfigureAwait(false))
        {
            progress?.Report(answer);
            last = answer;
        }

        // The answers end with a completed task or an exception.
        return last!.Status != VideoTaskStatus.Failed ? last : throw new VideoTaskFailedException(
            ErrorClassifier.KindOfFailure(last.FailureReason),
            $"{platform.Title} gave up task {last.Id}: {last.FailureReason ?? $"it says \"{last.RawStatus}\" and no reason."}",
            last);
    }
}
