using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Sora2.Sdk.Simulator;

/// <summary>The files that are served: real ones, embedded in the assembly, and filled up to the size wanted.</summary>
internal sealed class VideoFiles(long minimumVideoBytes, DateTimeOffset lastModified)
{
    private const int BoxHeaderBytes = 8;
    private const int LargeBoxHeaderBytes = 16;
    private const int SmallestBoxBytes = 16;
    private static readonly int[] Lengths = [10, 15, 25];

    private readonly ConcurrentDictionary<(string Name, int Version), MediaFile> _files = [];

    /// <summary>The shortest video that covers the seconds asked for; the longest one there is where none does.</summary>
    /// <param name="order">What was ordered.</param>
    /// <param name="version">How often the file has changed: each version has a date, a tag and filler of its own.</param>
    public MediaFile VideoFor(VideoOrder order, int version)
    {
        var seconds = Lengths.FirstOrDefault(length => length >= order.Length, Lengths[^1]);
        var name = FormattableString.Invariant($"{(order.Portrait ? "portrait" : "landscape")}-{seconds}s.mp4");
        return _files.GetOrAdd((name, version), file => MediaFile.Of("video/mp4", Fill(Load(file.Name), file.Version), lastModified.AddMinutes(file.Version)));
    }

    public MediaFile Picture() => _files.GetOrAdd(("picture.jpg", 0), file => MediaFile.Of("image/jpeg", Content.Of(Load(file.Name)), lastModified));

    private static byte[] Load(string name)
    {
        using var resource = typeof(VideoFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private Content Fill(byte[] video, int version)
    {
        var missing = minimumVideoBytes - video.Length;
        if (missing <= 0 && version == 0)
        {
            return Content.Of(video);
        }

        // Players skip a 'free' box, so the file is as large as asked for and still a video.
        var box = Math.Max(missing, SmallestBoxBytes);
        byte[] filled = [.. video, .. FreeBoxHeader(box)];
        return new Content(filled, (ulong)version, From: 0, video.Length + box);
    }

    private static byte[] FreeBoxHeader(long length)
    {
        // A size of 1 says that the real one is too large for 32 bits and follows the name.
        var header = new byte[length > uint.MaxValue ? LargeBoxHeaderBytes : BoxHeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, length > uint.MaxValue ? 1 : (uint)length);
        "free"u8.CopyTo(header.AsSpan(sizeof(uint)));
        if (header.Length == LargeBoxHeaderBytes)
        {
            BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(BoxHeaderBytes), length);
        }

        return header;
    }
}
