namespace Sora2.Sdk.Images;

/// <param name="Stream">The caller's stream.</param>
/// <param name="Start">Its position when the input was created; null if it cannot seek.</param>
internal sealed record StreamImage(Stream Stream, long? Start) : ImageInput
{
    public override string ToString() => $"StreamImage {{ {Stream.GetType().Name} }}";
}
