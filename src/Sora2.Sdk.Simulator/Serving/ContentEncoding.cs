using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Sora2.Sdk.Simulator;

/// <summary>Unpacks a body that was compressed on its way, as the gateway software of the platforms does.</summary>
internal static class ContentEncoding
{
    /// <summary>What a compressed body may grow to: the gateway's own limit.</summary>
    private const int MostBytes = 128 * 1024 * 1024;

    /// <summary>The body as it was before; null when it does not unpack, is larger than the limit, or when the encoding is unknown.</summary>
    public static ReadOnlyMemory<byte>? Decode(string? encoding, ReadOnlyMemory<byte> body)
    {
        if (string.IsNullOrEmpty(encoding) || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return body;
        }

        using var packed = StreamOf(body);
        using Stream? unpacking = encoding.ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(packed, CompressionMode.Decompress),
            "BR" => new BrotliStream(packed, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(packed, CompressionMode.Decompress),
            _ => null,
        };
        return unpacking is null ? null : Unpack(unpacking);
    }

    /// <summary>The bytes as a stream, without a copy where they lie in an array.</summary>
    public static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count) : new MemoryStream(bytes.ToArray());

    private static ReadOnlyMemory<byte>? Unpack(Stream unpacking)
    {
        using var plain = new MemoryStream();
        var piece = new byte[Content.PieceBytes];
        try
        {
            int read;
            while ((read = unpacking.Read(piece)) > 0)
            {
                if (plain.Length + read > MostBytes)
                {
                    return null;
                }

                plain.Write(piece, 0, read);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            // Brotli says InvalidOperationException where the others say InvalidDataException.
            return null;
        }

        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }
}
