using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms.Responses;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>
/// One running download, over as many connections as it takes: a part that came is joined to the next one if HTTP proves that both are of one version, and the whole is
/// checked before it counts.
/// </summary>
internal sealed class Download : IDisposable
{
    public const int BufferLength = 128 * 1024;

    /// <summary>So much of what is there is asked for again with the rest, and compared: a host that joins the wrong parts shows.</summary>
    private const int MaxTailLength = 1024;

    /// <summary>A connection that brought so much and broke is not counted as a failure.</summary>
    private const int WorthGoingOn = 64 * 1024;

    /// <summary>So much of an answer that is no video is read for its message.</summary>
    private const int MaxTextLength = 64 * 1024;

    private readonly MediaClient _media;
    private readonly VideoTask _task;
    private readonly IVideoSink _sink;
    private readonly DownloadOptions _options;
    private readonly DownloadTelemetry _observation;
    private readonly AttemptBudget _budget;
    private readonly TimeProvider _clock;
    private readonly bool _goesOn;
    private readonly ProgressMeter? _progress;
    private readonly IncrementalHash? _hash;
    private readonly byte[] _tail = new byte[MaxTailLength];
    private Mp4BoxValidator _structure = new();
    private Func<CancellationToken, Task<VideoTask>>? _askAgain;
    private Uri _link;

    /// <summary>Whether <see cref="_link"/> is the platform's own word, and no media host's.</summary>
    private bool _isPlatformsLink = true;
    private EntityVersion? _version;
    private VideoContainer? _container;
    private Checksum _checksum;
    private string? _contentType;
    private long _received;

    /// <summary>Whether the host said how many bytes there are.</summary>
    private bool _isAnnounced;

    /// <summary>Whether a response brought the last of it.</summary>
    private bool _hasEnded;
    private int _tailLength;
    private int _attempts;
    private bool _hasFreshLink;
    private bool _wasSentOn;
    private bool _isDisproved;
    private bool _wasNoVideo;
    private bool _isTelling;

    /// <param name="media">Fetches.</param>
    /// <param name="task">The task whose video it is.</param>
    /// <param name="sink">Where the bytes go.</param>
    /// <param name="options">The caller's.</param>
    /// <param name="progress">The caller's, or null.</param>
    /// <param name="askAgain">Asks the platform for the task, which brings a fresh link; done once. Null if it cannot be asked.</param>
    /// <param name="client">The client's options.</param>
    /// <param name="observation">Told of every connection.</param>
    public Download(MediaClient media, VideoTask task, IVideoSink sink, DownloadOptions options, ProgressMeter? progress, Func<CancellationToken, Task<VideoTask>>? askAgain, Sora2ClientOptions client, DownloadTelemetry observation)
    {
        (_media, _task, _sink, _options, _progress, _askAgain, _observation) = (media, task, sink, options, progress, askAgain, observation);
        (_clock, _goesOn) = (client.TimeProvider, client.DownloadRetries > 0);
        _link = task.VideoUrl!;
        _budget = new AttemptBudget(client.DownloadRetries, options.IdleTimeout) { RetriedBelow = Attempt };
        _hash = options.ComputeSha256 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    }

    private delegate Task<Outcome> ReadBody(
        Stream source, HttpResponseMessage answer, CancellationTokenSource idle, CancellationToken reading, CancellationToken writing);

    /// <summary>What one request came to.</summary>
    private enum Outcome
    {
        /// <summary>The rest came, or what is there was found to be all of it.</summary>
        Done,

        /// <summary>The link was refused, and a fresh one may help.</summary>
        LinkRefused,

        /// <summary>The response named another link.</summary>
        SentOn,

        /// <summary>A part that is there was refused.</summary>
        NoRanges,
    }

    /// <summary>The container of what came, if it is no MP4.</summary>
    public VideoContainer? Container => _container;

    /// <summary>Takes in bytes that an earlier call left.</summary>
    public void Restore(ReadOnlyMemory<byte> bytes) => Take(bytes.Span);

    /// <summary>All that was left is taken in: goes on from there, or from nothing if it does not count.</summary>
    public void Restored(PartialRecord? record)
    {
        if (record is null)
        {
            Forget();
        }
        else
        {
            (_version, _contentType, _isAnnounced) = (record.Version, record.ContentType, true);
        }
    }

    /// <summary>Fetches what is missing, over one connection and no more than two links.</summary>
    /// <exception cref="DownloadException">It broke, or cannot be had.</exception>
    public async ValueTask<DownloadedVideo> AttemptAsync(CancellationToken cancellationToken)
    {
        if (_attempts > 0)
        {
            _budget.TakeRetry();
        }

        if (_version?.Length is { } length && length > _options.MaxBytes)
        {
            throw TooLarge(length);
        }

        while (!_hasEnded && (_version is null || _received < _version.Length))
        {
            var before = _received;
            var outcome = Outcome.Done;
            try
            {
                long? from = _version is null || _received == 0 ? null : _received - _tailLength;
                outcome = await RequestAsync(CopyAsync, from, cancellationToken).ConfigureAwait(false);
            }
            catch (DownloadException e) when (_goesOn && e.IsTransient && e.RetryAfter is null && _version is not null && _received - before >= WorthGoingOn)
            {
                continue; // It broke and got on: each connection of a host that cuts them brings the end nearer.
            }

            _hasEnded = outcome == Outcome.Done;
            if (outcome == Outcome.LinkRefused)
            {
                await RenewLinkAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        _hasEnded = true;
        var wholeness = Judge();
        if (wholeness == Completeness.Unsure)
        {
            await ConfirmAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (wholeness == Completeness.No)
        {
            throw NoVideo();
        }

        Tell(_received, isEnd: true);
        return new DownloadedVideo
        {
            TaskId = _task.Id,
            Bytes = _received,
            ContentType = _contentType,
            Sha256 = _hash is null ? null : Convert.ToHexString(_hash.GetHashAndReset()).ToLowerInvariant(),
        };
    }

    public void Dispose() => _hash?.Dispose();

    private Completeness Judge() => _container is null ? _structure.Of(_isAnnounced)
        : _received < _container.LeastLength ? Completeness.No
        : _isAnnounced ? Completeness.Yes
        : Completeness.Unsure;

    /// <summary>
    /// What came may be a part that ends in good order: the host is asked for what follows. If it sends everything again, the length that
    /// comes twice counts.
    /// </summary>
    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        _isDisproved = false;
        try
        {
            long? from = _received - _tailLength;
            while (await RequestAsync(CompareAsync, from, cancellationToken).ConfigureAwait(false) is var outcome and not Outcome.Done)
            {
                if (outcome == Outcome.LinkRefused)
                {
                    await RenewLinkAsync(cancellationToken).ConfigureAwait(false);
                }
                else if (_isAnnounced)
                {
                    return;
                }
                else if (from is null)
                {
                    throw Differs();
                }
                else
                {
                    from = null; // The part is there, so a refusal that gives no length proves nothing.
                }
            }
        }
        catch (DownloadException) when (_isAnnounced && !_isDisproved)
        {
            // So many bytes came as were announced, and nothing was learned against it.
        }
    }

    /// <summary>One request and its response.</summary>
    /// <param name="read">Reads a response that brings bytes.</param>
    /// <param name="from">The first byte that is wanted; null for all of it.</param>
    /// <param name="cancellationToken">The caller's.</param>
    private async Task<Outcome> RequestAsync(ReadBody read, long? from, CancellationToken cancellationToken)
    {
        Attempt();
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        try
        {
            using var answer = await _media.GetVideoAsync(_link, _isPlatformsLink, from, _version, _budget, linked.Token)
                .ConfigureAwait(false);
            idle.CancelAfter(_options.IdleTimeout); // Until now the budget's timeout held, which does not count the time in a queue and between retries.
            if (_askAgain is not null && (int)answer.StatusCode is 401 or 403 or 404 or 410)
            {
                return Outcome.LinkRefused;
            }

            var source = Unpacked(await answer.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false), answer.Content.Headers);
            await using var _ = source.ConfigureAwait(false);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            {
                return await RefusedAsync(answer, source, linked.Token).ConfigureAwait(false);
            }

            return await read(source, answer, idle, linked.Token, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw Failure(idle.IsCancellationRequested ? $"its host was silent for {DurationFormat.Seconds(_options.IdleTimeout)} s." : MessageText.EnsurePeriod(e.Message), e);
        }
        catch (Sora2ValidationException e)
        {
            throw new Sora2ValidationException($"The video of task {_task.Id} was not fetched: {e.Message}", e) { Platform = _task.Platform, TaskId = _task.Id, MayHaveBeenCharged = true };
        }
        catch (Exception e) when (!_isTelling && e is not Sora2Exception) // also what handlers of the host's own throw
        {
            throw Failure(HostFailure.Describe(e), e, retryAfter: HostFailure.RetryAfter(e));
        }
    }

    /// <summary>A host may compress what was not to be compressed; the length that it announces is then not the video's.</summary>
    private static Stream Unpacked(Stream source, HttpContentHeaders headers)
    {
        Stream? unpacked = headers.ContentEncoding.Count != 1 ? null : headers.ContentEncoding.First().ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(source, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(source, CompressionMode.Decompress),
            "BR" => new BrotliStream(source, CompressionMode.Decompress),
            _ => null,
        };
        headers.ContentLength = unpacked is null ? headers.ContentLength : null;
        return unpacked ?? source;
    }

    private void Attempt()
    {
        _attempts++;
        _observation.Connects(_link, _received);
    }

    /// <summary>Where in the file the answer's first byte stands, if it is of the same version as what is there; null if the download begins anew with it.</summary>
    private long? Join(HttpResponseMessage answer)
    {
        var range = answer.StatusCode == HttpStatusCode.PartialContent ? answer.Content.Headers.ContentRange : null;
        if (_received > 0 && _version is not null)
        {
            if (range is not null && _version.HasPart(answer) && range.From <= _received)
            {
                return range.From!.Value;
            }

            if (answer.StatusCode == HttpStatusCode.OK && _version == EntityVersion.TryFrom(answer))
            {
                return 0; // All of it, and unchanged: what is there is read past.
            }
        }

        // What was not asked for in parts and comes as one from the start on is all of it, whatever it is called.
        var isPart = answer.StatusCode == HttpStatusCode.PartialContent
            && (range is not null ? range.From != 0 : (_received > 0 && _version is not null) || IsMultipart(answer));
        if (isPart)
        {
            throw StartOver("its host sent another part of it than was asked for.");
        }

        if (_received > 0 && !_sink.CanStartOver)
        {
            throw StartOver("it broke off, and its host does not send the rest alone.");
        }

        return null;
    }

    /// <summary>Reads what is missing.</summary>
    private async Task<Outcome> CopyAsync(
        Stream source, HttpResponseMessage answer, CancellationTokenSource idle, CancellationToken reading, CancellationToken writing)
    {
        var joined = Join(answer);
        var at = joined ?? 0;
        var headers = answer.Content.Headers;
        var total = joined is null ? headers.ContentRange?.Length ?? headers.ContentLength : _version!.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        var other = ArrayPool<byte>.Shared.Rent(BufferLength);
        var coming = Task.FromResult(0);
        var isWriting = false;
        try
        {
            var read = await source.ReadAtLeastAsync(buffer, joined is null ? Mp4BoxValidator.StartLength : 1, throwOnEndOfStream: false, reading).ConfigureAwait(false);
            if (joined is null)
            {
                // Before what is there is given up for it.
                (read, var isSentOn) = await RequireVideoAsync(buffer, read, source, answer, reading).ConfigureAwait(false);
                if (isSentOn)
                {
                    return Outcome.SentOn;
                }

                if (total > _options.MaxBytes)
                {
                    throw TooLarge(total.Value);
                }

                Forget();
                // Both are kept on the disk, and a link at the API is asked for with the key: what echoes it is no version.
                (_version, _contentType) = (EntityVersion.TryFrom(answer), headers.ContentType?.MediaType is { } type ? _media.Masked(type) : null);
                _version = _version?.Tag is { } tag && _media.Masked(tag) != tag ? null : _version;
                _isAnnounced = total is not null && headers.ContentRange is null or { Length: not null };
                isWriting = true;
                _sink.Begin(_version, _contentType, total);
                isWriting = false;
            }

            _progress?.Begin(_received);
            while (read > 0)
            {
                coming = source.ReadAsync(other, reading).AsTask(); // The next bytes come in while these are written.
                idle.CancelAfter(Timeout.InfiniteTimeSpan); // A slow disk is not the host's silence.
                var known = (int)Math.Clamp(_received - at, 0, read);
                if (!AreKnown(buffer.AsSpan(0, known), at))
                {
                    throw StartOver("its host sent something else as the rest of it.");
                }

                if (_received + (read - known) > total)
                {
                    throw StartOver("its host sent more than it announced.");
                }

                if (_received + (read - known) > _options.MaxBytes)
                {
                    throw TooLarge(total);
                }

                isWriting = true;
                await _sink.WriteAsync(buffer.AsMemory(known, read - known), writing).ConfigureAwait(false);
                isWriting = false;
                at += read;
                _observation.Received(read);
                Take(buffer.AsSpan(known, read - known));
                Tell(total);
                idle.CancelAfter(_options.IdleTimeout);
                read = await coming.ConfigureAwait(false);
                (buffer, other) = (other, buffer);
            }
        }
        catch (Exception e) when (isWriting && !writing.IsCancellationRequested) // whatever the caller's stream throws
        {
            throw NotWritten(e);
        }
        finally
        {
            if (!coming.IsCompleted)
            {
                await idle.CancelAsync().ConfigureAwait(false);
            }

            await ((Task)coming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // What it ends in was told above; until then it has a buffer.
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<byte>.Shared.Return(other);
        }

        return total is null || _received == total ? Outcome.Done
            : throw Failure(string.Create(CultureInfo.InvariantCulture, $"it ended after {_received} of {total} bytes."));
    }

    /// <summary>Reads a response that is to show whether anything follows what is there, and whether it is the same still.</summary>
    private async Task<Outcome> CompareAsync(
        Stream source, HttpResponseMessage answer, CancellationTokenSource idle, CancellationToken reading, CancellationToken writing)
    {
        var headers = answer.Content.Headers;
        var isPart = answer.StatusCode == HttpStatusCode.PartialContent;
        var total = isPart ? headers.ContentRange?.Length : headers.ContentLength;
        if (total == _received)
        {
            return Outcome.Done;
        }

        if (total is not null || IsMultipart(answer) || (isPart && headers.ContentRange is { From: var from } && !(from <= _received)))
        {
            throw Differs();
        }

        var at = isPart ? headers.ContentRange?.From ?? 0 : 0;
        var isAll = at == 0;
        var checksum = default(Checksum);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (await source.ReadAsync(buffer, reading).ConfigureAwait(false) is var read and > 0)
            {
                idle.CancelAfter(_options.IdleTimeout);
                _observation.Received(read);
                if (at + read > _received || !AreKnown(buffer.AsSpan(0, read), at))
                {
                    throw Differs();
                }

                checksum = checksum.With(at, buffer.AsSpan(0, read));
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return at == _received && (!isAll || checksum == _checksum) ? Outcome.Done : throw Differs();
    }

    private static bool IsMultipart(HttpResponseMessage answer) =>
        answer.Content.Headers.ContentType?.MediaType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Refuses what does not begin like a video: an error in JSON or a web page under the name of one.</summary>
    /// <returns>How many bytes are there now, and whether they name another link, which is then the one to follow.</returns>
    private async Task<(int Read, bool IsSentOn)> RequireVideoAsync(
        byte[] buffer, int read, Stream source, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (Mp4BoxValidator.MayBegin(buffer.AsSpan(0, read)))
        {
            return (read, false);
        }

        read += await source.ReadAtLeastAsync(buffer.AsMemory(read), VideoContainer.StartLength, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        if (VideoContainer.Detect(buffer.AsSpan(0, read)) is { } container)
        {
            const string Setting = $"{nameof(DownloadOptions)}.{nameof(DownloadOptions.AllowOtherContainers)}";
            var wayOut = container.Extension is null ? "" : $" Set {Setting} to take it.";
            return _options.AllowOtherContainers && container.Extension is not null ? (read, false)
                : throw Failure($"it is {container.Name} and no MP4.{wayOut}", isTransient: false, answer: answer);
        }

        read += await source.ReadAtLeastAsync(buffer.AsMemory(read), buffer.Length - read, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        var body = buffer.AsMemory(0, read);
        if (LooksLikeText(body.Span))
        {
            var said = ResponseReader.Read(body, _task.Id, isPaid: false).Task;
            var asked = answer.RequestMessage?.RequestUri ?? _link;
            if (!_wasSentOn && IsJson(body.Span) && said.Status != VideoTaskStatus.Failed
                && said.VideoUrl(asked) is { } link && UriExtensions.IsHttp(link) && link != asked)
            {
                // Once. What a media host names gets no key.
                _isPlatformsLink &= _media.IsApi(_link) && UriExtensions.IsSameOrigin(_link, asked);
                (_link, _wasSentOn) = (link, true);
                return (read, true);
            }

            if (said.Status is VideoTaskStatus.NotStarted or VideoTaskStatus.InProgress || IsNotReady(body))
            {
                throw Failure($"its host says that it is not ready: {MessageText.EnsurePeriod(BodyExcerpt.Summarize(body))}", answer: answer, body: body);
            }
        }

        throw body.IsEmpty || (body.Length < Mp4BoxValidator.StartLength && !LooksLikeText(body.Span)) ? Failure(string.Create(CultureInfo.InvariantCulture, $"it ended after {body.Length} bytes."))
            : LooksLikeText(body.Span) ? Failure($"its host answered with text instead of a video: {MessageText.EnsurePeriod(BodyExcerpt.Summarize(body))}", isTransient: false, answer: answer, body: body)
            : Failure($"it is no MP4: it begins with {Convert.ToHexString(body.Span[..Math.Min(body.Length, Mp4BoxValidator.StartLength)])}.", isTransient: false, answer: answer);
    }

    /// <summary>Reads what a host says that does not send the video.</summary>
    /// <exception cref="DownloadException">It neither says that there is no more, nor that the link is too old.</exception>
    private async Task<Outcome> RefusedAsync(HttpResponseMessage answer, Stream source, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && _hasEnded)
        {
            return answer.Content.Headers.ContentRange?.Length is not { } length ? Outcome.NoRanges
                : length == _received ? Outcome.Done
                : throw Differs();
        }

        var body = new byte[MaxTextLength];
        var words = body.AsMemory(0, await source.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false));
        var status = (int)answer.StatusCode;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && _received > 0)
        {
            throw StartOver("its host has no such part of it.");
        }

        var hasExpired = status == 400 && words.Span.IndexOf("xpired"u8) >= 0;
        if (hasExpired && _askAgain is not null)
        {
            return Outcome.LinkRefused;
        }

        var why = hasExpired || status is 401 or 403 or 404 or 410
            ? _hasFreshLink ? " A fresh link was asked for and refused as well." : " The link has probably expired."
            : status is 301 or 302 or 303 or 307 or 308 ? " It was redirected too often, or to nowhere."
            : "";
        var passes = status is >= 500 or 202 or 204 or 304 or 408 or 409 or 425 or 429 || IsNotReady(words);
        var said = words.IsEmpty ? "." : ": " + MessageText.EnsurePeriod(BodyExcerpt.Summarize(words));
        throw Failure($"its host answered {status}{said}{why}", isTransient: passes, answer: answer, body: words);
    }

    private static bool IsNotReady(ReadOnlyMemory<byte> words)
    {
        var text = Encoding.UTF8.GetString(words.Span);
        return RelayPhrases.NotReady.Any(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Asks the platform for the task once more: each answer signs a fresh link.</summary>
    private async Task RenewLinkAsync(CancellationToken cancellationToken)
    {
        try
        {
            var task = await _askAgain!(cancellationToken).ConfigureAwait(false);
            (_askAgain, _hasFreshLink, _wasSentOn, _isPlatformsLink) = (null, true, false, true); // Once, if it answered.
            _link = task.VideoUrl
                ?? throw Failure($"its link was refused, and {_task.Platform} no longer has one for the task.", isTransient: false);
        }
        catch (Sora2ApiException e)
        {
            throw Failure($"its link was refused, and asking for a fresh one failed: {MessageText.EnsurePeriod(e.Message)}", e, isTransient: e.IsTransient);
        }
    }

    /// <summary>What the caller's progress throws is the caller's, and passes by all that knows what a failure means.</summary>
    private void Tell(long? total, bool isEnd = false)
    {
        _isTelling = true;
        _progress?.Report(_received, total, isEnd);
        _isTelling = false;
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_received == 0 && _options.AllowOtherContainers && !Mp4BoxValidator.MayBegin(bytes))
        {
            _container = VideoContainer.Detect(bytes);
        }

        _structure.Read(bytes);
        _checksum = _checksum.With(_received, bytes);
        _hash?.AppendData(bytes);
        _received += bytes.Length;
        var kept = Math.Clamp(MaxTailLength - bytes.Length, 0, _tailLength);
        _tail.AsSpan(_tailLength - kept, kept).CopyTo(_tail);
        var added = bytes[^Math.Min(bytes.Length, MaxTailLength)..];
        added.CopyTo(_tail.AsSpan(kept));
        _tailLength = kept + added.Length;
    }

    /// <summary>Whether bytes that come again are those that are there, as far as they are remembered.</summary>
    /// <param name="bytes">What came again.</param>
    /// <param name="at">Where in the file.</param>
    private bool AreKnown(ReadOnlySpan<byte> bytes, long at)
    {
        var tailAt = _received - _tailLength;
        var skipped = (int)Math.Clamp(tailAt - at, 0, bytes.Length);
        var from = (int)Math.Clamp(at - tailAt, 0, _tailLength);
        return _tail.AsSpan(from, Math.Min(_tailLength - from, bytes.Length - skipped)).SequenceEqual(bytes[skipped..]);
    }

    private void Forget()
    {
        _sink.Forget();
        _structure = new Mp4BoxValidator();
        _hash?.GetHashAndReset();
        (_container, _version, _checksum) = (null, null, default);
        (_received, _tailLength, _isAnnounced, _hasEnded) = (0, 0, false, false);
    }

    /// <summary>What came cannot be used. If it can be taken back, the next attempt begins anew; if not, that is the end.</summary>
    private DownloadException StartOver(string what)
    {
        if (_received > 0 && !_sink.CanStartOver)
        {
            return Failure($"{what} What was written to the stream cannot be taken back: download again into a new one.", isTransient: false);
        }

        Forget();
        return Failure(what);
    }

    /// <summary>Asked once more, the host has another length or other bytes.</summary>
    private DownloadException Differs()
    {
        _isDisproved = true;
        return StartOver("asked once more, its host had another length or other bytes.");
    }

    /// <summary>All came, and it is no video. Once that may be a part that was joined to what it did not belong to; twice it is what the host has.</summary>
    private DownloadException NoVideo()
    {
        var video = _container is null ? "MP4" : "video";
        var what = string.Create(CultureInfo.InvariantCulture, $"the {_received} bytes that came are not a whole {video}.");
        if (_wasNoVideo)
        {
            Forget();
            return Failure(what + " It came twice like this.", isTransient: false);
        }

        _wasNoVideo = true;
        return StartOver(what);
    }

    /// <summary>It would be as large the next time: it is not fetched again, and what came of it is not kept.</summary>
    private DownloadException TooLarge(long? length)
    {
        var has = length is { } bytes ? $"it has {LogSanitizer.Size(bytes)}" : "it goes on";
        const string Setting = $"{nameof(DownloadOptions)}.{nameof(DownloadOptions.MaxBytes)}";
        var most = string.Create(CultureInfo.InvariantCulture, $"more than {_options.MaxBytes} bytes are not taken");
        Forget();
        return Failure($"{has}, and {most}. Set {Setting} higher if that is right.", isTransient: false);
    }

    private DownloadException NotWritten(Exception cause) =>
        new($"The video of task {_task.Id} cannot be written: {PartialFile.Reason(cause)}", cause) { IsTransient = false, Platform = _task.Platform, TaskId = _task.Id, Attempts = _attempts };

    private DownloadException Failure(
        string what, Exception? cause = null, bool isTransient = true, HttpResponseMessage? answer = null, ReadOnlyMemory<byte> body = default, TimeSpan? retryAfter = null) =>
        new(_media.Masked($"The video of task {_task.Id} could not be downloaded from {Redaction.WithoutQuery(_link)}: {what}{(isTransient ? " Download it again." : "")}"), _media.Masked(cause))
        {
            Platform = _task.Platform,
            TaskId = _task.Id,
            StatusCode = answer?.StatusCode,
            IsTransient = isTransient,
            RetryAfter = answer is null ? retryAfter : RetryAfterHeader.Parse(answer.Headers, _clock),
            HasRetriesLeft = !_budget.IsSpent,
            RawBody = body.IsEmpty ? null : _media.Masked(BodyExcerpt.Raw(body, key: null)),
            Attempts = _attempts,
        };

    private static bool IsJson(ReadOnlySpan<byte> body) => body.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    private static bool LooksLikeText(ReadOnlySpan<byte> body)
    {
        body = body.TrimStart("\uFEFF \t\r\n"u8);
        return body.IsEmpty || body[0] is (byte)'{' or (byte)'[' or (byte)'<' || body[..Math.Min(body.Length, 64)].IndexOfAnyInRange((byte)0, (byte)8) < 0;
    }
}
