using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>Decompresses request bodies, as the gateway software of the platforms does.</summary>
internal static class ContentEncoding
{
    /// <summary>The largest size of a decompressed body: the gateway's own limit.</summary>
    private const int MaxBytes = 128 * 1024 * 1024;

    /// <summary>Returns the decompressed body; null when it is damaged, exceeds the limit, or has an unknown encoding.</summary>
    public static ReadOnlyMemory<byte>? Decode(string? encoding, ReadOnlyMemory<byte> body)
    {
        if (string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return body;
        }

        using var compressed = StreamOf(body);
        using Stream? decompressing = encoding.ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(compressed, CompressionMode.Decompress),
            "BR" => new BrotliStream(compressed, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(compressed, CompressionMode.Decompress),
            _ => null,
        };
        return decompressing is null ? null : Decompress(decompressing);
    }

    /// <summary>Returns the bytes as a stream, without a copy where they are in an array.</summary>
    public static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count)
            : new MemoryStream(bytes.ToArray());

    private static ReadOnlyMemory<byte>? Decompress(Stream decompressing)
    {
        using var plain = new MemoryStream();
        var piece = new byte[Content.PieceBytes];
        try
        {
            int read;
            while ((read = decompressing.Read(piece)) > 0)
            {
                if (plain.Length + read > MaxBytes)
                {
                    return null;
                }

                plain.Write(piece, 0, read);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            // Brotli throws InvalidOperationException where the others throw InvalidDataException.
            return null;
        }

        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }
}
