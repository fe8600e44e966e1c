using System.Buffers.Binary;

namespace Sora2.Sdk.IntegrationTests.Simulator;

/// <summary>Reads the duration and the size of an MP4.</summary>
internal static class Mp4
{
    /// <summary>Returns the duration from the movie header.</summary>
    public static double Seconds(ReadOnlySpan<byte> file)
    {
        var header = After(file, "mvhd"u8);
        return BinaryPrimitives.ReadUInt32BigEndian(header[16..]) / (double)BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
    }

    public static int Width(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadUInt16BigEndian(After(file, "tkhd"u8)[76..]);

    public static int Height(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadUInt16BigEndian(After(file, "tkhd"u8)[80..]);

    /// <summary>Returns the content of the first box of this type, starting with its version byte.</summary>
    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type) => file[(file.IndexOf(type) + type.Length)..];
}
