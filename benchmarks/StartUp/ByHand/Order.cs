namespace Sora2.Sdk.Benchmarks.StartUp;

internal sealed record Order(
    string Model,
    string Prompt,
    int Duration,
    string AspectRatio,
    string Orientation,
    string Size,
    bool Watermark,
    bool Private,
    string[] Images);
