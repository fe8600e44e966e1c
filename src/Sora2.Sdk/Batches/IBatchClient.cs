using Sora2.Sdk.Submissions;

namespace Sora2.Sdk.Batches;

/// <summary>What a batch needs of the client whose videos it makes.</summary>
internal interface IBatchClient
{
    /// <summary>Creates a video task, or returns the one of its key. <b>Costs money.</b></summary>
    /// <param name="request">The request.</param>
    /// <param name="how">How it is submitted.</param>
    /// <param name="cancellationToken">
    /// A token to cancel the operation. With <see cref="Attempting.CompletesOnceSent"/> only while nothing was sent: afterwards the create
    /// completes, so that its id is known.
    /// </param>
    /// <exception cref="OperationCanceledException">The token was cancelled and nothing was sent.</exception>
    Task<VideoTask> SubmitAsync(GenerationRequest request, Attempting how, CancellationToken cancellationToken);

    Task<VideoTask> GetAsync(TaskHandle task, CancellationToken cancellationToken);

    Task<VideoTask> WaitAsync(TaskHandle task, WaitOptions? options, IProgress<VideoTask>? progress, CancellationToken cancellationToken);

    /// <summary>Waits for a task that was just created: it is reported first, and polled after an interval.</summary>
    Task<VideoTask> WaitCreatedAsync(
        VideoTask created, WaitOptions? options, IProgress<VideoTask>? progress, CancellationToken cancellationToken);

    Task<DownloadedVideo> DownloadAsync(
        VideoTask task,
        string path,
        DownloadOptions? options,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken);
}
