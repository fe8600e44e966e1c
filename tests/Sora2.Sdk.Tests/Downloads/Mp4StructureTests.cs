using System.Buffers.Binary;
using System.Text;
using Sora2.Sdk.Downloads;

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
        for (var length = 0; length < Whole.Length; length++)
        {
            Assert.Equal(Completeness.No, Judge(Whole[..length], 7, isAnnounced: true));
            Assert.Equal(Completeness.No, Judge(Whole[..length], 7, isAnnounced: false));
        }
    }

    /// <summary>Layouts that are seen, each whole, and what is said of them without and with an announced length.</summary>
    public static TheoryData<string, byte[], bool, bool> Layouts => new()
    {
        { "media first", [.. Box("ftyp", 8), .. Box("mdat", 40), .. Box("moov", 30)], true, true },
        { "QuickTime without ftyp", [.. Box("wide", 0), .. Box("mdat", 40), .. Box("moov", 30)], true, true },
        { "QuickTime whose ftyp was overwritten", [.. Box("free", 8), .. Box("moov", 30), .. Box("mdat", 40)], true, true },
        { "what may stand before ftyp", [.. Box("skip", 8), .. Box("styp", 8), .. Box("uuid", 20), .. Box("ftyp", 8), .. Box("moov", 30), .. Box("mdat", 40)], true, true },
        { "boxes behind", [.. Box("ftyp", 8), .. Box("moov", 30), .. Box("mdat", 40), .. Box("free", 3), .. Box("udta", 9), .. Box("what", 9)], true, true },
        { "media to the end", [.. Box("ftyp", 8), .. Box("moov", 30), .. Box("mdat", 0, size: 0), 1, 2, 3], false, true },
        { "media to the end as the tables say", [.. Box("ftyp", 8), .. Moov(offset: 0, size: 10), .. Box("mdat", 0, size: 0), 1, 2, 3], true, true },
        { "the movie to the end", [.. Box("ftyp", 8), .. Box("mdat", 40), .. Box("moov", [.. Box("mvhd", 20), .. Box("trak", 9)], size: 0)], false, true },
        { "free space to the end", [.. Whole, .. Box("free", 20, size: 0)], false, true },
        { "media in a large box", [.. Box("ftyp", 8), .. Box("moov", 30), .. LargeBox("mdat", 4)], true, true },
        { "fragments with their index", [.. Box("ftyp", 8), .. Box("moov", 30), .. Pair(), .. Pair(), .. Box("mfra", 16)], true, true },
        { "fragments without", [.. Box("ftyp", 8), .. Box("moov", 30), .. Pair(), .. Box("emsg", 12), .. Pair()], false, false },
        { "zeros behind", [.. Whole, 0, 0, 0, 0], false, true },
        { "many zeros behind", [.. Whole, .. new byte[100]], false, true },
        { "a line break behind", [.. Whole, .. "\n"u8], false, true },
        { "the end of a form behind", [.. Whole, .. "\r\n--boundary-of-a-form--\r\n"u8], false, true },
    };

    [Theory]
    [MemberData(nameof(Layouts), DisableDiscoveryEnumeration = true)]
    public void A_whole_video_is_never_refused(string layout, byte[] video, bool isSure, bool isSureWithLength)
    {
        foreach (var piece in (int[])[1, 7, 4096])
        {
            Assert.True(Judge(video, piece, isAnnounced: false) == (isSure ? Completeness.Yes : Completeness.Unsure), layout);
            Assert.True(Judge(video, piece, isAnnounced: true) == (isSureWithLength ? Completeness.Yes : Completeness.Unsure), layout);
        }
    }

    [Fact]
    public void Media_that_the_tables_place_behind_the_end_was_cut()
    {
        byte[] start = [.. Box("ftyp", 8), .. Moov(offset: 1000, size: 500)];
        byte[] closed = [.. start, .. Box("mdat", 1500 - start.Length - 8)];
        byte[] open = [.. start, .. Box("mdat", 0, size: 0), .. new byte[1500 - start.Length - 8]];
        byte[] two = [.. start, .. Box("mdat", 500), .. Box("mdat", 1500 - start.Length - 516)];

        Assert.Equal(Completeness.Yes, Judge(closed, 100, isAnnounced: false));
        Assert.Equal(Completeness.Yes, Judge(open, 100, isAnnounced: false));
        Assert.Equal(Completeness.Yes, Judge(two, 100, isAnnounced: false));
        Assert.Equal(Completeness.No, Judge(open[..^1], 100, isAnnounced: true));
        Assert.Equal(Completeness.No, Judge(two[..(start.Length + 508)], 100, isAnnounced: true));
    }

    [Fact]
    public void Tables_that_make_no_sense_say_nothing()
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var moov = Moov(offset: 0, size: 10);
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                moov[random.Next(8, moov.Length)] = (byte)random.Next(256);
            }

            MovieIndex.Read(moov.AsSpan(8));
        }

        Assert.Equal(default, MovieIndex.Read(new byte[100]));
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

    [Fact]
    public void A_movie_without_media_is_not_whole()
    {
        Assert.False(IsWhole([.. Box("ftyp", 8), .. Box("moov", 200)], 5));
        Assert.False(IsWhole([.. Box("ftyp", 8), .. Box("moov", 200), .. Box("mdat", 0)], 5));
        Assert.False(IsWhole([.. Box("ftyp", 8), .. Box("moov", 200), .. Box("mdat", 0, size: 0)], 5));
        Assert.False(IsWhole([.. Box("ftyp", 8), .. Box("moov", 0, size: 0), .. "<html><body>gone</body></html>"u8], 5));
        Assert.False(IsWhole([.. Box("ftyp", 8), .. Box("mdat", 9), .. Box("moov", 0, size: 0), .. "<html><body>gone</body></html>"u8], 5));
        Assert.False(IsWhole([.. Box("ftyp", 8), .. "{\"error\":\"gone, and long enough\"}"u8], 5));
    }

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
        Assert.False(IsWhole([.. Box("what", 8), .. Box("moov", 8), .. Box("mdat", 9)], 4));
        Assert.False(IsWhole([.. Box("ftyp", 8), .. Box("moov", 4), 0, 0, 0, 3, .. "mdat"u8], 4));
    }

    [Theory]
    [InlineData("\0\0\0\u0018ftypmp42", true)]
    [InlineData("\0\0\0\u0018ft", false)]
    [InlineData("\0\0", false)]
    [InlineData("\0\0\0\u0018moov", true)]
    [InlineData("\0\0\0\u0007moov", false)]
    [InlineData("\0\0\0\u0018moof", true)]
    [InlineData("\0\0\0\u0018what", false)]
    [InlineData("<html>", false)]
    [InlineData("{}", false)]
    [InlineData("not found", false)]
    public void A_video_shows_in_its_first_bytes(string start, bool mayBegin) => Assert.Equal(mayBegin, Mp4BoxValidator.MayBegin(Encoding.Latin1.GetBytes(start)));

    /// <summary>Two chunks of ten samples by the table, and fifteen samples in all: the last chunk has five.</summary>
    [Fact]
    public void A_last_chunk_with_fewer_samples_than_its_run_says_is_no_cut()
    {
        var start = Movie(0).Length + 28 + 8;

        Assert.NotEqual(Completeness.No, Judge([.. Box("ftyp", 20), .. Movie(start), .. Box("mdat", 60)], 7, isAnnounced: true));

        static byte[] Movie(int first) => Box("moov", [.. Box("mvhd", 20), .. Box("trak", Box("mdia", Box("minf",
        [
            .. Box("dinf", Box("dref", [0, 0, 0, 0, 0, 0, 0, 1, .. Box("url ", [0, 0, 0, 1])])),
            .. Box("stbl",
            [
                .. Box("stsc", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 10, 0, 0, 0, 1]),
                .. Box("stsz", [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 15]),
                .. Box("stco", [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, (byte)(first >> 8), (byte)first, 0, 0, (byte)((first + 40) >> 8), (byte)(first + 40)]),
            ]),
        ])))]);
    }

    private static bool IsWhole(byte[] bytes, int piece) => Judge(bytes, piece, isAnnounced: true) == Completeness.Yes;

    private static Completeness Judge(byte[] bytes, int piece, bool isAnnounced)
    {
        var structure = new Mp4BoxValidator();
        foreach (var chunk in bytes.Chunk(piece))
        {
            structure.Read(chunk);
        }

        return structure.Of(isAnnounced);
    }

    private static byte[] Box(string type, int content, int? size = null) => Box(type, new byte[content], size);

    private static byte[] Box(string type, byte[] content, int? size = null)
    {
        byte[] box = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. content];
        BinaryPrimitives.WriteInt32BigEndian(box, size ?? box.Length);
        return box;
    }

    private static byte[] LargeBox(string type, int content) => [0, 0, 0, 1, .. Encoding.ASCII.GetBytes(type), 0, 0, 0, 0, 0, 0, 0, (byte)(16 + content), .. new byte[content]];

    private static byte[] Pair() => [.. Box("moof", 24), .. Box("mdat", 40)];

    /// <summary>One track of one chunk with one sample.</summary>
    private static byte[] Moov(int offset, int size) => Box("moov", [.. Box("mvhd", 20), .. Box("trak", Box("mdia", Box("minf",
    [
        .. Box("dinf", Box("dref", [0, 0, 0, 0, 0, 0, 0, 1, .. Box("url ", [0, 0, 0, 1])])),
        .. Box("stbl",
        [
            .. Box("stsc", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]),
            .. Box("stsz", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, (byte)(size >> 8), (byte)size]),
            .. Box("stco", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, (byte)(offset >> 8), (byte)offset]),
        ]),
    ])))]);
}
