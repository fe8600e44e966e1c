namespace Sora2.Sdk.Downloads;

/// <summary>The request of one download.</summary>
/// <param name="Task">The task whose video it is.</param>
/// <param name="Options">The options of the call.</param>
/// <param name="Progress">Receives the progress; null for none.</param>
/// <param name="RefreshLink">Queries the task again, which brings a fresh link; null if the task is not known to this client.</param>
internal sealed record DownloadContext(
    VideoTask Task,
    DownloadOptions Options,
    IProgress<DownloadProgress>? Progress,
    Func<CancellationToken, Task<VideoTask>>? RefreshLink);
