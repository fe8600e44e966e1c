using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using Sora2.Sdk.Images;
using Sora2.Sdk.Platforms.Wire;

namespace Sora2.Sdk.Transport;

/// <summary>
/// Streams a rendered body with its exact length. Can be sent once, so that a handler cannot send a paid request a second time.
/// </summary>
internal sealed class SegmentedHttpContent : HttpContent
{
    // A multiple of three, so that every full chunk becomes base64 without padding.
    private const int ChunkLength = 96 * 1024;

    private readonly IReadOnlyList<BodySegment> _segments;
    private readonly long _length;
    private int _sent;

    public SegmentedHttpContent(IReadOnlyList<BodySegment> segments, string contentType)
    {
        _segments = segments;
        _length = segments.Sum(segment => segment.Length);
        Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
    }

    /// <summary>Whether sending has begun. Until then the server cannot have a complete request.</summary>
    public bool HasBegun => Volatile.Read(ref _sent) == 1;

    /// <summary>
    /// Why an image could not be read to its end while it was sent, or null. The server then has an incomplete body, and knows its length.
    /// </summary>
    public Exception? Unread { get; private set; }

    /// <summary>Prevents sending if it has not begun.</summary>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _sent, 2, 0) != 1;

    /// <summary>Returns the body for another request, which is sent even if this content is disposed.</summary>
    public HttpContent Detach() => new SingleUseContent(Headers, _length, WriteAsync);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => WriteAsync(stream, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        WriteAsync(stream, cancellationToken);

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _sent, 1, 0) != 0)
        {
            throw new SentTwiceException();
        }

        foreach (var segment in _segments)
        {
            if (segment.Image is null)
            {
                await stream.WriteAsync(segment.Literal, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await CopyAsync(segment, stream, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    private async Task CopyAsync(BodySegment segment, Stream destination, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(ChunkLength));
        try
        {
            var source = Open(segment.Image!);
            await using var _ = source.ConfigureAwait(false);
            for (var left = segment.Image!.Length; left > 0;)
            {
                var count = (int)Math.Min(left, ChunkLength);
                await ReadAsync(source, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                left -= count;
                if (segment.AsBase64)
                {
                    Base64.EncodeToUtf8InPlace(buffer, count, out count);
                }

                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Stream Open(LoadedImage image)
    {
        try
        {
            return image.Open();
        }
        catch (Exception e)
        {
            Unread = e;
            throw;
        }
    }

    private async ValueTask ReadAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await source.ReadExactlyAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Unread = e is EndOfStreamException ? new EndOfStreamException("It is shorter than it was before.", e) : e;
            throw;
        }
    }
}
