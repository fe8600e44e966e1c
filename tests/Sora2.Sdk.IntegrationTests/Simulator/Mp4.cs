using System.Buffers.Binary;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Reads the few numbers of an MP4 that the tests want to see.</summary>
internal static class Mp4
{
    /// <summary>From the movie header: time scale and duration.</summary>
    public static double Seconds(ReadOnlySpan<byte> file)
    {
        var header = After(file, "mvhd"u8);
        return BinaryPrimitives.ReadUInt32BigEndian(header[16..]) / (double)BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
    }

    public static int Width(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadUInt16BigEndian(After(file, "tkhd"u8)[76..]);

    public static int Height(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadUInt16BigEndian(After(file, "tkhd"u8)[80..]);

    /// <summary>The content of the first box of this type, where its version byte is.</summary>
    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type) => file[(file.IndexOf(type) + type.Length)..];
}
