using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Sora2.Sdk.Simulator;

/// <summary>The files that the media host serves: real ones, embedded in the assembly.</summary>
internal sealed class VideoFiles(int minimumVideoBytes)
{
    private const int BoxHeaderBytes = 8;
    private static readonly int[] Lengths = [10, 15, 25];

    private readonly ConcurrentDictionary<string, MediaFile> _files = new(StringComparer.Ordinal);

    /// <summary>The shortest video that covers the seconds asked for; the longest one there is where none does.</summary>
    public MediaFile VideoFor(VideoOrder order)
    {
        var seconds = Lengths.FirstOrDefault(length => length >= order.Length, Lengths[^1]);
        return _files.GetOrAdd(
            FormattableString.Invariant($"{(order.Portrait ? "portrait" : "landscape")}-{seconds}s.mp4"),
            name => MediaFile.Of("video/mp4", Fill(Load(name))));
    }

    public MediaFile Picture() => _files.GetOrAdd("picture.jpg", name => MediaFile.Of("image/jpeg", Load(name)));

    private static byte[] Load(string name)
    {
        using var resource = typeof(VideoFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private byte[] Fill(byte[] video)
    {
        var missing = minimumVideoBytes - video.Length;
        if (missing <= 0)
        {
            return video;
        }

        // Players skip a 'free' box, so the file is as large as asked for and still a video.
        var box = Math.Max(missing, BoxHeaderBytes);
        var filled = new byte[video.Length + box];
        video.CopyTo(filled, 0);
        BinaryPrimitives.WriteUInt32BigEndian(filled.AsSpan(video.Length), (uint)box);
        "free"u8.CopyTo(filled.AsSpan(video.Length + sizeof(uint)));
        return filled;
    }
}
