namespace Sora2.Sdk.Images;

internal sealed record BytesImage(ReadOnlyMemory<byte> Bytes) : ImageInput
{
    public override string ToString() => $"BytesImage {{ {Bytes.Length} bytes }}";
}
