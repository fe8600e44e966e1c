using Sora2.Sdk.Common;

namespace Sora2.Sdk.Images;

/// <summary>Reads a stream of the caller; disposing this leaves that one open.</summary>
internal sealed class BorrowedStream(Stream owner) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => owner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        owner.ReadAsync(buffer, cancellationToken);
}
