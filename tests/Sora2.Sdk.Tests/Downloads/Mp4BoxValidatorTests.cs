using System.Buffers.Binary;
using System.Text;
using Sora2.Sdk.Downloads;

namespace Sora2.Sdk.Tests.Downloads;

public sealed class Mp4BoxValidatorTests
{
    private static readonly byte[] Complete =
        [.. Box("ftyp", 8), .. Box("free", 0), .. Box("moov", 30), .. Box("????", 5), .. Box("mdat", 40)];

    [Fact]
    public void Sequence_of_boxes_is_complete_in_any_size_of_reads()
    {
        for (var piece = 1; piece <= Complete.Length; piece++)
        {
            Assert.True(IsComplete(Complete, piece));
        }
    }

    [Fact]
    public void File_truncated_anywhere_is_incomplete()
    {
        for (var length = 0; length < Complete.Length; length++)
        {
            Assert.Equal(Completeness.Incomplete, Judge(Complete[..length], 7, isLengthAnnounced: true));
            Assert.Equal(Completeness.Incomplete, Judge(Complete[..length], 7, isLengthAnnounced: false));
        }
    }

    /// <summary>Layouts of complete files, and whether they are judged complete without and with an announced length.</summary>
    public static TheoryData<string, byte[], bool, bool> Layouts => new()
    {
        { "media first", [.. Box("ftyp", 8), .. Box("mdat", 40), .. Box("moov", 30)], true, true },
        { "QuickTime without ftyp", [.. Box("wide", 0), .. Box("mdat", 40), .. Box("moov", 30)], true, true },
        { "QuickTime whose ftyp was overwritten", [.. Box("free", 8), .. Box("moov", 30), .. Box("mdat", 40)], true, true },
        {
            "boxes before ftyp",
            [.. Box("skip", 8), .. Box("styp", 8), .. Box("uuid", 20), .. Box("ftyp", 8), .. Box("moov", 30), .. Box("mdat", 40)],
            true,
            true
        },
        {
            "boxes at the end",
            [.. Box("ftyp", 8), .. Box("moov", 30), .. Box("mdat", 40), .. Box("free", 3), .. Box("udta", 9), .. Box("what", 9)],
            true,
            true
        },
        { "media to the end", [.. Box("ftyp", 8), .. Box("moov", 30), .. Box("mdat", 0, size: 0), 1, 2, 3], false, true },
        {
            "media to the end as the tables say",
            [.. Box("ftyp", 8), .. Moov(offset: 0, size: 10), .. Box("mdat", 0, size: 0), 1, 2, 3],
            true,
            true
        },
        {
            "the movie to the end",
            [.. Box("ftyp", 8), .. Box("mdat", 40), .. Box("moov", [.. Box("mvhd", 20), .. Box("trak", 9)], size: 0)],
            false,
            true
        },
        { "free space to the end", [.. Complete, .. Box("free", 20, size: 0)], false, true },
        { "media in a large box", [.. Box("ftyp", 8), .. Box("moov", 30), .. LargeBox("mdat", 4)], true, true },
        { "fragments with their index", [.. Box("ftyp", 8), .. Box("moov", 30), .. Pair(), .. Pair(), .. Box("mfra", 16)], true, true },
        { "fragments without", [.. Box("ftyp", 8), .. Box("moov", 30), .. Pair(), .. Box("emsg", 12), .. Pair()], false, false },
        { "zeros at the end", [.. Complete, 0, 0, 0, 0], false, true },
        { "many zeros at the end", [.. Complete, .. new byte[100]], false, true },
        { "a line break at the end", [.. Complete, .. "\n"u8], false, true },
        { "the end of a form at the end", [.. Complete, .. "\r\n--boundary-of-a-form--\r\n"u8], false, true },
    };

    [Theory]
    [MemberData(nameof(Layouts), DisableDiscoveryEnumeration = true)]
    public void Complete_video_is_never_incomplete(string layout, byte[] video, bool isSure, bool isSureWithLength)
    {
        foreach (var piece in (int[])[1, 7, 4096])
        {
            Assert.True(Judge(video, piece, isLengthAnnounced: false) == Expected(isSure), layout);
            Assert.True(Judge(video, piece, isLengthAnnounced: true) == Expected(isSureWithLength), layout);
        }
    }

    private static Completeness Expected(bool isSure) => isSure ? Completeness.Complete : Completeness.Unknown;

    [Fact]
    public void Media_after_the_end_of_the_file_makes_it_incomplete()
    {
        byte[] start = [.. Box("ftyp", 8), .. Moov(offset: 1000, size: 500)];
        byte[] closed = [.. start, .. Box("mdat", 1500 - start.Length - 8)];
        byte[] open = [.. start, .. Box("mdat", 0, size: 0), .. new byte[1500 - start.Length - 8]];
        byte[] two = [.. start, .. Box("mdat", 500), .. Box("mdat", 1500 - start.Length - 516)];

        Assert.Equal(Completeness.Complete, Judge(closed, 100, isLengthAnnounced: false));
        Assert.Equal(Completeness.Complete, Judge(open, 100, isLengthAnnounced: false));
        Assert.Equal(Completeness.Complete, Judge(two, 100, isLengthAnnounced: false));
        Assert.Equal(Completeness.Incomplete, Judge(open[..^1], 100, isLengthAnnounced: true));
        Assert.Equal(Completeness.Incomplete, Judge(two[..(start.Length + 508)], 100, isLengthAnnounced: true));
    }

    [Fact]
    public void Tables_that_are_not_valid_are_ignored()
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
    public void Large_box_has_its_size_in_eight_bytes()
    {
        byte[] large = [.. Box("ftyp", 8), .. Box("moov", 4), 0, 0, 0, 1, .. "mdat"u8, 0, 0, 0, 0, 0, 0, 0, 20, 1, 2, 3, 4];

        Assert.True(IsComplete(large, 3));
        Assert.False(IsComplete(large[..^1], 3));
    }

    [Fact]
    public void Last_box_without_a_size_extends_to_the_end() =>
        Assert.True(IsComplete([.. Box("ftyp", 8), .. Box("moov", 4), 0, 0, 0, 0, .. "mdat"u8, 1, 2, 3], 5));

    [Fact]
    public void Movie_without_media_is_incomplete()
    {
        var page = "<html><body>gone</body></html>"u8.ToArray();
        Assert.False(IsComplete([.. Box("ftyp", 8), .. Box("moov", 200)], 5));
        Assert.False(IsComplete([.. Box("ftyp", 8), .. Box("moov", 200), .. Box("mdat", 0)], 5));
        Assert.False(IsComplete([.. Box("ftyp", 8), .. Box("moov", 200), .. Box("mdat", 0, size: 0)], 5));
        Assert.False(IsComplete([.. Box("ftyp", 8), .. Box("moov", 0, size: 0), .. page], 5));
        Assert.False(IsComplete([.. Box("ftyp", 8), .. Box("mdat", 9), .. Box("moov", 0, size: 0), .. page], 5));
        Assert.False(IsComplete([.. Box("ftyp", 8), .. "{\"error\":\"gone, and long enough\"}"u8], 5));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("{\"error\":\"gone, and long enough\"}")]
    public void Text_is_incomplete(string text) => Assert.False(IsComplete(Encoding.UTF8.GetBytes(text), 4));

    [Fact]
    public void Boxes_of_no_video_are_incomplete()
    {
        Assert.False(IsComplete([.. Box("ftyp", 8), .. Box("mdat", 9)], 4));
        Assert.False(IsComplete([.. Box("moov", 8), .. Box("ftyp", 9)], 4));
        Assert.False(IsComplete([.. Box("what", 8), .. Box("moov", 8), .. Box("mdat", 9)], 4));
        Assert.False(IsComplete([.. Box("ftyp", 8), .. Box("moov", 4), 0, 0, 0, 3, .. "mdat"u8], 4));
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
    public void First_bytes_show_whether_it_may_be_a_video(string start, bool mayBegin) =>
        Assert.Equal(mayBegin, Mp4BoxValidator.MayBegin(Encoding.Latin1.GetBytes(start)));

    /// <summary>Two chunks of ten samples by the table, and fifteen samples in all: the last chunk has five.</summary>
    [Fact]
    public void Last_chunk_with_fewer_samples_than_its_run_is_not_truncated()
    {
        var start = Movie(0).Length + 28 + 8;

        byte[] video = [.. Box("ftyp", 20), .. Movie(start), .. Box("mdat", 60)];

        Assert.NotEqual(Completeness.Incomplete, Judge(video, 7, isLengthAnnounced: true));

        static byte[] Movie(int first) => Box("moov", [.. Box("mvhd", 20), .. Box("trak", Box("mdia", Box("minf",
        [
            .. Box("dinf", Box("dref", [0, 0, 0, 0, 0, 0, 0, 1, .. Box("url ", [0, 0, 0, 1])])),
            .. Box("stbl",
            [
                .. Box("stsc", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 10, 0, 0, 0, 1]),
                .. Box("stsz", [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 15]),
                .. Box(
                    "stco",
                    [
                        0, 0, 0, 0, 0, 0, 0, 2,
                        0, 0, (byte)(first >> 8), (byte)first,
                        0, 0, (byte)((first + 40) >> 8), (byte)(first + 40),
                    ]),
            ]),
        ])))]);
    }

    private static bool IsComplete(byte[] bytes, int piece) => Judge(bytes, piece, isLengthAnnounced: true) == Completeness.Complete;

    private static Completeness Judge(byte[] bytes, int piece, bool isLengthAnnounced)
    {
        var validator = new Mp4BoxValidator();
        foreach (var chunk in bytes.Chunk(piece))
        {
            validator.Read(chunk);
        }

        return validator.Judge(isLengthAnnounced);
    }

    private static byte[] Box(string type, int content, int? size = null) => Box(type, new byte[content], size);

    private static byte[] Box(string type, byte[] content, int? size = null)
    {
        byte[] box = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. content];
        BinaryPrimitives.WriteInt32BigEndian(box, size ?? box.Length);
        return box;
    }

    private static byte[] LargeBox(string type, int content) =>
        [0, 0, 0, 1, .. Encoding.ASCII.GetBytes(type), 0, 0, 0, 0, 0, 0, 0, (byte)(16 + content), .. new byte[content]];

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
