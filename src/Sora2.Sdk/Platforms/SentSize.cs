namespace Sora2.Sdk.Platforms;

/// <summary>The size of a request's body.</summary>
/// <param name="Bytes">The complete body in bytes.</param>
/// <param name="Images">The number of images in it.</param>
/// <param name="ImageBytes">The images in bytes, as they are in their files.</param>
internal sealed record SentSize(long Bytes, int Images, long ImageBytes);
