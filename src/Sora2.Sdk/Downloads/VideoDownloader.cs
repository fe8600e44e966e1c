using System.Globalization;
using System.Text;
using Polly;
using Sora2.Sdk.Common;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>Downloads finished videos to files and streams. A file gets its name once it is complete.</summary>
internal sealed class VideoDownloader(ClientContext client, MediaClient media)
{
    private const int MaxNameLength = 255;

    private readonly ResiliencePipeline _retries = RetryPolicies.ForDownloads(client);

    /// <param name="download">The request.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public Task<DownloadedVideo> ToFileAsync(DownloadContext download, string path, CancellationToken cancellationToken) =>
        ObserveAsync(download.Task, telemetry => ToFileAsync(download, path, telemetry, cancellationToken));

    /// <inheritdoc cref="ToFileAsync(DownloadContext, string, CancellationToken)" />
    public Task<DownloadedVideo> ToStreamAsync(DownloadContext download, Stream destination, CancellationToken cancellationToken) =>
        ObserveAsync(download.Task, async telemetry =>
        {
            Validate(download);
            using var session = Start(download, new StreamSink(destination), telemetry);
            return await RunAsync(session, cancellationToken).ConfigureAwait(false);
        });

    private async Task<DownloadedVideo> ObserveAsync(VideoTask task, Func<DownloadTelemetry, Task<DownloadedVideo>> download)
    {
        var telemetry = new DownloadTelemetry(client.Telemetry, task);
        try
        {
            var video = await download(telemetry).ConfigureAwait(false);
            telemetry.Completed(video);
            return video;
        }
        catch (Exception e)
        {
            telemetry.Failed(e);
            throw;
        }
    }

    private async Task<DownloadedVideo> ToFileAsync(
        DownloadContext download, string path, DownloadTelemetry telemetry, CancellationToken cancellationToken)
    {
        Validate(download);
        var target = GetTarget(download, path);
        using var partial = await OnDiskAsync(() => ValueTask.FromResult(new PartialFile(download.Task, target))).ConfigureAwait(false);
        using var session = Start(download, partial, telemetry);
        session.EndRestore(await OnDiskAsync(() => partial.RestoreAsync(session.Restore, cancellationToken)).ConfigureAwait(false));
        var video = await RunAsync(session, cancellationToken).ConfigureAwait(false);
        if (session.Container?.Extension is { } extension
            && Path.GetExtension(target).Equals(VideoFileName.Extension, StringComparison.OrdinalIgnoreCase))
        {
            target = FindFree(Path.ChangeExtension(target, extension)); // The caller did not give this name: nothing is replaced.
        }

        return await OnDiskAsync(() =>
        {
            partial.Complete(target, video.Length, download.Options.Overwrite);
            return ValueTask.FromResult(video with { Path = target });
        }).ConfigureAwait(false);

        async ValueTask<T> OnDiskAsync<T>(Func<ValueTask<T>> work)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var message = $"The video of task {download.Task.Id} cannot be written to \"{target}\": {PartialFile.Explain(e)}";
                throw new DownloadException(message, e)
                {
                    IsTransient = false,
                    PlatformName = download.Task.PlatformName,
                    TaskId = download.Task.Id,
                };
            }
        }
    }

    /// <summary>The full path to write, checked before anything is requested.</summary>
    private static string GetTarget(DownloadContext download, string path)
    {
        var (task, options) = (download.Task, download.Options);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw Refused(task, $"The path \"{LogSanitizer.Path(path)}\" contains a NUL character, which no file name may contain.");
        }

        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
        {
            throw Refused(
                task,
                $"\"{LogSanitizer.Path(path)}\" is a directory. Add the name of the file, or use "
                + $"{nameof(VideoClientExtensions.DownloadToDirectoryAsync)}.");
        }

        var target = Path.GetFullPath(path);
        var name = Path.GetFileName(target);
        if ((OperatingSystem.IsWindows() ? name.Length : Encoding.UTF8.GetByteCount(name)) > MaxNameLength)
        {
            throw Refused(task, $"\"{name}\" is too long for a file name. Choose a shorter one.");
        }

        if (SpecialFile.Describe(target) is { } special)
        {
            throw Refused(
                task,
                $"\"{target}\" is {special} and is not replaced. Choose the path of a file. To read a video only, use Stream.Null.");
        }

        return options.Overwrite || !File.Exists(target)
            ? target
            : throw Refused(task, $"\"{target}\" already exists. Choose another path, or set DownloadOptions.Overwrite.");
    }

    private static string FindFree(string path)
    {
        var (directory, name, extension) =
            (Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        for (var i = 2; Path.Exists(path); i++)
        {
            path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{name}-{i}{extension}"));
        }

        return path;
    }

    private DownloadSession Start(DownloadContext download, IVideoSink sink, DownloadTelemetry telemetry) =>
        new(IsOwn(download.Task) ? download : download with { RefreshLink = null }, sink, client, media, telemetry);

    /// <summary>Another platform or account does not know the task. One that was created by hand may name no client.</summary>
    private bool IsOwn(VideoTask task) =>
        task.PlatformName == client.Platform.Name && task.Id.Length > 0 && (task.ClientName.Length == 0 || task.ClientName == client.Name);

    private ValueTask<DownloadedVideo> RunAsync(DownloadSession session, CancellationToken cancellationToken) =>
        _retries.ExecuteAsync(static (session, token) => session.AttemptAsync(token), session, cancellationToken);

    private static void Validate(DownloadContext download)
    {
        var (task, options) = (download.Task, download.Options);
        try
        {
            options.Validate();
        }
        catch (Sora2ValidationException e)
        {
            throw Refused(task, e.Message);
        }

        if (task.VideoUrl is null)
        {
            throw Refused(task, task.Status == VideoTaskStatus.Failed
                ? $"Task {task.Id} failed and has no video: {task.FailureReason ?? "no reason was given"}"
                : $"Task {task.Id} has no video yet (it is {task.Status}). Wait for it with WaitAsync first.");
        }
    }

    private static Sora2ValidationException Refused(VideoTask task, string message) =>
        new(message) { PlatformName = task.PlatformName, TaskId = task.Id, MayHaveBeenCharged = true };
}
