namespace Sora2.Sdk.Common;

/// <summary>Reads parts of a seekable stream through a small buffer, so that a large image is recognized without reading it all.</summary>
internal sealed class StreamWindow(Stream stream)
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly long _start = stream.Position;
    private long _at;
    private int _filled;

    /// <summary>Returns at least <paramref name="count"/> bytes at an offset from the initial position, or fewer at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> AtAsync(long offset, int count, CancellationToken cancellationToken)
    {
        if (offset < _at || offset + count > _at + _filled)
        {
            stream.Position = _start + offset;
            var read = await stream.ReadAtLeastAsync(_buffer, _buffer.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            (_at, _filled) = (offset, read);
        }

        return _buffer.AsMemory((int)(offset - _at).._filled);
    }
}
