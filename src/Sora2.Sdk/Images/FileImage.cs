using Sora2.Sdk.Common;

namespace Sora2.Sdk.Images;

internal sealed record FileImage(string Path) : ImageInput
{
    public override string ToString() => $"FileImage {{ {LogSanitizer.Path(Path)} }}";
}
