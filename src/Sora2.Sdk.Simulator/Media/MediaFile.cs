using System.Security.Cryptography;

namespace Sora2.Sdk.Simulator;

/// <summary>A file and the tag that changes when it does.</summary>
internal sealed record MediaFile(string ContentType, ReadOnlyMemory<byte> Content, string ETag)
{
    public static MediaFile Of(string contentType, byte[] content) =>
        new(contentType, content, $"\"{Convert.ToHexString(SHA256.HashData(content), 0, 8)}\"");
}
