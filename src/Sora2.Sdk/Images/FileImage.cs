namespace Sora2.Sdk;

internal sealed record FileImage(string Path) : ImageInput
{
    public override string ToString() => $"FileImage {{ {OneLine.Path(Path)} }}";
}
