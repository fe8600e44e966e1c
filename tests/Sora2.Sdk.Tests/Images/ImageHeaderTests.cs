using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Tests.Images;

/// <summary>Format and size are read from the output of encoders, and nothing else is accepted as an image.</summary>
public sealed class ImageHeaderTests
{
    private static readonly byte[][] Pictures =
    [
        TinyImages.Png,
        TinyImages.Jpeg,
        TinyImages.Gif,
        TinyImages.WebP,
        TinyImages.WebPLossless,
        TinyImages.WebPWithAlpha,
    ];

    private static readonly int FrameHeader = TinyImages.Jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0, 17]);

    public static TheoryData<string, byte[]> Jpegs => new()
    {
        { "fill bytes", Jpeg([0xFF, 0xFF, 0xFF, 0xFF, .. Segment(0xE1, 10)]) },
        { "more fill bytes than are read at once", Jpeg([.. Enumerable.Repeat((byte)0xFF, 10_000)]) },
        {
            "notes far over 64 KiB",
            Jpeg([.. Segment(0xE1, 65_533), .. Segment(0xE2, 65_533), .. Segment(0xE2, 30_000), .. Segment(0xFE, 0)])
        },
        {
            "a preview with a frame header of its own",
            Jpeg(Segment(0xE1, TinyImages.Png.Length + TinyImages.Jpeg.Length, [.. TinyImages.Png, .. TinyImages.Jpeg]))
        },
        { "stray bytes between segments", Jpeg([0, 1, 2, 0xFF, 0x00, 3, .. new byte[9000]]) },
        { "markers without a segment", Jpeg([0xFF, 0x01, 0xFF, 0xD0, 0xFF, 0xD8]) },
        { "tables and arithmetic conditioning before it", Jpeg([.. Segment(0xC4, 20), .. Segment(0xCC, 2), .. Segment(0xDD, 2)]) },
        { "a progressive picture", WithFrame(0xC2) },
        { "an arithmetic one", WithFrame(0xC9) },
    };

    public static TheoryData<string, byte[], string> Damaged => new()
    {
        { "JPEG that ends before its frame header", TinyImages.Jpeg[..FrameHeader], "a damaged JPEG" },
        { "JPEG that ends within it", TinyImages.Jpeg[..(FrameHeader + 8)], "a damaged JPEG" },
        { "JPEG whose pixels come first", Jpeg(Segment(0xDA, 10)), "a damaged JPEG" },
        { "JPEG that ends at once", Jpeg([0xFF, 0xD9]), "a damaged JPEG" },
        { "JPEG with a segment shorter than its length", Jpeg([0xFF, 0xE0, 0, 1]), "a damaged JPEG" },
        { "JPEG without lines", With(TinyImages.Jpeg, FrameHeader + 5, 0, 0), "3 × 0 pixels" },
        { "PNG without a header chunk", With(TinyImages.Png, 12, (byte)'C', (byte)'g'), "a damaged PNG" },
        { "PNG that ends in its header", TinyImages.Png[..23], "a damaged PNG" },
        { "PNG without columns", With(TinyImages.Png, 16, 0, 0, 0, 0), "0 × 2 pixels" },
        { "PNG of an impossible width", With(TinyImages.Png, 16, 0xFF, 0xFF, 0xFF, 0xFF), "4294967295 × 2 pixels" },
        { "GIF without lines", With(TinyImages.Gif, 8, 0, 0), "3 × 0 pixels" },
        { "GIF of a signature", TinyImages.Gif[..9], "a damaged GIF" },
        { "WebP without a start code", With(TinyImages.WebP, 23, 0), "a damaged WebP" },
        { "WebP without columns", With(TinyImages.WebP, 26, 0, 0), "0 × 2 pixels" },
        { "WebP of an unknown chunk", With(TinyImages.WebP, 12, (byte)'A'), "a damaged WebP" },
        { "lossless WebP without its signature", With(TinyImages.WebPLossless, 20, 0), "a damaged WebP" },
        { "WebP of a signature", TinyImages.WebP[..12], "a damaged WebP" },
    };

    [Fact]
    public async Task Image_has_its_size()
    {
        foreach (var picture in Pictures)
        {
            var header = await ReadAsync(picture);
            Assert.Equal((3, 2), (header.Width, header.Height));
        }
    }

    [Theory]
    [MemberData(nameof(Jpegs), DisableDiscoveryEnumeration = true)]
    public async Task Size_of_a_jpeg_is_found_behind_other_segments(string what, byte[] jpeg)
    {
        var header = await ReadAsync(jpeg);
        Assert.True((header.Type, header.Width, header.Height) == (ImageType.Jpeg, 3, 2), what);
    }

    [Theory]
    [MemberData(nameof(Damaged), DisableDiscoveryEnumeration = true)]
    public async Task Damaged_header_is_refused_with_its_reason(string what, byte[] image, string reason)
    {
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => ReadAsync(image).AsTask());
        Assert.True(error.Message.StartsWith("The image is a damaged ", StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.True(error.Message.Contains(reason, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public async Task Image_truncated_at_any_byte_is_refused()
    {
        foreach (var picture in Pictures)
        {
            for (var length = 0; length < picture.Length; length++)
            {
                await Assert.ThrowsAsync<Sora2ValidationException>(() => ReadAsync(picture[..length]).AsTask());
            }
        }
    }

    [Fact]
    public async Task Missing_end_is_reported()
    {
        var error = await Assert.ThrowsAsync<Sora2ValidationException>(() => ReadAsync(TinyImages.Png[..^5]).AsTask());

        Assert.StartsWith("The image is a truncated PNG", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_behind_an_image_is_ignored()
    {
        foreach (var picture in Pictures)
        {
            foreach (var rest in (byte[][])[[0], [.. "PK\u0003\u0004 and a ZIP"u8], new byte[200_000]])
            {
                Assert.Equal(3, (await ReadAsync([.. picture, .. rest])).Width);
            }
        }
    }

    [Fact]
    public async Task End_of_a_preview_is_not_the_end_of_the_image()
    {
        var jpeg = Jpeg(Segment(0xE1, TinyImages.Jpeg.Length, TinyImages.Jpeg));

        Assert.Equal(3, (await ReadAsync(jpeg)).Width);
        await Assert.ThrowsAsync<Sora2ValidationException>(() => ReadAsync(jpeg[..^1]).AsTask());
    }

    [Fact]
    public void Any_bytes_are_an_image_or_refused()
    {
        var bytes =
            from picture in Gen.Elements(Pictures)
            from length in Gen.Choose(0, picture.Length)
            from changes in Gen.ListOf(Gen.Choose(0, picture.Length - 1).Zip(Gen.Choose(0, 255)))
            select changes.Aggregate(picture.ToArray(), (changed, change) => With(changed, change.Item1, (byte)change.Item2))[..length];
        Prop.ForAll(Arb.From(bytes), image =>
        {
            try
            {
                var header = ReadAsync(image).AsTask().GetAwaiter().GetResult();
                Assert.True(header is { Width: > 0, Height: > 0 });
            }
            catch (Sora2ValidationException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5000)]
    public async Task Large_file_is_not_read_completely(int notes)
    {
        byte[] segments = [.. Enumerable.Repeat(Segment(0xE2, 4096), notes).SelectMany(segment => segment)];
        using var stream = new CountingStream([7, .. Jpeg(segments)]);
        stream.Position = 1;

        var header = await ImageHeader.ReadAsync(stream, stream.Length - 1, "The image", TestContext.Current.CancellationToken);

        Assert.Equal((3, 2), (header.Width, header.Height));
        Assert.InRange(stream.Touched, 1, (notes + 2) * 4096L);
        Assert.Equal(4096, stream.LargestRead);
    }

    private static ValueTask<ImageHeader> ReadAsync(byte[] image) =>
        ImageHeader.ReadAsync(new MemoryStream(image), image.Length, "The image", TestContext.Current.CancellationToken);

    /// <summary>Returns the tiny JPEG with bytes inserted behind its start marker.</summary>
    private static byte[] Jpeg(byte[] inserted) =>
        [0xFF, 0xD8, .. inserted.Length > 0 && inserted[0] != 0xFF ? Segment(0xE0, 14) : [], .. inserted, .. TinyImages.Jpeg[2..]];

    private static byte[] WithFrame(byte marker) => With(TinyImages.Jpeg, FrameHeader + 1, marker);

    private static byte[] Segment(byte marker, int length, byte[]? content = null) =>
        [0xFF, marker, (byte)((length + 2) >> 8), (byte)(length + 2), .. content ?? new byte[length]];

    private static byte[] With(byte[] image, int at, params byte[] changed) =>
        [.. image[..at], .. changed, .. image[(at + changed.Length)..]];

    private sealed class CountingStream(byte[] content) : MemoryStream(content)
    {
        public long Touched { get; private set; }

        public int LargestRead { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            (Touched, LargestRead) = (Touched + read, Math.Max(LargestRead, buffer.Length));
            return read;
        }
    }
}
