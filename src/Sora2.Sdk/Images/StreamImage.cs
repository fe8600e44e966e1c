namespace Sora2.Sdk.Images;

/// <param name="Stream">The caller's.</param>
/// <param name="Start">Where it stood when it was handed over; null if it cannot seek.</param>
internal sealed record StreamImage(Stream Stream, long? Start) : ImageInput
{
    public override string ToString() => $"StreamImage {{ {Stream.GetType().Name} }}";
}
