using System.Buffers.Binary;
using System.Numerics;

namespace Sora2.Sdk.Common;

/// <summary>
/// CRC-32C over the bytes of a file, in whatever pieces they come: four of them, each over every fourth word, because a processor works on four at a time. It finds what a disk
/// lost, not what somebody changed on purpose.
/// </summary>
internal readonly record struct Checksum(uint A, uint B, uint C, uint D)
{
    private const int WordLength = sizeof(ulong);
    private const int RoundLength = 4 * WordLength;

    /// <param name="at">Where in the file the bytes stand: behind all that were added before.</param>
    /// <param name="bytes">What comes next.</param>
    public Checksum With(long at, ReadOnlySpan<byte> bytes)
    {
        Span<uint> lanes = [A, B, C, D];
        var head = (int)Math.Min(bytes.Length, (RoundLength - (at % RoundLength)) % RoundLength);
        AddBytes(lanes, at, bytes[..head]);
        bytes = bytes[head..];
        at += head;

        var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3]);
        for (; bytes.Length >= RoundLength; bytes = bytes[RoundLength..], at += RoundLength)
        {
            a = BitOperations.Crc32C(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            b = BitOperations.Crc32C(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[WordLength..]));
            c = BitOperations.Crc32C(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[(2 * WordLength)..]));
            d = BitOperations.Crc32C(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[(3 * WordLength)..]));
        }

        lanes = [a, b, c, d];
        AddBytes(lanes, at, bytes);
        return new Checksum(lanes[0], lanes[1], lanes[2], lanes[3]);
    }

    private static void AddBytes(Span<uint> lanes, long at, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            ref var lane = ref lanes[(int)(at / WordLength % lanes.Length)];
            lane = BitOperations.Crc32C(lane, value);
            at++;
        }
    }
}
