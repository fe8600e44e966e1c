using Sora2.Sdk.Common;

namespace Sora2.Sdk.Images;

internal sealed record UrlImage(Uri Url) : ImageInput
{
    public override string ToString() => $"UrlImage {{ {LogSanitizer.SingleLine(Url)} }}";
}
