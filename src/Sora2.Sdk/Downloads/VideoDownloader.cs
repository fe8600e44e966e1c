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
        var url = LinkOf(task);
        var target = VideoFileName.PathFor(path, task.Id);
        if (!options.Overwrite && File.Exists(target))
        {
            throw new Sora2ValidationException($"\"{target}\" is there already. Choose another path, or set DownloadOptions.Overwrite.");
        }

        var partial = $"{target}.{Guid.NewGuid():N}.partial";
        try
        {
            DownloadedVideo video;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                video = await CopyAsync(task, url, file, options, progress, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, target, options.Overwrite);
            return video with { Path = target };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DownloadException($"The video of task {task.Id} cannot be written to \"{target}\": {e.Message}", e) { Platform = task.Platform, TaskId = task.Id };
        }
        finally
        {
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }
        }
    }

    public Task<DownloadedVideo> ToStreamAsync(VideoTask task, Stream destination, DownloadOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken) =>
        CopyAsync(task, LinkOf(task), destination, options, progress, cancellationToken);

    private static Uri LinkOf(VideoTask task)
    {
        var url = task.VideoUrl ?? throw new Sora2ValidationException(task.Status == VideoTaskStatus.Failed
            ? $"Task {task.Id} failed and has no video: {task.FailureReason}"
            : $"Task {task.Id} has no video yet (it is {task.Status}). Wait for it with WaitAsync first.")
        { Platform = task.Platform, TaskId = task.Id };
        return url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps
            ? url
            : throw new Sora2ValidationException($"The video of task {task.Id} is at an address of the kind \"{url.Scheme}:\"; only http and https are followed.") { Platform = task.Platform, TaskId = task.Id };
    }

    private async Task<DownloadedVideo> CopyAsync(VideoTask task, Uri url, Stream destination, DownloadOptions options, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(options.IdleTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await media.GetAsync(url, linked.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                throw Refused(answer);
            }

            var source = await answer.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using var _ = source.ConfigureAwait(false);
            var total = answer.Content.Headers.ContentLength;
            var structure = new Mp4Structure();
            var bytes = await CopyAsync(source, destination, total, structure).ConfigureAwait(false);
            if (bytes == 0 || (total is not null && bytes != total))
            {
                throw Failure(string.Create(CultureInfo.InvariantCulture, $"it ended after {bytes} of {total?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number of"} bytes. Download it again."));
            }

            if (!structure.IsWhole)
            {
                throw Failure(string.Create(CultureInfo.InvariantCulture, $"the {bytes} bytes that came are not a whole MP4. Download it again."));
            }

            return new DownloadedVideo { TaskId = task.Id, Bytes = bytes, ContentType = answer.Content.Headers.ContentType?.MediaType };
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw Failure($"its host was silent for {Seconds.Of(options.IdleTimeout)} s. Download it again.", e);
        }
        catch (HttpRequestException e) when (e.InnerException is PrivateAddressException closed)
        {
            throw new Sora2ValidationException($"The video of task {task.Id} was not fetched: {closed.Message}", e) { Platform = task.Platform, TaskId = task.Id };
        }
        catch (HttpRequestException e)
        {
            throw Failure($"{(e.InnerException ?? e).Message} Download it again.", e);
        }
        finally
        {
            answer?.Dispose();
        }

        async Task<long> CopyAsync(Stream source, Stream destination, long? total, Mp4Structure structure)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
            try
            {
                for (long done = 0; ;)
                {
                    var read = await ReadAsync(source, buffer).ConfigureAwait(false);
                    if (read == 0)
                    {
                        return done;
                    }

                    if (done == 0 && LooksLikeText(buffer.AsSpan(0, read)))
                    {
                        throw Failure("its host answered with text instead of a video: " + Redaction.MaskKeys(Encoding.UTF8.GetString(buffer, 0, Math.Min(read, 500))));
                    }

                    structure.Read(buffer.AsSpan(0, read));
                    await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    done += read;
                    progress?.Report(new DownloadProgress(done, total));
                    idle.CancelAfter(options.IdleTimeout);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        async ValueTask<int> ReadAsync(Stream source, byte[] buffer)
        {
            try
            {
                return await source.ReadAsync(buffer, linked.Token).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                throw Failure($"the connection to its host broke: {e.Message} Download it again.", e);
            }
        }

        DownloadException Refused(HttpResponseMessage refusal) => Failure(
            $"its host answered {(int)refusal.StatusCode}.{(refusal.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone ? " The link has probably expired: ask for the task again with GetAsync and download from what it says then." : "")}",
            statusCode: refusal.StatusCode);

        DownloadException Failure(string what, Exception? cause = null, HttpStatusCode? statusCode = null) =>
            new($"The video of task {task.Id} could not be downloaded from {Redaction.WithoutQuery(url)}: {what}", cause) { Platform = task.Platform, TaskId = task.Id, StatusCode = statusCode };
    }

    /// <summary>An error in JSON or HTML under the name of a video.</summary>
    private static bool LooksLikeText(ReadOnlySpan<byte> start)
    {
        start = start.TrimStart(" \t\r\n"u8);
        return start.StartsWith("{"u8) || start.StartsWith("<"u8);
    }
}
