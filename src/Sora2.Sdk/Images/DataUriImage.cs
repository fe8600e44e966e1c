namespace Sora2.Sdk.Images;

/// <param name="Base64">Known to be valid; decoded when the request is sent, so that one that is too large never is.</param>
/// <param name="Length">How many bytes it stands for.</param>
internal sealed record DataUriImage(ReadOnlyMemory<char> Base64, int Length) : ImageInput
{
    public byte[] Decode()
    {
        var bytes = new byte[Length];
        Convert.TryFromBase64Chars(Base64.Span, bytes, out _);
        return bytes;
    }

    // By content, so that one that was read twice is sent once.
    public bool Equals(DataUriImage? other) => other is not null && Base64.Span.SequenceEqual(other.Base64.Span);

    public override int GetHashCode() => Length;

    public override string ToString() => $"DataUriImage {{ {Length} bytes }}";
}
