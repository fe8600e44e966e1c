using Sora2.Sdk.Common;
using Sora2.Sdk.Downloads;

namespace Sora2.Sdk;

/// <summary>Calls that are composed of those of <see cref="IVideoClient"/>.</summary>
public static class VideoClientExtensions
{
    /// <summary>Creates a video from a prompt alone and waits for it. <b>Costs money</b>, once.</summary>
    /// <remarks>As <see cref="IVideoClient.GenerateAsync"/> with a <see cref="VideoRequest"/>.</remarks>
    /// <param name="videos">The client.</param>
    /// <param name="prompt">The text that describes the video.</param>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="progress">Receives the accepted task, then the response to every poll.</param>
    /// <param name="cancellationToken">A token to cancel the operation. An accepted task continues on the platform.</param>
    /// <returns>The finished task, with its link.</returns>
    public static Task<VideoTask> GenerateAsync(
        this IVideoClient videos,
        string prompt,
        WaitOptions? options = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentNullException.ThrowIfNull(prompt);
        return videos.GenerateAsync(new VideoRequest(prompt), options, progress, cancellationToken);
    }

    /// <summary>Creates a video, waits for it and downloads it to a file. <b>Costs money</b>, once.</summary>
    /// <remarks>
    /// After an error the task is not lost: the exception has its id, and <see cref="IVideoClient.WaitAsync"/> and
    /// <see cref="IVideoClient.DownloadAsync(VideoTask, string, DownloadOptions, IProgress{DownloadProgress}, CancellationToken)"/>
    /// continue from there free of charge.
    /// </remarks>
    /// <param name="videos">The client.</param>
    /// <param name="request">The video to make.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="options">The poll interval and timeout; <see langword="null"/> for the client's.</param>
    /// <param name="download">How to download; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Receives the accepted task, then the response to every poll.</param>
    /// <param name="cancellationToken">A token to cancel the operation. An accepted task continues on the platform.</param>
    /// <returns>The path and size of the video.</returns>
    public static async Task<DownloadedVideo> GenerateAndDownloadAsync(
        this IVideoClient videos,
        GenerationRequest request,
        string path,
        WaitOptions? options = null,
        DownloadOptions? download = null,
        IProgress<VideoTask>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        download?.Validate(); // Before money is spent.
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path) || (download is { Overwrite: false } && File.Exists(path)))
        {
            throw new Sora2ValidationException(
                $"\"{LogSanitizer.Path(path)}\" is a directory, or exists and may not be replaced. Choose another path. Nothing was sent.");
        }

        var task = await videos.GenerateAsync(request, options, progress, cancellationToken).ConfigureAwait(false);
        return await videos.DownloadAsync(task, path, download, progress: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Downloads a finished video into a directory, under a name from <see cref="DownloadOptions.FileNameTemplate"/>.</summary>
    /// <remarks>Free of charge. Missing directories are created.</remarks>
    /// <param name="videos">The client.</param>
    /// <param name="task">A task with a <see cref="VideoTask.VideoUrl"/>.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="options">How to download; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Receives the bytes downloaded so far, at most ten times a second.</param>
    /// <param name="cancellationToken">A token to stop the download. The next call continues it.</param>
    /// <returns>The path and size of the video.</returns>
    /// <exception cref="Sora2ValidationException">The template is not valid.</exception>
    public static async Task<DownloadedVideo> DownloadToDirectoryAsync(
        this IVideoClient videos,
        VideoTask task,
        string directory,
        DownloadOptions? options = null,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var path = VideoFileName.In(directory, task, options ?? new DownloadOptions());
        return await videos.DownloadAsync(task, path, options, progress, cancellationToken).ConfigureAwait(false);
    }
}
