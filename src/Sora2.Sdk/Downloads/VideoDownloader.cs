using System.Globalization;
using System.Text;
using Polly;
using Sora2.Sdk.Common;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>Brings a finished video to a file or a stream. A file gets its name once it is whole.</summary>
internal sealed class VideoDownloader(ClientContext context, MediaClient media)
{
    private const int MaxNameLength = 255;

    private readonly ResiliencePipeline _retries = RetryPolicies.ForDownloads(context);

    /// <param name="task">Whose video.</param>
    /// <param name="path">The file, or a directory.</param>
    /// <param name="options">The caller's.</param>
    /// <param name="progress">The caller's, or null.</param>
    /// <param name="ask">Asks for a task, which brings a fresh link.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<DownloadedVideo> ToFileAsync(
        VideoTask task, string path, DownloadOptions options, IProgress<DownloadProgress>? progress, Func<string, CancellationToken, Task<VideoTask>> ask, CancellationToken cancellationToken) =>
        ObservedAsync(task, observation => FileAsync(task, path, options, progress, ask, observation, cancellationToken));

    /// <inheritdoc cref="ToFileAsync" />
    public Task<DownloadedVideo> ToStreamAsync(
        VideoTask task, Stream destination, DownloadOptions options, IProgress<DownloadProgress>? progress, Func<string, CancellationToken, Task<VideoTask>> ask, CancellationToken cancellationToken) =>
        ObservedAsync(task, observation => StreamAsync(task, destination, options, progress, ask, observation, cancellationToken));

    private async Task<DownloadedVideo> ObservedAsync(VideoTask task, Func<DownloadTelemetry, Task<DownloadedVideo>> download)
    {
        var observation = new DownloadTelemetry(context.Telemetry, task);
        try
        {
            var video = await download(observation).ConfigureAwait(false);
            observation.Completed(video);
            return video;
        }
        catch (Exception e)
        {
            observation.Failed(e);
            throw;
        }
    }

    private async Task<DownloadedVideo> FileAsync(
        VideoTask task, string path, DownloadOptions options, IProgress<DownloadProgress>? progress, Func<string, CancellationToken, Task<VideoTask>> ask, DownloadTelemetry observation, CancellationToken cancellationToken)
    {
        Check(task, options);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw Refused(task, $"The path \"{LogSanitizer.Path(path)}\" holds a NUL, which no file's name may.");
        }

        var target = VideoFileName.PathFor(path, task, options.FileNameTemplate);
        var name = Path.GetFileName(target);
        if ((OperatingSystem.IsWindows() ? name.Length : Encoding.UTF8.GetByteCount(name)) > MaxNameLength)
        {
            throw Refused(task, $"\"{name}\" is too long for a file's name. Choose a shorter one.");
        }

        if (SpecialFile.At(target) is { } special)
        {
            throw Refused(
                task, $"\"{target}\" is {special} and is left alone. Choose the path of a file. To only read a video, download it to Stream.Null.");
        }

        if (!options.Overwrite && File.Exists(target))
        {
            throw Refused(task, $"\"{target}\" is there already. Choose another path, or set DownloadOptions.Overwrite.");
        }

        using var partial = await OnDiskAsync(() => ValueTask.FromResult(new PartialFile(task, target))).ConfigureAwait(false);
        using var download = Start(task, partial, options, progress, ask, observation);
        download.Restored(await OnDiskAsync(() => partial.RestoreAsync(download.Restore, cancellationToken)).ConfigureAwait(false));
        var video = await RunAsync(download, cancellationToken).ConfigureAwait(false);
        if (download.Container?.Extension is { } extension
            && Path.GetExtension(target).Equals(VideoFileName.Extension, StringComparison.OrdinalIgnoreCase))
        {
            target = Free(Path.ChangeExtension(target, extension)); // The caller did not give this name, so what has it stays.
        }

        await OnDiskAsync(() =>
        {
            partial.Complete(target, video.Bytes, options.Overwrite);
            return ValueTask.FromResult(true);
        }).ConfigureAwait(false);
        return video with { Path = target };

        async ValueTask<T> OnDiskAsync<T>(Func<ValueTask<T>> work)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DownloadException($"The video of task {task.Id} cannot be written to \"{target}\": {PartialFile.Reason(e)}", e) { IsTransient = false, Platform = task.Platform, TaskId = task.Id };
            }
        }
    }

    private static string Free(string path)
    {
        var free = path;
        for (var i = 2; Path.Exists(free); i++)
        {
            free = Path.Combine(Path.GetDirectoryName(path)!, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}-{i}{Path.GetExtension(path)}"));
        }

        return free;
    }

    private async Task<DownloadedVideo> StreamAsync(
        VideoTask task, Stream destination, DownloadOptions options, IProgress<DownloadProgress>? progress, Func<string, CancellationToken, Task<VideoTask>> ask, DownloadTelemetry observation, CancellationToken cancellationToken)
    {
        Check(task, options);
        using var download = Start(task, new StreamSink(destination), options, progress, ask, observation);
        return await RunAsync(download, cancellationToken).ConfigureAwait(false);
    }

    private Download Start(VideoTask task, IVideoSink sink, DownloadOptions options, IProgress<DownloadProgress>? progress, Func<string, CancellationToken, Task<VideoTask>> ask, DownloadTelemetry observation) => new(
        media,
        task,
        sink,
        options,
        progress is null ? null : new ProgressMeter(context.Options.TimeProvider, progress),
        IsOurs(task) ? token => ask(task.Id, token) : null,
        context.Options,
        observation);

    /// <summary>Another platform or account does not know the task. One that was put together by hand says nothing of an account.</summary>
    private bool IsOurs(VideoTask task) => task.Platform == context.Platform.Name && task.Id.Length > 0 && (task.Client.Length == 0 || task.Client == context.Name);

    private ValueTask<DownloadedVideo> RunAsync(Download download, CancellationToken cancellationToken) =>
        _retries.ExecuteAsync(static (download, token) => download.AttemptAsync(token), download, cancellationToken);

    private static void Check(VideoTask task, DownloadOptions options)
    {
        if (!Sora2ClientOptionsValidation.IsDuration(options.IdleTimeout, mayBeInfinite: true))
        {
            throw Refused(task, $"DownloadOptions.IdleTimeout is {options.IdleTimeout}; it has to be 1 ms to 24 days, or Timeout.InfiniteTimeSpan.");
        }

        if (options.MaxBytes <= 0)
        {
            throw Refused(task, $"DownloadOptions.MaxBytes is {options.MaxBytes}; it has to be at least 1, or null for any size.");
        }

        if (VideoFileName.Problem(options.FileNameTemplate) is { } problem)
        {
            throw Refused(task, $"DownloadOptions.FileNameTemplate is \"{options.FileNameTemplate}\"; {problem}");
        }

        if (task.VideoUrl is null)
        {
            throw Refused(task, task.Status == VideoTaskStatus.Failed
                ? $"Task {task.Id} failed and has no video: {task.FailureReason ?? "it gave no reason"}"
                : $"Task {task.Id} has no video yet (it is {task.Status}). Wait for it with WaitAsync first.");
        }
    }

    private static Sora2ValidationException Refused(VideoTask task, string message) => new(message) { Platform = task.Platform, TaskId = task.Id, MayHaveBeenCharged = true };
}
