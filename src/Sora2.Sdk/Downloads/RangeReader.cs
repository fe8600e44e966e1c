using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>One connection to the host of a video: requests a range, reads its headers and its bytes.</summary>
internal sealed class RangeReader : IAsyncDisposable
{
    private readonly EntityVersion? _version;
    private readonly TimeSpan _idleTimeout;
    private readonly CancellationTokenSource _idle;
    private readonly CancellationTokenSource _linked;
    private HttpResponseMessage? _response;
    private Stream? _body;

    /// <param name="from">The first byte to request; null for the whole video.</param>
    /// <param name="version">The version that a part is requested of; null if it is not known.</param>
    /// <param name="idleTimeout">How long the host may send nothing.</param>
    /// <param name="clock">The clock of the timeout.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public RangeReader(
        long? from, EntityVersion? version, TimeSpan idleTimeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        (From, _version, _idleTimeout) = (from, version, idleTimeout);
        _idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _idle.Token);
    }

    /// <summary>The first byte that was requested; null for the whole video.</summary>
    public long? From { get; }

    public HttpResponseMessage Response => _response!;

    public HttpStatusCode Status => Response.StatusCode;

    /// <summary>Whether the host sent nothing for the idle timeout.</summary>
    public bool IsIdle => _idle.IsCancellationRequested;

    public bool IsPart => Status == HttpStatusCode.PartialContent;

    public bool IsMultipart => ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;

    public string? ContentType => Headers.ContentType?.MediaType;

    public ContentRangeHeaderValue? ContentRange => Headers.ContentRange;

    /// <summary>The length of the body, unless it was compressed.</summary>
    public long? ContentLength => Headers.ContentLength;

    /// <summary>The length of the whole video, if a response that starts at its first byte says so.</summary>
    public long? TotalLength => ContentRange?.Length ?? ContentLength;

    /// <summary>Whether <see cref="TotalLength"/> is what the host says, and no guess from the length of a part.</summary>
    public bool IsTotalAnnounced => TotalLength is not null && ContentRange is null or { Length: not null };

    private HttpContentHeaders Headers => Response.Content.Headers;

    /// <summary>Sends the request and reads the headers.</summary>
    public async Task OpenAsync(MediaClient media, VideoLink link, AttemptBudget budget)
    {
        // Until the headers are there, the budget's own timeout applies, which does not count time in a queue or between retries.
        _response = await media.GetAsync(link.Url, link.IsFromPlatform, From, _version, budget, _linked.Token)
            .ConfigureAwait(false);
        _body = Decompress(await _response.Content.ReadAsStreamAsync(_linked.Token).ConfigureAwait(false), Headers);
    }

    /// <summary>Finds where the body continues what was received before.</summary>
    /// <param name="received">How many bytes were received before.</param>
    /// <returns>The position of its first byte in the video; null if the body may be of another version.</returns>
    public long? FindJoin(long received)
    {
        if (From is null || _version is null)
        {
            return null;
        }

        return IsPart && ContentRange is { } range && _version.HasPart(Response) && range.From <= received ? range.From
            : Status == HttpStatusCode.OK && _version == EntityVersion.TryFrom(Response) ? 0 // The whole video, unchanged.
            : null;
    }

    /// <summary>Whether the body is a part that does not start at the first byte; one that does may be the whole video.</summary>
    public bool IsLaterPart() => IsPart && (ContentRange is { } range ? range.From != 0 : From is not null || IsMultipart);

    /// <summary>Reads some bytes; 0 at the end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer) => ReadAtLeastAsync(buffer, 1);

    /// <summary>Reads at least so many bytes, or fewer at the end.</summary>
    public async ValueTask<int> ReadAtLeastAsync(Memory<byte> buffer, int minimum)
    {
        _idle.CancelAfter(_idleTimeout);
        var read = await _body!.ReadAtLeastAsync(buffer, minimum, throwOnEndOfStream: false, _linked.Token).ConfigureAwait(false);
        _idle.CancelAfter(Timeout.InfiniteTimeSpan); // A slow destination does not make the host silent.
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        if (_body is not null)
        {
            await _body.DisposeAsync().ConfigureAwait(false);
        }

        _response?.Dispose();
        _linked.Dispose();
        _idle.Dispose();
    }

    /// <summary>A host may compress what it was asked not to compress; the length that it announces is then not the video's.</summary>
    private static Stream Decompress(Stream body, HttpContentHeaders headers)
    {
        Stream? plain = headers.ContentEncoding.Count != 1 ? null : headers.ContentEncoding.First().ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(body, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(body, CompressionMode.Decompress),
            "BR" => new BrotliStream(body, CompressionMode.Decompress),
            _ => null,
        };
        headers.ContentLength = plain is null ? headers.ContentLength : null;
        return plain ?? body;
    }
}
