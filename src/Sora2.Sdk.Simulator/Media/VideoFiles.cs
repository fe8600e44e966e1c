using System.Buffers.Binary;
using System.Collections.Concurrent;
using Sora2.Sdk.Simulator.Relays;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator.Media;

/// <summary>The served files: MP4 and JPEG files embedded in the assembly, padded to the configured size.</summary>
internal sealed class VideoFiles(long minimumVideoBytes, DateTimeOffset lastModified)
{
    private const int BoxHeaderBytes = 8;
    private const int LargeBoxHeaderBytes = 16;
    private const int SmallestBoxBytes = 16;
    private static readonly int[] Lengths = [10, 15, 25];

    private readonly ConcurrentDictionary<(string Name, int Version), MediaFile> _files = [];

    /// <summary>Returns the shortest video of at least the requested length, or the longest one.</summary>
    /// <param name="parameters">The parameters of the create.</param>
    /// <param name="version">The number of times that the file was replaced: each version has its own date, tag and padding.</param>
    public MediaFile VideoFor(VideoParameters parameters, int version)
    {
        var seconds = Lengths.FirstOrDefault(length => length >= parameters.Length, Lengths[^1]);
        var name = FormattableString.Invariant($"{(parameters.Portrait ? "portrait" : "landscape")}-{seconds}s.mp4");
        return _files.GetOrAdd(
            (name, version),
            file => MediaFile.Create("video/mp4", Pad(Load(file.Name), file.Version), lastModified.AddMinutes(file.Version)));
    }

    public MediaFile Picture() => _files.GetOrAdd(
        ("picture.jpg", 0),
        file => MediaFile.Create("image/jpeg", Content.FromBytes(Load(file.Name)), lastModified));

    private static byte[] Load(string name)
    {
        using var resource = typeof(VideoFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private Content Pad(byte[] video, int version)
    {
        var missing = minimumVideoBytes - video.Length;
        if (missing <= 0 && version == 0)
        {
            return Content.FromBytes(video);
        }

        // Players skip a 'free' box, so the file has the configured size and still plays.
        var box = Math.Max(missing, SmallestBoxBytes);
        byte[] head = [.. video, .. FreeBoxHeader(box)];
        return new Content(head, (ulong)version, From: 0, video.Length + box);
    }

    private static byte[] FreeBoxHeader(long length)
    {
        // A size of 1 means that the size is too large for 32 bits and follows the name.
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
