using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>A video of more than 4 GiB, beyond the range of 32-bit numbers.</summary>
[Collection(nameof(RunsAlone))]
public sealed class LargeVideoTests : SimulatorHttpTest
{
    private const long FiveGibibytes = 5L << 30;
    private const long FourGibibytes = 4L << 30;

    [Fact]
    public async Task File_is_a_video_followed_by_one_free_box()
    {
        var link = await FinishedVideoAsync();
        var beginning = await RangeAsync(link, 0, 199_999);
        var end = 0;
        for (; BinaryPrimitives.ReadUInt32BigEndian(beginning.Bytes.AsSpan(end)) is var size and not 1; end += (int)size)
        {
        }

        using var whole = await OpenAsync(link);
        Assert.Equal(FiveGibibytes, whole.Content.Headers.ContentLength);
        Assert.Equal(FiveGibibytes, Simulator.VideoBytes(TaskId));
        Assert.Equal(10, Mp4.Seconds(beginning.Bytes));
        Assert.Equal("free"u8, beginning.Bytes.AsSpan(end + 4, 4));
        Assert.Equal(FiveGibibytes - end, BinaryPrimitives.ReadInt64BigEndian(beginning.Bytes.AsSpan(end + 8)));
    }

    [Fact]
    public async Task Range_beyond_four_gibibytes_returns_that_part()
    {
        var link = await FinishedVideoAsync();

        var part = await RangeAsync(link, FourGibibytes - 1000, FourGibibytes + 200_000);
        var within = await RangeAsync(link, FourGibibytes + 3, FourGibibytes + 100_001);

        Assert.Equal(206, part.Status);
        var expected = $"bytes {FourGibibytes - 1000}-{FourGibibytes + 200_000}/{FiveGibibytes}";
        Assert.Equal(expected, part.ContentHeaders.ContentRange!.ToString());
        Assert.Equal(201_001, part.Bytes.Length);
        Assert.Equal(part.Bytes[1003..101_002], within.Bytes);
    }

    [Fact]
    public async Task Tail_can_be_requested_and_nothing_after_it()
    {
        var link = await FinishedVideoAsync();

        var tail = await RangeAsync(link, null, 777);
        var same = await RangeAsync(link, FiveGibibytes - 777, null);
        var beyond = await RangeAsync(link, FiveGibibytes, null);

        Assert.Equal((206, 777), (tail.Status, tail.Bytes.Length));
        Assert.Equal(tail.Bytes, same.Bytes);
        Assert.Equal((416, $"bytes */{FiveGibibytes}"), (beyond.Status, beyond.ContentHeaders.ContentRange!.ToString()));
    }

    [Fact]
    public async Task Words_of_the_padding_are_all_different()
    {
        var link = await FinishedVideoAsync();
        var words = new HashSet<ulong>();

        foreach (var from in new[] { 1L << 20, FourGibibytes - 4000, FiveGibibytes - 400_000 })
        {
            var part = (await RangeAsync(link, from, from + 399_999)).Bytes;
            words.UnionWith(MemoryMarshal.Cast<byte, ulong>(part).ToArray());
        }

        Assert.Equal(3 * 50_000, words.Count);
    }

    [Fact]
    public async Task Serving_a_large_part_needs_no_more_memory_than_a_small_one()
    {
        var link = await FinishedVideoAsync();
        await AllocatedByAsync(link, 1 << 20);

        var little = await AllocatedByAsync(link, 1 << 20);
        var much = await AllocatedByAsync(link, 512 << 20);

        Assert.InRange(much, 0, little + (16 << 20));
    }

    protected override void Configure(Sora2SimulatorOptions options) => options.MinimumVideoBytes = FiveGibibytes;

    private Task<Reply> RangeAsync(Uri link, long? from, long? to) =>
        SendAsync(HttpMethod.Get, link, headers: headers => headers.Range = new RangeHeaderValue(from, to));

    private static async Task<long> AllocatedByAsync(Uri link, long bytes)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = new RangeHeaderValue(1 << 20, (1 << 20) + bytes - 1);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await response.Content.CopyToAsync(Stream.Null, Cancellation);
        Assert.Equal(bytes, response.Content.Headers.ContentLength);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
