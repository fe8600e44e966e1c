using Sora2.Sdk.Images;

namespace Sora2.Sdk.Platforms.Wire;

/// <summary>A part of a body: literal bytes, or an image that is read while it is sent, as it is or in base64.</summary>
internal readonly record struct BodySegment(ReadOnlyMemory<byte> Literal, LoadedImage? Image = null, bool AsBase64 = false)
{
    public long Length => Image is null ? Literal.Length : AsBase64 ? (Image.Length + 2) / 3 * 4 : Image.Length;
}
