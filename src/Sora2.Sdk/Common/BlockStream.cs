namespace Sora2.Sdk.Common;

/// <summary>Reads blocks of memory as one stream, without copying them first.</summary>
internal sealed class BlockStream(IReadOnlyList<ReadOnlyMemory<byte>> blocks) : ReadOnlyStream
{
    public override bool CanSeek => true;

    public override long Length { get; } = blocks.Sum(block => (long)block.Length);

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var skip = Position;
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            if (skip < block.Length)
            {
                var count = Math.Min(block.Length - (int)skip, buffer.Length);
                block.Span.Slice((int)skip, count).CopyTo(buffer);
                Position += count;
                return count;
            }

            skip -= block.Length;
        }

        return 0;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
}
