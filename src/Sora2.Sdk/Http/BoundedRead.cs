namespace Sora2.Sdk;

/// <summary>Reads a stream into memory, up to a limit: nothing a server sends may fill the memory. What came before a break is kept.</summary>
internal sealed class BoundedRead(long limit, long? expected)
{
    // One byte over the announced length, so that the end is seen without growing.
    private byte[] _buffer = new byte[expected is { } length && length < limit ? (int)length + 1 : 4096];
    private int _filled;

    /// <summary>What has come so far.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _filled);

    /// <summary>Reads to the end.</summary>
    /// <exception cref="InvalidDataException">There are more bytes than the limit.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return Bytes;
            }

            _filled += read;
            if (_filled > limit)
            {
                throw new InvalidDataException($"More than {limit} bytes came.");
            }

            if (_filled == _buffer.Length)
            {
                Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, limit + 1));
            }
        }
    }
}
