namespace Sora2.Sdk.Common;

/// <summary>Reads a stream into memory up to a limit, so that no server can fill it. Bytes read before a failure are kept.</summary>
internal sealed class BoundedStreamReader(long limit, long? expected)
{
    private const int LargestBlock = 1024 * 1024;

    // One byte over the announced length, so that the end is seen without another block.
    private byte[] _block = new byte[expected is { } length && length < Math.Min(limit, Array.MaxLength) ? (int)length + 1 : 4096];
    private int _filled;

    /// <summary>The full blocks. Copying them into a larger one would need up to three times the memory.</summary>
    private List<ReadOnlyMemory<byte>>? _full;
    private long _fullLength;

    /// <summary>The bytes read so far, contiguous.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (_full is null)
            {
                // A wait keeps its last response, which should not keep a much larger block alive.
                return _filled > _block.Length / 2 ? _block.AsMemory(0, _filled) : _block.AsSpan(0, _filled).ToArray();
            }

            var bytes = new byte[_fullLength + _filled];
            new BlockStream(Blocks).ReadExactly(bytes);
            return bytes;
        }
    }

    /// <summary>The bytes read so far, without a copy.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Blocks => [.. _full ?? [], _block.AsMemory(0, _filled)];

    /// <summary>Reads to the end of the stream.</summary>
    /// <exception cref="StreamTooLongException">The stream has more bytes than the limit.</exception>
    public async ValueTask ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await stream.ReadAsync(_block.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            _filled += read;
            if (_fullLength + _filled > limit)
            {
                throw new StreamTooLongException(limit);
            }

            if (_filled == _block.Length)
            {
                (_full ??= []).Add(_block);
                _fullLength += _filled;
                (_block, _filled) = (new byte[Math.Clamp(_block.Length * 2L, 4096, LargestBlock)], 0);
            }
        }
    }
}
