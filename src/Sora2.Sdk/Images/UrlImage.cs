namespace Sora2.Sdk;

internal sealed record UrlImage(Uri Url) : ImageInput
{
    public override string ToString() => $"UrlImage {{ {OneLine.Of(Url)} }}";
}
