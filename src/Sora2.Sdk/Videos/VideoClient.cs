namespace Sora2.Sdk;

internal sealed class VideoClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options, VideoDownloader downloader, Chance chance) : IVideoClient
{
    private readonly Func<ApiResponse, VideoTask> _decode = platform.DecodeTask;
    private readonly TaskWatcher _watcher = new(platform, options, chance);

    public Task<VideoTask> CreateAsync(VideoRequest request, CancellationToken cancellationToken = default) => CreateAsync(request, waiting: null, cancellationToken);

    public async Task<VideoTask> GetAsync(string taskId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);
        var task = await pipeline.QueryAsync(platform.EncodeQuery(taskId), _decode, taskId, cancellationToken).ConfigureAwait(false);
        if (task.IsCompleted)
        {
            pipeline.Ended(taskId);
        }

        return task;
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
        var created = await CreateAsync(request, waiting: () => progress?.Report(WaitingForASlot()), cancellationToken).ConfigureAwait(false);
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

    private Task<VideoTask> CreateAsync(VideoRequest request, Action? waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var resolved = request with { Model = DefaultModel.Of(request.Model, options, platform), Duration = request.Duration ?? VideoLimits.DefaultDuration };
        if (options.ValidateRequests)
        {
            VideoLimits.Check(platform, resolved);
        }

        return pipeline.Gate.SubmitAsync(token => pipeline.CreateAsync(platform.EncodeVideo(resolved), _decode, resolved.Prompt, token), waiting, cancellationToken);
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

    /// <summary>What progress shows before there is a task: no id yet, and not started.</summary>
    private VideoTask WaitingForASlot() => new() { Platform = platform.Name, Id = "", Status = VideoTaskStatus.NotStarted };
}
