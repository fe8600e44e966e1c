namespace Sora2.Sdk;

internal sealed record BytesImage(ReadOnlyMemory<byte> Bytes) : ImageInput
{
    public override string ToString() => $"BytesImage {{ {Bytes.Length} bytes }}";
}
