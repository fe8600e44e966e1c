namespace Sora2.Sdk;

internal sealed record FileImage(string Path) : ImageInput;
