namespace Sora2.Sdk.Simulator.Tasks;

/// <summary>A file that a client uploaded to a platform.</summary>
internal sealed record UploadedFile(string MediaName, ReadOnlyMemory<byte> Content, DateTimeOffset At);
