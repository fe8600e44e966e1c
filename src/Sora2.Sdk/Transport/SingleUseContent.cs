using System.Net;
using System.Net.Http.Headers;

namespace Sora2.Sdk.Transport;

/// <summary>The body of a paid request as the network gets it. Can be written once, so that the network cannot retry it.</summary>
internal sealed class SingleUseContent : HttpContent
{
    private readonly Func<Stream, CancellationToken, Task> _write;
    private readonly long? _length;
    private int _written;

    /// <param name="headers">The headers of the body.</param>
    /// <param name="length">Its length, if it is known.</param>
    /// <param name="write">Writes it.</param>
    public SingleUseContent(HttpContentHeaders headers, long? length, Func<Stream, CancellationToken, Task> write)
    {
        (_length, _write) = (length, write);
        headers.CopyTo(Headers);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _written, 1) == 0 ? _write(stream, cancellationToken) : throw new SentTwiceException();

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }
}
