namespace Sora2.Sdk.Platforms;

/// <summary>The size of a request's body.</summary>
/// <param name="Bytes">The whole body.</param>
/// <param name="Images">How many images are in it.</param>
/// <param name="ImageBytes">The images as they are in their files.</param>
internal sealed record SentSize(long Bytes, int Images, long ImageBytes);
