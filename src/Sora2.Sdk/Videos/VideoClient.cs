using Sora2.Sdk.Batches;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Downloads;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Polling;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Videos;

internal sealed class VideoClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options, TaskPoller watcher, VideoDownloader downloader, TaskJournal? journal, ClientTelemetry telemetry) : IVideoClient
{
    private readonly Func<ApiResponse, VideoTask> _decode = platform.DecodeTask;
    private readonly PromptMentions _mentions = new(options, telemetry);

    public async Task<VideoTask> CreateAsync(VideoRequest request, CancellationToken cancellationToken = default)
    {
        var task = await CreateAsync(request, waiting: null, finishesOnceSent: false, cancellationToken).ConfigureAwait(false);
        await _mentions.UsedAsync(task.Mentions).ConfigureAwait(false);
        return task;
    }

    public void Validate(VideoRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.Validate(platform, Resolved(request), options.ValidateRequests);
        _mentions.Check(request.Prompt);
    }

    public Task<VideoTask> GetAsync(string taskId, CancellationToken cancellationToken = default) =>
        Refusal(taskId) is { } refusal ? Task.FromException<VideoTask>(refusal) : watcher.GetAsync(taskId, isPoll: false, cancellationToken);

    public Task<VideoTask> WaitAsync(string taskId, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default) =>
        Refusal(taskId, options) is { } refusal ? Task.FromException<VideoTask>(refusal) : FinishAsync(taskId, create: null, options, progress, cancellationToken);

    public IAsyncEnumerable<VideoTask> WatchAsync(string taskId, WaitOptions? options = null, CancellationToken cancellationToken = default)
    {
        TaskIdValidator.Check(taskId);
        return watcher.WatchAsync(taskId, options, cancellationToken);
    }

    public Task<VideoTask> GenerateAsync(VideoRequest request, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default) =>
        FinishAsync("", () => SubmitAsync(request, waiting: () => progress?.Report(WaitingForASlot()), finishesOnceSent: false, cancellationToken), options, progress, cancellationToken);

    public IAsyncEnumerable<BatchItem> GenerateBatchAsync(IEnumerable<VideoRequest> requests, BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        options ??= new BatchOptions();
        Batch.Check(options);
        var items = requests.Select((request, index) => request is null
            ? throw new ArgumentException($"Request {index} of the batch is null.", nameof(requests))
            : new BatchItem { Index = index, Key = options.Key?.Invoke(request, index), Request = request });
        int? total = requests.TryGetNonEnumeratedCount(out var count) ? count : null;
        return new Batch(this, items, total, options, BusyPauseOf(options), cancellationToken);
    }

    public IAsyncEnumerable<BatchItem> ResumeBatchAsync(IEnumerable<BatchItem> earlier, BatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        options ??= new BatchOptions();
        Batch.Check(options);
        var items = earlier.ToList();
        if (items.GroupBy(item => item.Index).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Item #{twice.Key} is there twice. Give the latest of each: what one of them knows to be paid the other would create again.", nameof(earlier));
        }

        items.RemoveAll(item => !Batch.IsOpen(item, options));
        return new Batch(this, items, items.Count, options, BusyPauseOf(options), cancellationToken);
    }

    public async Task<DownloadedVideo> DownloadAsync(VideoTask task, string path, DownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return await RecordedAsync(
            task,
            () => downloader.ToFileAsync(Download(task, options, progress), path, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<DownloadedVideo> DownloadAsync(VideoTask task, Stream destination, DownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(destination);
        if (!destination.CanWrite)
        {
            throw new ArgumentException("The stream cannot be written to.", nameof(destination));
        }

        return await RecordedAsync(
            task,
            () => downloader.ToStreamAsync(Download(task, options, progress), destination, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<ResumedTask> ResumeAsync(WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default)
    {
        TaskPoller.Check(options);
        return journal is null
            ? throw new Sora2ValidationException($"There is nothing to resume without a record of what was submitted. Set {nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.TaskStore)}, for example to a FileTaskStore.")
            : journal.ResumeAsync((taskId, token) => FinishAsync(taskId, create: null, options, progress, token), cancellationToken);
    }

    /// <summary>Creates for a batch: a create that was sent comes to its end even if the token is cancelled, so that its id is known. When this is cancelled, nothing was taken.</summary>
    internal Task<VideoTask> SubmitAsync(VideoRequest request, CancellationToken cancellationToken) => SubmitAsync(request, waiting: null, finishesOnceSent: true, cancellationToken);

    private SaturationBackoff BusyPauseOf(BatchOptions batch) => new(options, batch.BusyTimeout, telemetry, watcher.JitterSource);

    /// <summary>Waits for a task; for one that is created here or was just created, after a pause.</summary>
    internal Task<VideoTask> FinishAsync(string taskId, Func<Task<VideoTask>>? create, WaitOptions? options, IProgress<VideoTask>? progress, CancellationToken cancellationToken) =>
        watcher.WaitAsync(new TaskWait(watcher, taskId, options, cancellationToken), create, progress);

    /// <summary>What is wrong with a caller's arguments, or null. No method around the wait for that: it would be kept as long as the wait.</summary>
    private static Exception? Refusal(string taskId, WaitOptions? options = null)
    {
        try
        {
            TaskPoller.Check(options);
            TaskIdValidator.Check(taskId);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or Sora2Exception)
        {
            return e;
        }
    }

    private async Task<VideoTask> SubmitAsync(VideoRequest request, Action? waiting, bool finishesOnceSent, CancellationToken cancellationToken)
    {
        var created = await CreateAsync(request, waiting, finishesOnceSent, cancellationToken).ConfigureAwait(false);
        _ = _mentions.UsedAsync(created.Mentions); // Never throws, and nothing comes between a paid task and the report of its id.
        return created;
    }

    // Asynchronous, so that among many creates a bad one fails its own task instead of keeping the ids of those before it from the caller.
    private async Task<VideoTask> CreateAsync(VideoRequest request, Action? waiting, bool finishesOnceSent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var mentions = await _mentions.ResolveAsync(request.Prompt, cancellationToken).ConfigureAwait(false);
        var resolved = Resolved(request) with { Prompt = mentions?.Prompt ?? request.Prompt };
        RequestValidator.Validate(platform, resolved, options.ValidateRequests);
        var task = await pipeline.Gate.SubmitAsync(
            token => journal is null ? SendAsync(token) : journal.SubmitAsync(TaskRecordKind.Video, request.Prompt, resolved.Model, resolved.Duration, SendAsync, token), waiting, cancellationToken).ConfigureAwait(false);
        return mentions is null && task.Model is not null ? task : task with { Mentions = mentions, Model = task.Model ?? resolved.Model };

        // The caller's own words, to be found in the caller's own records.
        Task<VideoTask> SendAsync(CancellationToken token) => pipeline.CreateAsync(new PaidRequest(platform.EncodeVideo(resolved), request.Prompt, resolved.Model, resolved.Duration) { Words = [request.Prompt, resolved.Prompt, .. PaidRequest.TextsOf(request.ExtraFields)] }, _decode, token, finishesOnceSent);
    }

    /// <summary>With what the caller left open.</summary>
    private VideoRequest Resolved(VideoRequest request) => request with { Model = RequestDefaults.ResolveModel(request.Model, options, platform), Duration = request.Duration ?? RequestValidator.DefaultDuration };

    private DownloadContext Download(VideoTask task, DownloadOptions? options, IProgress<DownloadProgress>? progress) =>
        new(task, options ?? new DownloadOptions(), progress, token => GetAsync(task.Id, token));

    private async Task<DownloadedVideo> RecordedAsync(
        VideoTask task, Func<Task<DownloadedVideo>> download, CancellationToken cancellationToken)
    {
        if (journal is null)
        {
            return await download().ConfigureAwait(false);
        }

        journal.Hold(task.Id);
        try
        {
            var video = await download().ConfigureAwait(false);
            await journal.DownloadedAsync(task, video, cancellationToken).ConfigureAwait(false);
            return video;
        }
        finally
        {
            journal.Release(task.Id);
        }
    }

    /// <summary>What progress shows before there is a task: no id yet, and not started.</summary>
    private VideoTask WaitingForASlot() => new() { Platform = platform.Name, Id = "", Status = VideoTaskStatus.NotStarted };
}
