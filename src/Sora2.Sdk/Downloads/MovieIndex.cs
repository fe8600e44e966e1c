using System.Buffers.Binary;

namespace Sora2.Sdk.Downloads;

/// <summary>Where the media of a movie is in its file, by the tables of its tracks.</summary>
/// <param name="End">The minimum end of the media: a shorter file is truncated.</param>
/// <param name="IsExact">Whether no media is after <paramref name="End"/>.</param>
/// <param name="IsFragmented">Whether fragments may follow with media that the tables do not list.</param>
internal readonly record struct MovieIndex(long End, bool IsExact, bool IsFragmented)
{
    private const int HeaderLength = 8;

    /// <summary>Reads the content of a <c>moov</c>. Tables that are not valid are ignored.</summary>
    public static MovieIndex Read(ReadOnlySpan<byte> movie)
    {
        long end = 0;
        var isExact = true;
        var isFragmented = false;
        for (var boxes = movie; Next(ref boxes, out var type, out var box);)
        {
            isFragmented |= type.SequenceEqual("mvex"u8);
            if (type.SequenceEqual("trak"u8) && Child(Child(box, "mdia"u8), "minf"u8) is { IsEmpty: false } information)
            {
                var track = ReadTrack(information);
                end = Math.Max(end, track.End);
                isExact &= track.IsExact;
            }
        }

        return new MovieIndex(end, isExact && end > 0, isFragmented);
    }

    /// <summary>Whether the bytes are a sequence of boxes without a rest.</summary>
    public static bool IsSequenceOfBoxes(ReadOnlySpan<byte> boxes)
    {
        while (Next(ref boxes, out _, out _))
        {
        }

        return boxes.IsEmpty;
    }

    private static (long End, bool IsExact) ReadTrack(ReadOnlySpan<byte> information)
    {
        var tables = Child(information, "stbl"u8);
        var wide = Child(tables, "co64"u8);
        var offsets = Entries(wide.IsEmpty ? Child(tables, "stco"u8) : wide, at: 4, wide.IsEmpty ? 4 : 8, out var chunks);
        if (chunks == 0 || !IsInThisFile(information))
        {
            return (0, false);
        }

        long last = 0;
        long lastOffset = 0;
        for (var i = 0; i < chunks; i++)
        {
            lastOffset = wide.IsEmpty
                ? BinaryPrimitives.ReadUInt32BigEndian(offsets[(4 * i)..])
                : BinaryPrimitives.ReadInt64BigEndian(offsets[(8 * i)..]);
            last = Math.Max(last, lastOffset);
        }

        // The last chunk has the last samples; the last run says how many.
        var runs = Entries(Child(tables, "stsc"u8), at: 4, 12, out var runCount);
        var sizes = Child(tables, "stsz"u8);
        if (runCount == 0 || sizes.Length < 12 || last != lastOffset)
        {
            return (last + 1, false);
        }

        if (!HaveAllSamples(runs, runCount, chunks, BinaryPrimitives.ReadUInt32BigEndian(sizes[8..])))
        {
            return (last + 1, false); // The last chunk may hold fewer samples than its run says.
        }

        var samples = BinaryPrimitives.ReadUInt32BigEndian(runs[((12 * (runCount - 1)) + 4)..]);
        var size = BinaryPrimitives.ReadUInt32BigEndian(sizes[4..]);
        if (size > 0)
        {
            return (last + (samples * (long)size), true);
        }

        var each = Entries(sizes, at: 8, 4, out var count);
        if (samples > count)
        {
            return (last + 1, false);
        }

        for (var i = count - (int)samples; i < count; i++)
        {
            last += BinaryPrimitives.ReadUInt32BigEndian(each[(4 * i)..]);
        }

        return (last, true);
    }

    /// <summary>Whether the runs of a track have as many samples as the track.</summary>
    private static bool HaveAllSamples(ReadOnlySpan<byte> runs, int runCount, int chunks, uint samples)
    {
        long sum = 0;
        for (var i = 0; i < runCount; i++)
        {
            var first = BinaryPrimitives.ReadUInt32BigEndian(runs[(12 * i)..]);
            var next = i + 1 < runCount ? BinaryPrimitives.ReadUInt32BigEndian(runs[(12 * (i + 1))..]) : (uint)chunks + 1;
            if (first >= next)
            {
                return false;
            }

            sum += (next - first) * (long)BinaryPrimitives.ReadUInt32BigEndian(runs[((12 * i) + 4)..]);
        }

        return sum == samples;
    }

    /// <summary>Whether the media of a track is in this file, as it always is except in reference movies of editing programs.</summary>
    private static bool IsInThisFile(ReadOnlySpan<byte> information)
    {
        var references = Child(Child(information, "dinf"u8), "dref"u8);
        return references.Length < 8 + HeaderLength + 4 || (references[8 + HeaderLength + 3] & 1) == 1;
    }

    /// <summary>The entries of a table that starts with their count; none if some are missing.</summary>
    private static ReadOnlySpan<byte> Entries(ReadOnlySpan<byte> table, int at, int entryLength, out int count)
    {
        count = 0;
        if (table.Length < at + 4
            || (BinaryPrimitives.ReadUInt32BigEndian(table[at..]) is var stated && stated > (table.Length - at - 4) / entryLength))
        {
            return [];
        }

        count = (int)stated;
        return table[(at + 4)..];
    }

    private static ReadOnlySpan<byte> Child(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> wanted)
    {
        while (Next(ref boxes, out var type, out var box))
        {
            if (type.SequenceEqual(wanted))
            {
                return box;
            }
        }

        return [];
    }

    private static bool Next(scoped ref ReadOnlySpan<byte> boxes, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> box)
    {
        if (boxes.Length < HeaderLength
            || (BinaryPrimitives.ReadUInt32BigEndian(boxes) is var size && (size < HeaderLength || size > boxes.Length)))
        {
            type = box = default;
            return false;
        }

        type = boxes[4..HeaderLength];
        box = boxes[HeaderLength..(int)size];
        boxes = boxes[(int)size..];
        return true;
    }
}
