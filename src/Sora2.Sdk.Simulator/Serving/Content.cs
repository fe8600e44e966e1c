using System.Security.Cryptography;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>The bytes of a response: a head in memory, followed by padding that is generated while it is sent.</summary>
/// <remarks>A file of any size needs only the memory of its head.</remarks>
/// <param name="Head">The bytes in memory.</param>
/// <param name="Seed">The seed of the padding that follows the head.</param>
/// <param name="From">The position at which the content begins, counted over head and padding.</param>
/// <param name="Length">The length of the content in bytes.</param>
internal readonly record struct Content(ReadOnlyMemory<byte> Head, ulong Seed, long From, long Length)
{
    /// <summary>The number of bytes copied at a time. A large video in one piece would be buffered completely by the server.</summary>
    public const int PieceBytes = 128 * 1024;

    public static Content FromBytes(ReadOnlyMemory<byte> bytes) => new(bytes, Seed: 0, From: 0, bytes.Length);

    public Content Slice(long from, long length) => this with { From = From + from, Length = length };

    public Content First(double fraction) => Slice(0, (long)(Length * fraction));

    /// <summary>Fills <paramref name="target"/> with the bytes that begin at <paramref name="at"/>.</summary>
    public void CopyTo(long at, Span<byte> target)
    {
        var position = From + at;
        if (position < Head.Length)
        {
            var head = Head.Span[(int)position..];
            head = head[..Math.Min(head.Length, target.Length)];
            head.CopyTo(target);
            target = target[head.Length..];
            position += head.Length;
        }

        DeterministicBytes.Write(Seed, position, target);
    }

    /// <summary>Computes the SHA-256 in lower-case hex.</summary>
    public string Sha256(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        for (long at = 0; at < Length; at += PieceBytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = piece.AsSpan(0, (int)Math.Min(PieceBytes, Length - at));
            CopyTo(at, part);
            hash.AppendData(part);
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }
}
