using System.Buffers.Binary;
using System.Text;

namespace Sora2.Sdk.Tests.Downloads;

public sealed class Mp4StructureTests
{
    private static readonly byte[] Whole = [.. Box("ftyp", 8), .. Box("free", 0), .. Box("moov", 30), .. Box("????", 5), .. Box("mdat", 40)];

    [Fact]
    public void Boxes_that_add_up_are_whole_however_they_are_cut_into_reads()
    {
        for (var piece = 1; piece <= Whole.Length; piece++)
        {
            Assert.True(IsWhole(Whole, piece));
        }
    }

    [Fact]
    public void Cut_anywhere_before_the_last_box_ends_it_is_not_whole()
    {
        int[] boundaries = [Whole.Length, Whole.Length - 48, Whole.Length - 48 - 13]; // the ends of mdat, ???? and moov: nothing shows a box that never came
        for (var length = 0; length < Whole.Length; length++)
        {
            Assert.Equal(boundaries.Contains(length), IsWhole(Whole[..length], 7));
        }
    }

    [Fact]
    public void A_long_box_has_its_size_in_eight_bytes()
    {
        byte[] large = [.. Box("ftyp", 8), .. Box("moov", 4), 0, 0, 0, 1, .. "mdat"u8, 0, 0, 0, 0, 0, 0, 0, 20, 1, 2, 3, 4];

        Assert.True(IsWhole(large, 3));
        Assert.False(IsWhole(large[..^1], 3));
    }

    [Fact]
    public void A_last_box_without_a_size_goes_to_the_end() => Assert.True(IsWhole([.. Box("ftyp", 8), .. Box("moov", 4), 0, 0, 0, 0, .. "mdat"u8, 1, 2, 3], 5));

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("{\"error\":\"gone, and long enough\"}")]
    public void Text_is_not_whole(string text) => Assert.False(IsWhole(Encoding.UTF8.GetBytes(text), 4));

    [Fact]
    public void Boxes_that_are_no_video_are_not_whole()
    {
        Assert.False(IsWhole([.. Box("ftyp", 8), .. Box("mdat", 9)], 4));
        Assert.False(IsWhole([.. Box("moov", 8), .. Box("ftyp", 9)], 4));
        Assert.False(IsWhole([.. Box("ftyp", 8), .. Box("moov", 4), 0, 0, 0, 3, .. "mdat"u8], 4));
    }

    [Theory]
    [InlineData("\0\0\0\u0018ftypmp42", true)]
    [InlineData("\0\0\0\u0018ft", false)]
    [InlineData("\0\0", false)]
    [InlineData("\0\0\0\u0018moov", false)]
    [InlineData("<html>", false)]
    [InlineData("{}", false)]
    [InlineData("not found", false)]
    public void A_video_shows_in_its_first_bytes(string start, bool mayBegin) => Assert.Equal(mayBegin, Mp4Structure.MayBegin(Encoding.Latin1.GetBytes(start)));

    private static bool IsWhole(byte[] bytes, int piece)
    {
        var structure = new Mp4Structure();
        foreach (var chunk in bytes.Chunk(piece))
        {
            structure.Read(chunk);
        }

        return structure.IsWhole;
    }

    private static byte[] Box(string type, int content)
    {
        var box = new byte[8 + content];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.ASCII.GetBytes(type, box.AsSpan(4));
        return box;
    }
}
