using Sora2.Sdk.Batches;
using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;
using Sora2.Sdk.Downloads;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Polling;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Videos;

internal sealed class VideoClient(
    ClientContext context, SubmissionPipeline submissions, TaskPoller poller, VideoDownloader downloader, TaskJournal? journal)
    : IVideoClient, IBatchClient
{
    private readonly Func<ApiResponse, VideoTask> _decode = context.Platform.DecodeTask;
    private readonly PromptMentions _mentions = new(context.Options, context.Telemetry);
    private readonly TaskResumer? _resumer = journal is null ? null : new TaskResumer(context, journal);

    public async Task<VideoTask> CreateAsync(VideoRequest request, CancellationToken cancellationToken = default)
    {
        var (paid, mentions) = await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
        var task = await submissions.SubmitAsync(paid, _decode, cancellationToken).ConfigureAwait(false);
        await _mentions.UsedAsync(mentions).ConfigureAwait(false);
        return WithRequested(task, paid.Model, mentions);
    }

    public void Validate(VideoRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidator.Validate(context.Platform, Resolved(request), context.Options.ValidateRequests);
        _mentions.Check(request.Prompt);
    }

    public Task<VideoTask> GetAsync(string taskId, CancellationToken cancellationToken = default) =>
        Refusal(taskId) is { } refusal ? Task.FromException<VideoTask>(refusal) : poller.GetAsync(taskId, isPoll: false, cancellationToken);

    public Task<VideoTask> WaitAsync(
        string taskId, WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default) =>
        Refusal(taskId, options) is { } refusal
            ? Task.FromException<VideoTask>(refusal)
            : new TaskWait(poller, taskId, options, cancellationToken).RunAsync(progress);

    public IAsyncEnumerable<VideoTask> WatchAsync(string taskId, WaitOptions? options = null, CancellationToken cancellationToken = default)
    {
        TaskIdValidator.Check(taskId);
        return TaskWait.WatchAsync(poller, taskId, options, cancellationToken);
    }

    public async Task<VideoTask> GenerateAsync(
        VideoRequest request,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options?.Validate(); // Before money is spent.
        var created = await SubmitAsync(
            request, () => progress?.Report(WaitingForASlot()), completesOnceSent: false, cancellationToken).ConfigureAwait(false);
        request = null!; // It may hold images, which the wait does not need.
        return await WaitAsync(created, options, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for a task that was just created: it is reported first, and polled after an interval.</summary>
    public Task<VideoTask> WaitAsync(
        VideoTask created, WaitOptions? options, IProgress<VideoTask>? progress, CancellationToken cancellationToken) =>
        new TaskWait(poller, created, options, cancellationToken).RunAsync(progress);

    public IAsyncEnumerable<BatchItem> GenerateBatchAsync(
        IEnumerable<VideoRequest> requests, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        Batch.Create(this, context, requests, options, cancellationToken);

    public IAsyncEnumerable<BatchItem> ResumeBatchAsync(
        IEnumerable<BatchItem> earlier, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        Batch.Resume(this, context, earlier, options, cancellationToken);

    public async Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        string path,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return await RecordedAsync(
            task,
            () => downloader.ToFileAsync(Download(task, options, progress), path, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        Stream destination,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
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

    public IAsyncEnumerable<ResumedTask> ResumeAsync(
        WaitOptions? options = null, IProgress<VideoTask>? progress = null, CancellationToken cancellationToken = default)
    {
        options?.Validate();
        return _resumer is null
            ? throw new Sora2ValidationException(
                "There is nothing to resume without a task store. "
                + $"Set {nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.TaskStore)}, for example to a FileTaskStore.")
            : _resumer.ResumeAsync((taskId, token) => new TaskWait(poller, taskId, options, token).RunAsync(progress), cancellationToken);
    }

    /// <summary>
    /// Creates for a batch: a create that was sent comes to its end even if the token is cancelled, so that its id is known. When this is
    /// cancelled, nothing was taken.
    /// </summary>
    public Task<VideoTask> SubmitAsync(VideoRequest request, CancellationToken cancellationToken) =>
        SubmitAsync(request, onWaiting: null, completesOnceSent: true, cancellationToken);

    /// <summary>
    /// What is wrong with a caller's arguments, or null. No method around the wait for that: it would be kept as long as the wait.
    /// </summary>
    private static Exception? Refusal(string taskId, WaitOptions? options = null)
    {
        try
        {
            options?.Validate();
            TaskIdValidator.Check(taskId);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or Sora2Exception)
        {
            return e;
        }
    }

    private async Task<VideoTask> SubmitAsync(
        VideoRequest request, Action? onWaiting, bool completesOnceSent, CancellationToken cancellationToken)
    {
        var (paid, mentions) = await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
        paid = paid with { OnWaiting = onWaiting, CompletesOnceSent = completesOnceSent };
        var task = await submissions.SubmitAsync(paid, _decode, cancellationToken).ConfigureAwait(false);
        _ = _mentions.UsedAsync(mentions); // Never throws; the report of the id does not wait for it.
        return WithRequested(task, paid.Model, mentions);
    }

    /// <summary>
    /// Resolves mentions and defaults, and checks the request. Asynchronous, so that a bad request fails its own task only.
    /// </summary>
    private async Task<(PaidRequest Request, MentionResolution? Mentions)> PrepareAsync(
        VideoRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var mentions = await _mentions.ResolveAsync(request.Prompt, cancellationToken).ConfigureAwait(false);
        var resolved = Resolved(request) with { Prompt = mentions?.Prompt ?? request.Prompt };
        RequestValidator.Validate(context.Platform, resolved, context.Options.ValidateRequests);
        return (PaidRequest.ForVideo(context.Platform, request, resolved), mentions);
    }

    /// <summary>Adds what the response does not say.</summary>
    internal static VideoTask WithRequested(VideoTask task, string? model, MentionResolution? mentions) =>
        mentions is null && task.Model is not null ? task : task with { Mentions = mentions, Model = task.Model ?? model };

    /// <summary>With the client's defaults.</summary>
    private VideoRequest Resolved(VideoRequest request) => request with
    {
        Model = RequestDefaults.ResolveModel(request.Model, context.Options, context.Platform),
        Duration = request.Duration ?? VideoFormat.DefaultDuration,
    };

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
    private VideoTask WaitingForASlot() => new() { Platform = context.Platform.Name, Id = "", Status = VideoTaskStatus.NotStarted };
}
