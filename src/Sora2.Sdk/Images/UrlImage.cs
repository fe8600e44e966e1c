namespace Sora2.Sdk;

internal sealed record UrlImage(Uri Url) : ImageInput;
