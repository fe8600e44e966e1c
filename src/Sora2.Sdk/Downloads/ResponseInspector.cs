using System.Globalization;
using System.Text;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Downloads;

/// <summary>Recognizes responses that do not bring the video: refusals, messages in JSON or HTML, other files.</summary>
internal sealed class ResponseInspector(DownloadContext download, VideoLink link, DownloadErrors errors)
{
    /// <summary>The most of a refusal that is read for its message.</summary>
    private const int MaxMessageLength = 64 * 1024;

    private static readonly string[] NotReady =
        ["not ready", "not yet ready", "not yet available", "still processing", "尚未完成", "未就绪", "处理中", "生成中"];

    /// <summary>Checks that a body starts like a video; a response with status 200 may still be an error in JSON or a web page.</summary>
    /// <param name="reader">Reads the body.</param>
    /// <param name="buffer">Holds the start of the body, and gets more of it.</param>
    /// <param name="read">How much of the body is in the buffer.</param>
    /// <returns>How much is in it now; null if the body names another link, which is then the one to request.</returns>
    /// <exception cref="DownloadException">The body is no video.</exception>
    public async Task<int?> RequireVideoAsync(RangeReader reader, byte[] buffer, int read)
    {
        if (Mp4BoxValidator.MayBegin(buffer.AsSpan(0, read)))
        {
            return read;
        }

        await FillAsync(VideoContainer.StartLength).ConfigureAwait(false);
        if (VideoContainer.Detect(buffer.AsSpan(0, read)) is { } container)
        {
            return download.Options.AllowOtherContainers && container.Extension is not null
                ? read
                : throw NotMp4(container, reader.Response);
        }

        await FillAsync(buffer.Length).ConfigureAwait(false);
        var body = buffer.AsMemory(0, read);
        if (!body.IsEmpty && IsText(body.Span))
        {
            var task = ResponseReader.Read(body, download.Task.Id, isPaid: false).Task;
            return TryFollowLinkOf(task, body.Span, reader.Response) ? null : throw TextInsteadOfVideo(task, body, reader.Response);
        }

        throw body.Length < Mp4BoxValidator.StartLength
            ? errors.Create(string.Create(CultureInfo.InvariantCulture, $"the connection ended after {body.Length} bytes."))
            : errors.Create(
                $"it is not an MP4: it starts with {Convert.ToHexString(body.Span[..Mp4BoxValidator.StartLength])}.",
                isTransient: false,
                response: reader.Response);

        async Task FillAsync(int length)
        {
            if (read < length)
            {
                read += await reader.ReadAtLeastAsync(buffer.AsMemory(read), length - read).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads the message of a refusal.</summary>
    /// <returns>The error to throw; null if the link has expired and can be refreshed.</returns>
    public async Task<DownloadException?> ReadRefusalAsync(RangeReader reader)
    {
        var buffer = new byte[MaxMessageLength];
        var body = buffer.AsMemory(0, await reader.ReadAtLeastAsync(buffer, buffer.Length).ConfigureAwait(false));
        var status = (int)reader.Status;
        var hasExpired = status == 400 && body.Span.IndexOf("xpired"u8) >= 0;
        if (hasExpired && link.CanRefresh)
        {
            return null;
        }

        var message = body.IsEmpty ? "." : ": " + MessageText.EnsurePeriod(BodyExcerpt.Summarize(body));
        var explanation = hasExpired || status is 401 or 403 or 404 or 410
            ? link.WasRefreshed ? " A fresh link was requested and refused as well." : " The link has probably expired."
            : status is 301 or 302 or 303 or 307 or 308 ? " It was redirected too often, or to an address that is not valid."
            : "";
        return errors.Create(
            $"its host returned {status}{message}{explanation}",
            isTransient: status is >= 500 or 202 or 204 or 304 or 408 or 409 or 425 or 429 || IsNotReady(body),
            response: reader.Response,
            body: body);
    }

    private static bool IsNotReady(ReadOnlyMemory<byte> message)
    {
        var text = Encoding.UTF8.GetString(message.Span);
        return NotReady.Any(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsJson(ReadOnlySpan<byte> body) => SkipBlanks(body) is [(byte)'{' or (byte)'[', ..];

    private static bool IsText(ReadOnlySpan<byte> body)
    {
        body = SkipBlanks(body);
        return body is [] or [(byte)'{' or (byte)'[' or (byte)'<', ..]
            || body[..Math.Min(body.Length, 64)].IndexOfAnyInRange((byte)0, (byte)8) < 0;
    }

    private static ReadOnlySpan<byte> SkipBlanks(ReadOnlySpan<byte> body) => body.TrimStart("\uFEFF \t\r\n"u8);

    private bool TryFollowLinkOf(TaskReader task, ReadOnlySpan<byte> body, HttpResponseMessage response)
    {
        var requested = response.RequestMessage?.RequestUri ?? link.Url;
        return IsJson(body)
            && task.Status != VideoTaskStatus.Failed
            && task.VideoUrl(requested) is { } next
            && link.TryFollow(next, requested);
    }

    private DownloadException TextInsteadOfVideo(TaskReader task, ReadOnlyMemory<byte> body, HttpResponseMessage response)
    {
        var text = MessageText.EnsurePeriod(BodyExcerpt.Summarize(body));
        return task.Status is VideoTaskStatus.NotStarted or VideoTaskStatus.InProgress || IsNotReady(body)
            ? errors.Create($"its host says that it is not ready: {text}", response: response, body: body)
            : errors.Create($"its host sent text instead of a video: {text}", isTransient: false, response: response, body: body);
    }

    private DownloadException NotMp4(VideoContainer container, HttpResponseMessage response)
    {
        const string Setting = $"{nameof(DownloadOptions)}.{nameof(DownloadOptions.AllowOtherContainers)}";
        var nextStep = container.Extension is null ? "" : $" Set {Setting} to accept it.";
        return errors.Create($"it is {container.Name}, not an MP4.{nextStep}", isTransient: false, response: response);
    }
}
