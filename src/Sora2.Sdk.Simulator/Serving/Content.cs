using System.Security.Cryptography;

namespace Sora2.Sdk.Simulator;

/// <summary>The bytes of an answer: a head in memory and, after it, filler that is made up on its way out, so that a file of any size takes the memory of its head.</summary>
/// <param name="Head">The bytes in memory.</param>
/// <param name="Seed">Which filler follows them.</param>
/// <param name="From">Where in head and filler the content begins.</param>
/// <param name="Length">How many bytes it has.</param>
internal readonly record struct Content(ReadOnlyMemory<byte> Head, ulong Seed, long From, long Length)
{
    /// <summary>How much of it is copied at a time: a large video in one piece would stand whole in somebody's buffers.</summary>
    public const int PieceBytes = 128 * 1024;

    public static Content Of(ReadOnlyMemory<byte> bytes) => new(bytes, Seed: 0, From: 0, bytes.Length);

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

        Filler.Write(Seed, position, target);
    }

    /// <summary>In lower-case hex.</summary>
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
