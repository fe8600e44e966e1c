using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Sora2.Sdk;

/// <summary>Brings a finished video to a file or a stream. A file gets its name once it is whole.</summary>
internal sealed class VideoDownloader(MediaHttp media, TimeProvider clock)
{
    private const int BufferLength = 128 * 1024;

    public async Task<DownloadedVideo> ToFileAsync(VideoTask task, string path, DownloadOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        Check(task, options);
        var target = VideoFileName.PathFor(path, task.Id);
        if (!options.Overwrite && File.Exists(target))
        {
            throw Refused(task, $"\"{target}\" is there already. Choose another path, or set DownloadOptions.Overwrite.");
        }

        // Beside the target, so that renaming is one step; with a name of its own, which is never longer than the target may be.
        var partial = Path.Combine(Path.GetDirectoryName(target)!, $".sora2-{Guid.NewGuid():N}.partial");
        try
        {
            DownloadedVideo video;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                video = await CopyAsync(task, file, options, progress, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, target, options.Overwrite);
            return video with { Path = target };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(task, $"\"{target}\"", e);
        }
        finally
        {
            Remove(partial);
        }
    }

    public Task<DownloadedVideo> ToStreamAsync(VideoTask task, Stream destination, DownloadOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        Check(task, options);
        return CopyAsync(task, destination, options, progress, cancellationToken);
    }

    private static void Check(VideoTask task, DownloadOptions options)
    {
        if (!Sora2ClientSettings.IsDuration(options.IdleTimeout, mayBeInfinite: true))
        {
            throw Refused(task, $"DownloadOptions.IdleTimeout is {options.IdleTimeout}; it has to be 1 ms to 24 days, or Timeout.InfiniteTimeSpan.");
        }

        if (task.VideoUrl is null)
        {
            throw Refused(task, task.Status == VideoTaskStatus.Failed
                ? $"Task {task.Id} failed and has no video: {task.FailureReason ?? "it gave no reason"}"
                : $"Task {task.Id} has no video yet (it is {task.Status}). Wait for it with WaitAsync first.");
        }
    }

    private async Task<DownloadedVideo> CopyAsync(VideoTask task, Stream destination, DownloadOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(options.IdleTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        try
        {
            using var answer = await media.GetAsync(task.VideoUrl!, linked.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                var expired = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone ? " The link has probably expired: ask for the task again with GetAsync and download from what it says then." : "";
                throw Failure(task, $"its host answered {(int)answer.StatusCode}.{expired}", statusCode: answer.StatusCode);
            }

            var source = await answer.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using var _ = source.ConfigureAwait(false);
            var total = answer.Content.Headers.ContentLength;
            var bytes = await CopyAsync(task, source, destination, total, idle, options.IdleTimeout, progress, linked.Token).ConfigureAwait(false);
            return new DownloadedVideo { TaskId = task.Id, Bytes = bytes, ContentType = answer.Content.Headers.ContentType?.MediaType };
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw Failure(task, idle.IsCancellationRequested ? $"its host was silent for {Seconds.Of(options.IdleTimeout)} s. Download it again." : $"{Sentence.Ended(e.Message)} Download it again.", e);
        }
        catch (Sora2ValidationException e)
        {
            throw Refused(task, $"The video of task {task.Id} was not fetched: {e.Message}", e);
        }
        catch (HttpRequestException e)
        {
            throw Failure(task, $"{Sentence.Ended((e.InnerException ?? e).Message)} Download it again.", e);
        }
    }

    private static async Task<long> CopyAsync(
        VideoTask task, Stream source, Stream destination, long? total, CancellationTokenSource idle, TimeSpan patience, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var structure = new Mp4Structure();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            long done = 0;
            while (await ReadAsync(task, source, buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                idle.CancelAfter(Timeout.InfiniteTimeSpan); // a slow destination is not the host's silence
                if (done == 0 && LooksLikeText(buffer.AsSpan(0, read)))
                {
                    throw Failure(task, "its host answered with text instead of a video: " + Redaction.Mask(Encoding.UTF8.GetString(buffer, 0, Math.Min(read, 500))));
                }

                structure.Read(buffer.AsSpan(0, read));
                await WriteAsync(task, destination, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                done += read;
                progress?.Report(new DownloadProgress(done, total));
                idle.CancelAfter(patience);
            }

            return done == 0 || (total is not null && done != total)
                ? throw Failure(task, string.Create(CultureInfo.InvariantCulture, $"it ended after {done} of {total?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of"} bytes. Download it again."))
                : structure.IsWhole ? done
                : throw Failure(task, string.Create(CultureInfo.InvariantCulture, $"the {done} bytes that came are not a whole MP4. Download it again."));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> ReadAsync(VideoTask task, Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw Failure(task, $"the connection to its host broke: {Sentence.Ended(e.Message)} Download it again.", e);
        }
    }

    private static async ValueTask WriteAsync(VideoTask task, Stream destination, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException) // whatever the caller's stream throws
        {
            throw NotWritten(task, "its destination", e);
        }
    }

    /// <summary>An error in JSON or HTML under the name of a video.</summary>
    private static bool LooksLikeText(ReadOnlySpan<byte> start)
    {
        start = start.TrimStart(" \t\r\n"u8);
        return start.StartsWith("{"u8) || start.StartsWith("<"u8);
    }

    private static void Remove(string partial)
    {
        try
        {
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The download failed before, and that error is the one to tell; a file that nobody takes for a video stays behind.
        }
    }

    private static Sora2ValidationException Refused(VideoTask task, string message, Exception? cause = null) => new(message, cause) { Platform = task.Platform, TaskId = task.Id, MayHaveBeenCharged = true };

    private static DownloadException NotWritten(VideoTask task, string where, Exception cause) =>
        new($"The video of task {task.Id} cannot be written to {where}: {Sentence.Ended(cause.Message)} Make room or choose another place, and download it again.", cause) { Platform = task.Platform, TaskId = task.Id };

    private static DownloadException Failure(VideoTask task, string what, Exception? cause = null, HttpStatusCode? statusCode = null) =>
        new($"The video of task {task.Id} could not be downloaded from {Redaction.WithoutQuery(task.VideoUrl!)}: {what}", cause)
        {
            Platform = task.Platform,
            TaskId = task.Id,
            StatusCode = statusCode,
            IsTransient = statusCode is null || (int)statusCode is >= 500 or 408 or 429,
        };
}
