using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tests.Common;

/// <summary>A stream is read completely, whatever length was announced; more bytes than the limit are refused.</summary>
public sealed class BoundedStreamReaderTests
{
    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(4096, null)]
    [InlineData(4097, null)]
    [InlineData(3_000_000, null)]
    [InlineData(3_000_000, 0L)]
    [InlineData(3_000_000, 2_999_999L)]
    [InlineData(3_000_000, 3_000_000L)]
    [InlineData(3_000_000, 5_000_000L)]
    [InlineData(3_000_000, long.MaxValue)]
    public async Task Everything_is_read_up_to_the_limit(int length, long? announced)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        using var stream = new TricklingStream(content);
        var read = new BoundedStreamReader(limit: length, announced);

        await read.ReadToEndAsync(stream, TestContext.Current.CancellationToken);

        Assert.True(content.AsSpan().SequenceEqual(read.Bytes.Span));
        Assert.True(content.AsSpan().SequenceEqual(read.Blocks.SelectMany(block => block.ToArray()).ToArray()));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(99, null)]
    [InlineData(100_000, null)]
    [InlineData(100_000, 1L)]
    [InlineData(100_000, 100_001L)]
    public async Task Byte_over_the_limit_is_refused_and_the_bytes_read_are_kept(int limit, long? announced)
    {
        var content = new byte[limit + 1];
        Array.Fill(content, (byte)7);
        using var stream = new TricklingStream(content);
        var read = new BoundedStreamReader(limit, announced);

        await Assert.ThrowsAsync<StreamTooLongException>(() => read.ReadToEndAsync(stream, TestContext.Current.CancellationToken).AsTask());

        Assert.True(content.AsSpan().SequenceEqual(read.Bytes.Span));
    }
}
