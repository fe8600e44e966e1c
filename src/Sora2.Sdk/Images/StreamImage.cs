namespace Sora2.Sdk;

internal sealed record StreamImage(Stream Stream) : ImageInput;
