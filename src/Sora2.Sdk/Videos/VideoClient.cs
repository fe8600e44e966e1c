using Sora2.Sdk.Batches;
using Sora2.Sdk.Characters;
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

    public async Task<VideoTask> CreateAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        var (paid, mentions) = await PrepareAsync(request, Attempting.Once, cancellationToken).ConfigureAwait(false);
        var task = await submissions.SubmitAsync(paid, _decode, cancellationToken).ConfigureAwait(false);
        await _mentions.UsedAsync(mentions).ConfigureAwait(false);
        return WithRequested(task, paid, mentions);
    }

    public void Validate(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Prepare(request, RequestDefaults.Resolve(request, context.Options, context.Platform), Attempting.Once);
        _mentions.Check(request);
    }

    public Task<VideoTask> GetAsync(TaskHandle task, CancellationToken cancellationToken = default) => Refusal(task) is { } refusal
        ? Task.FromException<VideoTask>(refusal)
        : poller.GetAsync(task.Id, known: null, isPoll: false, cancellationToken);

    public Task<VideoTask> WaitAsync(
        TaskHandle task,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default) =>
        Refusal(task, options) is { } refusal
            ? Task.FromException<VideoTask>(refusal)
            : new TaskWait(poller, task.Id, options, cancellationToken).RunAsync(progress);

    public IAsyncEnumerable<VideoTask> WatchAsync(
        TaskHandle task, WaitOptions? options = null, CancellationToken cancellationToken = default)
    {
        context.CheckOwns(task);
        return TaskWait.WatchAsync(poller, task.Id, options, cancellationToken);
    }

    public async Task<VideoTask> GenerateAsync(
        GenerationRequest request,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options?.Validate(); // Before money is spent.
        var how = new Attempting { OnWaiting = () => progress?.Report(VideoTask.WaitingForASlot(context.Platform.Name)) };
        var created = await SubmitAsync(request, how, cancellationToken).ConfigureAwait(false);
        request = null!; // It may hold images, which the wait does not need.
        return await WaitCreatedAsync(created, options, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for a task that was just created: it is reported first, and polled after an interval.</summary>
    public Task<VideoTask> WaitCreatedAsync(
        VideoTask created, WaitOptions? options, IProgress<VideoTask>? progress, CancellationToken cancellationToken) =>
        created.Record is not null && Refusal(created.Handle) is { } refusal // The task of a key may be another account's.
            ? Task.FromException<VideoTask>(refusal)
            : new TaskWait(poller, created, options, cancellationToken).RunAsync(progress);

    public IAsyncEnumerable<BatchItem> GenerateBatchAsync(
        IEnumerable<GenerationRequest> requests, BatchOptions? options = null, CancellationToken cancellationToken = default) =>
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

    public async Task<VideoTask> SubmitAsync(GenerationRequest request, Attempting how, CancellationToken cancellationToken)
    {
        var (paid, mentions) = await PrepareAsync(request, how, cancellationToken).ConfigureAwait(false);
        var task = await submissions.SubmitAsync(paid, _decode, cancellationToken).ConfigureAwait(false);
        _ = _mentions.UsedAsync(mentions); // Never throws; the report of the id does not wait for it.
        return WithRequested(task, paid, mentions);
    }

    /// <summary>
    /// What is wrong with a caller's arguments, or null. No method around the wait for that: it would be kept as long as the wait.
    /// </summary>
    private Exception? Refusal(TaskHandle task, WaitOptions? options = null)
    {
        try
        {
            options?.Validate();
            context.CheckOwns(task);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or Sora2Exception)
        {
            return e;
        }
    }

    /// <summary>
    /// Resolves mentions and defaults, and checks the request. Asynchronous, so that a bad request fails its own task only.
    /// </summary>
    private async Task<(PaidRequest Request, MentionResolution? Mentions)> PrepareAsync(
        GenerationRequest request, Attempting how, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var resolved = RequestDefaults.Resolve(request, context.Options, context.Platform);
        (resolved, var mentions) = await _mentions.ResolveAsync(resolved, cancellationToken).ConfigureAwait(false);
        return (Prepare(request, resolved, how), mentions);
    }

    private PaidRequest Prepare(GenerationRequest request, GenerationRequest resolved, Attempting how)
    {
        RequestValidator.Validate(context.Platform, resolved, context.Options.ValidateRequests);
        if (request is RemixRequest { Source: var source })
        {
            context.CheckOwns(source);
        }

        return PaidRequest.For(context.Platform, request, resolved, how);
    }

    /// <summary>Adds what the response does not say.</summary>
    private static VideoTask WithRequested(VideoTask task, PaidRequest request, MentionResolution? mentions) => task.Record is not null
        ? task with { Mentions = mentions }
        : task with
        {
            Mentions = mentions,
            Model = task.Model ?? request.Model,
            Prompt = request.Subject,
            Key = request.Key,
            Metadata = request.Original!.Metadata,
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
}
