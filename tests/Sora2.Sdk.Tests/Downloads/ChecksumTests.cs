using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tests.Downloads;

public sealed class ChecksumTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 31 >> 3))];

    [Fact]
    public void It_is_the_same_in_whatever_pieces_the_bytes_come() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 100).NonEmptyListOf()), pieces =>
        {
            var (at, sum) = (0, default(Checksum));
            for (var i = 0; at < Bytes.Length; i++)
            {
                var length = Math.Min(pieces[i % pieces.Count], Bytes.Length - at);
                sum = sum.With(at, Bytes.AsSpan(at, length));
                at += length;
            }

            return sum == default(Checksum).With(0, Bytes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_changed_bit_and_every_missing_byte_shows()
    {
        var whole = default(Checksum).With(0, Bytes);
        for (var at = 0; at < Bytes.Length; at++)
        {
            var changed = (byte[])Bytes.Clone();
            changed[at] ^= (byte)(1 << (at % 8));
            Assert.NotEqual(whole, default(Checksum).With(0, changed));
            Assert.NotEqual(whole, default(Checksum).With(0, Bytes.AsSpan(0, at)));
        }
    }
}
