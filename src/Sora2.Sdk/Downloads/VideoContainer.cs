using System.Buffers.Binary;
using Sora2.Sdk.Images;

namespace Sora2.Sdk.Downloads;

/// <summary>A known kind of file that is not MP4.</summary>
/// <param name="Name">The name in a message, with its article.</param>
/// <param name="Extension">The extension of such a file; null if it is no video by itself.</param>
/// <param name="MinLength">How many bytes it has by its own header; 0 if that does not say.</param>
internal sealed record VideoContainer(string Name, string? Extension, long MinLength = 0)
{
    /// <summary>How many bytes <see cref="Detect"/> needs.</summary>
    public const int StartLength = 400;

    private const int PacketLength = 188;

    private static ReadOnlySpan<byte> Matroska => [0x1A, 0x45, 0xDF, 0xA3];

    private static ReadOnlySpan<byte> Asf => [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11];

    private static ReadOnlySpan<byte> ProgramStream => [0, 0, 1, 0xBA];

    /// <summary>Detects the kind by its first bytes; null if it is not known.</summary>
    public static VideoContainer? Detect(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart("\uFEFF \t\r\n"u8);
        return start.StartsWith(Matroska)
            ? start[..Math.Min(start.Length, 64)].IndexOf("webm"u8) >= 0 ? new("a WebM video", ".webm") : new("a Matroska video", ".mkv")
            : start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("AVI "u8)
            ? new("an AVI video", ".avi", BinaryPrimitives.ReadUInt32LittleEndian(start[4..]) + 8L)
            : start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8) ? new("a GIF animation", ".gif")
            : start.StartsWith("FLV\u0001"u8) ? new("an FLV video", ".flv")
            : start.StartsWith("OggS"u8) ? new("an Ogg video", ".ogv")
            : start.StartsWith(Asf) ? new("a Windows Media video", ".wmv")
            : start.StartsWith(ProgramStream) ? new("an MPEG video", ".mpg")
            : start.Length > PacketLength && start[0] == 0x47 && start[PacketLength] == 0x47 ? new("an MPEG transport stream", ".ts")
            : text.StartsWith("#EXTM3U"u8) ? new("an HLS playlist, which lists the parts of a video without containing them", null)
            : text.StartsWith("<"u8) && text.IndexOf("<MPD"u8) >= 0
            ? new("a DASH manifest, which lists the parts of a video without containing them", null)
            : start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? new("a gzip file", null)
            : start.StartsWith("PK\u0003\u0004"u8) ? new("a ZIP archive", null)
            : ImageType.Detect(start) is { } image ? new($"a {image.Name} image", null)
            : null;
    }
}
