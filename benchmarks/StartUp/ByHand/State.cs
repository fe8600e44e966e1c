namespace Sora2.Sdk.Benchmarks.StartUp;

internal sealed record State(string Id, string Status, Uri? VideoUrl);
