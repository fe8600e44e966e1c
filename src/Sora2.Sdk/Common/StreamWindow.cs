namespace Sora2.Sdk.Common;

/// <summary>Looks at any place of a stream that can seek, from where it stands now, through a small window: no image is read whole to be recognised.</summary>
internal sealed class StreamWindow(Stream stream)
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly long _start = stream.Position;
    private long _at;
    private int _filled;

    /// <summary>The bytes from a place on: at least so many, unless the stream ends before, and as many more as are at hand.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> AtAsync(long offset, int count, CancellationToken cancellationToken)
    {
        if (offset < _at || offset + count > _at + _filled)
        {
            stream.Position = _start + offset;
            (_at, _filled) = (offset, await stream.ReadAtLeastAsync(_buffer, _buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false));
        }

        return _buffer.AsMemory((int)(offset - _at).._filled);
    }
}
