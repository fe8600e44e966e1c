using System.Buffers;
using System.Globalization;
using System.Net;
using Sora2.Sdk.Common;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>One running download, over as many connections as it needs.</summary>
/// <remarks>
/// A connection that breaks is continued by the next one if HTTP proves that both send the same version. The video counts only once all of
/// it is checked.
/// </remarks>
internal sealed class DownloadSession : IDisposable
{
    public const int BufferLength = 128 * 1024;

    /// <summary>A connection that breaks after so many bytes does not use up a retry: each one brings the end closer.</summary>
    private const int SignificantProgress = 64 * 1024;

    private readonly VideoTask _task;
    private readonly DownloadOptions _options;
    private readonly IVideoSink _sink;
    private readonly MediaClient _media;
    private readonly DownloadTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly bool _canRetry;
    private readonly AttemptBudget _budget;
    private readonly VideoLink _link;
    private readonly DownloadErrors _errors;
    private readonly ResponseInspector _inspector;
    private readonly ReceivedVideo _received;
    private readonly ProgressMeter? _progress;

    /// <summary>Whether a response was read to its end; what is left then is to judge the bytes.</summary>
    private bool _hasEnded;
    private bool _wasIncomplete;
    private bool _isDisproved;
    private bool _isReporting;

    public DownloadSession(
        DownloadContext download, IVideoSink sink, ClientContext client, MediaClient media, DownloadTelemetry telemetry)
    {
        (_task, _options, _sink, _media, _telemetry) = (download.Task, download.Options, sink, media, telemetry);
        (_clock, _canRetry) = (client.Clock, client.Options.DownloadRetries > 0);
        _budget = new AttemptBudget(client.Options.DownloadRetries, _options.IdleTimeout) { RetriedBelow = CountAttempt };
        _link = new VideoLink(download, media);
        _errors = new DownloadErrors(_task, _link, media, _budget, _clock);
        _inspector = new ResponseInspector(download, _link, _errors);
        _received = new ReceivedVideo(_options);
        _progress = download.Progress is { } progress ? new ProgressMeter(_clock, progress) : null;
    }

    /// <summary>What became of one request.</summary>
    private enum Outcome
    {
        /// <summary>The rest was received, or the bytes were confirmed to be the whole video.</summary>
        Completed,

        /// <summary>The link was refused, and a fresh one may help.</summary>
        LinkRefused,

        /// <summary>The response named another link.</summary>
        Redirected,

        /// <summary>A request for a part was refused without saying how long the video is.</summary>
        RangeRefused,
    }

    /// <summary>The container of the video, if it is not MP4.</summary>
    public VideoContainer? Container => _received.Container;

    /// <summary>Reads bytes that an earlier call left.</summary>
    public void Restore(ReadOnlyMemory<byte> bytes) => _received.Append(bytes.Span);

    /// <summary>Ends restoring: the download continues from there, or starts over if there is no valid record of the bytes.</summary>
    public void EndRestore(PartialRecord? record)
    {
        if (record is null)
        {
            Discard();
        }
        else
        {
            _received.Describe(record.Version, record.ContentType, isLengthAnnounced: true);
        }
    }

    /// <summary>Downloads what is missing.</summary>
    /// <exception cref="DownloadException">The download failed; if that is transient, the next attempt continues it.</exception>
    public async ValueTask<DownloadedVideo> AttemptAsync(CancellationToken cancellationToken)
    {
        if (_errors.Attempts > 0)
        {
            _budget.TakeRetry();
        }

        if (_received.Version?.Length is { } length && length > _options.MaxBytes)
        {
            throw TooLarge(length);
        }

        while (!_hasEnded && (_received.Version is null || _received.Length < _received.Version.Length))
        {
            await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }

        _hasEnded = true;
        switch (_received.Judge())
        {
            case Completeness.Incomplete:
                throw IncompleteVideo();
            case Completeness.Unknown:
                await ConfirmAsync(cancellationToken).ConfigureAwait(false);
                break;
        }

        Report(_received.Length, isEnd: true);
        return new DownloadedVideo
        {
            TaskId = _task.Id,
            Length = _received.Length,
            ContentType = _received.ContentType,
            Sha256 = _received.TakeSha256(),
        };
    }

    public void Dispose() => _received.Dispose();

    /// <summary>Receives what one connection brings, and gets a fresh link where that is refused.</summary>
    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var before = _received.Length;
        try
        {
            long? from = _received.Version is null || _received.Length == 0 ? null : _received.ResumePosition;
            var outcome = await RequestAsync(from, reader => CopyAsync(reader, cancellationToken), cancellationToken).ConfigureAwait(false);
            _hasEnded = outcome == Outcome.Completed;
            if (outcome == Outcome.LinkRefused)
            {
                await RefreshLinkAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (DownloadException e) when (_canRetry && e is { IsTransient: true, RetryAfter: null } && HasProgressed())
        {
            // The next connection continues at once.
        }

        bool HasProgressed() => _received.Version is not null && _received.Length - before >= SignificantProgress;
    }

    /// <summary>
    /// The bytes may be a part that happens to end like a whole video: requests what follows them. If the host sends everything again, the
    /// length that comes twice counts.
    /// </summary>
    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        _isDisproved = false;
        try
        {
            long? from = _received.ResumePosition;
            while (await RequestAsync(from, CompareAsync, cancellationToken).ConfigureAwait(false) is var outcome and not Outcome.Completed)
            {
                if (outcome == Outcome.LinkRefused)
                {
                    await RefreshLinkAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (_received.IsLengthAnnounced)
                {
                    return;
                }
                else if (from is null)
                {
                    throw Different();
                }
                else
                {
                    from = null; // The part exists, so that a refusal without a length proves nothing.
                }
            }
        }
        catch (DownloadException) when (_received.IsLengthAnnounced && !_isDisproved)
        {
            // As many bytes came as were announced, and nothing disproved them.
        }
    }

    /// <summary>Sends one request and reads its response.</summary>
    /// <param name="from">The first byte to request; null for the whole video.</param>
    /// <param name="readBody">Reads a response that brings bytes.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    private async Task<Outcome> RequestAsync(
        long? from, Func<RangeReader, Task<Outcome>> readBody, CancellationToken cancellationToken)
    {
        CountAttempt();
        var reader = new RangeReader(from, _received.Version, _options.IdleTimeout, _clock, cancellationToken);
        try
        {
            await using var _ = reader.ConfigureAwait(false);
            await reader.OpenAsync(_media, _link, _budget).ConfigureAwait(false);
            return reader.Status is HttpStatusCode.OK or HttpStatusCode.PartialContent
                ? await readBody(reader).ConfigureAwait(false)
                : await HandleRefusalAsync(reader).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw _errors.Create(
                reader.IsIdle
                    ? $"its host was silent for {DurationFormat.Seconds(_options.IdleTimeout)} s."
                    : MessageText.EnsurePeriod(e.Message),
                e);
        }
        catch (Sora2ValidationException e)
        {
            throw _errors.NotAllowed(e);
        }
        catch (Exception e) when (!_isReporting && e is not Sora2Exception) // Handlers of the application may throw anything.
        {
            throw _errors.Create(HostFailure.Describe(e), e, retryAfter: HostFailure.RetryAfter(e));
        }
    }

    /// <summary>Decides what a response without a body of the video means.</summary>
    private async Task<Outcome> HandleRefusalAsync(RangeReader reader)
    {
        if (_link.CanRefresh && (int)reader.Status is 401 or 403 or 404 or 410)
        {
            return Outcome.LinkRefused;
        }

        if (reader.Status == HttpStatusCode.RequestedRangeNotSatisfiable && _hasEnded)
        {
            return reader.ContentRange?.Length is not { } length ? Outcome.RangeRefused
                : length == _received.Length ? Outcome.Completed
                : throw Different();
        }

        if (reader.Status == HttpStatusCode.RequestedRangeNotSatisfiable && _received.Length > 0)
        {
            throw StartOver("its host has no such part of it.");
        }

        return await _inspector.ReadRefusalAsync(reader).ConfigureAwait(false) is { } refusal ? throw refusal : Outcome.LinkRefused;
    }

    /// <summary>Copies what is missing to the sink.</summary>
    private async Task<Outcome> CopyAsync(RangeReader reader, CancellationToken cancellationToken)
    {
        var join = reader.FindJoin(_received.Length);
        if (join is null)
        {
            RequireWholeVideo(reader);
        }

        var position = join ?? 0;
        var total = join is null ? reader.TotalLength : _received.Version!.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var minimum = join is null ? Mp4BoxValidator.StartLength : 1;
            var read = await reader.ReadAtLeastAsync(buffer, minimum).ConfigureAwait(false);
            if (join is null)
            {
                // Checked before the bytes received so far are discarded.
                if (await _inspector.RequireVideoAsync(reader, buffer, read).ConfigureAwait(false) is not { } checkedRead)
                {
                    return Outcome.Redirected;
                }

                read = checkedRead;
                Begin(reader, total);
            }

            _progress?.Begin(_received.Length);
            while (read > 0)
            {
                var repeated = (int)Math.Clamp(_received.Length - position, 0, read);
                if (!_received.Matches(buffer.AsSpan(0, repeated), position))
                {
                    throw StartOver("its host sent a part of something else.");
                }

                await AppendAsync(buffer.AsMemory(repeated, read - repeated), total, cancellationToken).ConfigureAwait(false);
                position += read;
                _telemetry.Received(read);
                Report(total);
                read = await reader.ReadAsync(buffer).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return total is null || _received.Length == total ? Outcome.Completed
            : throw _errors.Create(
                string.Create(CultureInfo.InvariantCulture, $"the connection ended after {_received.Length} of {total} bytes."));
    }

    /// <summary>Refuses a response that neither continues the received bytes nor brings the video from its start.</summary>
    private void RequireWholeVideo(RangeReader reader)
    {
        if (reader.IsLaterPart())
        {
            throw StartOver("its host sent another part of it than was requested.");
        }

        if (_received.Length > 0 && !_sink.CanStartOver)
        {
            throw StartOver("the connection broke, and its host does not send the rest alone.");
        }
    }

    /// <summary>Starts over with the bytes of this response.</summary>
    private void Begin(RangeReader reader, long? total)
    {
        if (total > _options.MaxBytes)
        {
            throw TooLarge(total.Value);
        }

        Discard();

        // Both are kept on the disk. A link at the API is requested with the key: a host that repeats the key gives no version.
        var contentType = reader.ContentType is { } type ? _media.Masked(type) : null;
        var version = EntityVersion.TryFrom(reader.Response);
        version = version?.Tag is { } tag && _media.Masked(tag) != tag ? null : version;
        _received.Describe(version, contentType, reader.IsTotalAnnounced);
        try
        {
            _sink.Begin(version, contentType, total);
        }
        catch (Exception e)
        {
            throw _errors.NotWritten(e);
        }
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, long? total, CancellationToken cancellationToken)
    {
        var length = _received.Length + bytes.Length;
        if (length > total)
        {
            throw StartOver("its host sent more than it announced.");
        }

        if (length > _options.MaxBytes)
        {
            throw TooLarge(total);
        }

        try
        {
            await _sink.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested) // The caller's stream may throw anything.
        {
            throw _errors.NotWritten(e);
        }

        _received.Append(bytes.Span);
    }

    private async Task<Outcome> CompareAsync(RangeReader reader) =>
        await _received.IsConfirmedByAsync(reader, _telemetry).ConfigureAwait(false) ? Outcome.Completed : throw Different();

    private async Task RefreshLinkAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await _link.RefreshAsync(cancellationToken).ConfigureAwait(false))
            {
                throw _errors.Create($"its link was refused, and {_task.PlatformName} no longer has one for the task.", isTransient: false);
            }
        }
        catch (Sora2ApiException e)
        {
            var reason = $"its link was refused, and requesting a fresh one failed: {MessageText.EnsurePeriod(e.Message)}";
            throw _errors.Create(reason, e, isTransient: e.IsTransient);
        }
    }

    private void CountAttempt()
    {
        _errors.Attempts++;
        _telemetry.Connects(_link.Url, _received.Length);
    }

    /// <summary>Reports progress. What the caller's <see cref="IProgress{T}"/> throws reaches the caller unchanged.</summary>
    private void Report(long? total, bool isEnd = false)
    {
        _isReporting = true;
        _progress?.Report(_received.Length, total, isEnd);
        _isReporting = false;
    }

    private void Discard()
    {
        _sink.Discard();
        _received.Clear();
        _hasEnded = false;
    }

    /// <summary>The received bytes cannot be used: the next attempt starts over, if the sink allows it.</summary>
    private DownloadException StartOver(string reason)
    {
        if (_received.Length > 0 && !_sink.CanStartOver)
        {
            const string NextStep = "What was written to the stream cannot be removed: download again to a new one.";
            return _errors.Create($"{reason} {NextStep}", isTransient: false);
        }

        Discard();
        return _errors.Create(reason);
    }

    /// <summary>A second request shows another length or other bytes.</summary>
    private DownloadException Different()
    {
        _isDisproved = true;
        return StartOver("a second request returned another length or other bytes.");
    }

    /// <summary>
    /// The host sent everything, and it is not a complete video. The first time that may be due to a part that was joined wrongly; the
    /// second time it is what the host has.
    /// </summary>
    private DownloadException IncompleteVideo()
    {
        var kind = Container is null ? "MP4" : "video";
        var reason = string.Create(CultureInfo.InvariantCulture, $"the {_received.Length} bytes received are not a complete {kind}.");
        if (_wasIncomplete)
        {
            Discard();
            return _errors.Create(reason + " A second download had the same result.", isTransient: false);
        }

        _wasIncomplete = true;
        return StartOver(reason);
    }

    /// <summary>The video is larger than allowed, as it would be the next time: nothing is kept.</summary>
    private DownloadException TooLarge(long? length)
    {
        const string Setting = $"{nameof(DownloadOptions)}.{nameof(DownloadOptions.MaxBytes)}";
        var size = length is { } bytes ? $"it has {DisplayFormat.Size(bytes)}" : "it does not end there";
        var reason = string.Create(CultureInfo.InvariantCulture, $"{size}, and at most {_options.MaxBytes} bytes are accepted.");
        Discard();
        return _errors.Create($"{reason} Set {Setting} higher if that is right.", isTransient: false);
    }
}
