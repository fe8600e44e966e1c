namespace Sora2.Sdk.Images;

/// <param name="Base64">Valid base64; decoded when the request is sent, so that an image that is too large is never decoded.</param>
/// <param name="Length">The decoded length in bytes.</param>
internal sealed record DataUriImage(ReadOnlyMemory<char> Base64, int Length) : ImageInput
{
    public byte[] Decode()
    {
        var bytes = new byte[Length];
        Convert.TryFromBase64Chars(Base64.Span, bytes, out _);
        return bytes;
    }

    // By content, so that an image that was read twice is sent once.
    public bool Equals(DataUriImage? other) => other is not null && Base64.Span.SequenceEqual(other.Base64.Span);

    public override int GetHashCode() => Length;

    public override string ToString() => $"DataUriImage {{ {Length} bytes }}";
}
