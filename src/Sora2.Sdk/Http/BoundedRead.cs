namespace Sora2.Sdk;

/// <summary>Reads a stream into memory, up to a limit: nothing a server sends may fill the memory.</summary>
internal static class BoundedRead
{
    /// <summary>All the bytes of a stream.</summary>
    /// <param name="stream">Read to its end.</param>
    /// <param name="limit">The most bytes that are accepted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="expected">The length that was announced, if any; saves growing.</param>
    /// <exception cref="InvalidDataException">There are more bytes than the limit.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ToEndAsync(Stream stream, long limit, CancellationToken cancellationToken, long? expected = null)
    {
        // One byte over the announced length, so that the end is seen without growing.
        var buffer = new byte[expected is { } length && length < limit ? (int)length + 1 : 4096];
        var filled = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.AsMemory(0, filled);
            }

            filled += read;
            if (filled > limit)
            {
                throw new InvalidDataException($"More than {limit} bytes came.");
            }

            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1));
            }
        }
    }
}
