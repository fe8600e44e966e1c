using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>A stream of the caller's: what was written to it stays.</summary>
internal sealed class StreamSink(Stream destination) : IVideoSink
{
    public bool CanStartOver => false;

    public void Forget()
    {
    }

    public void Begin(EntityVersion? version, string? contentType, long? length)
    {
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => destination.WriteAsync(bytes, cancellationToken);
}
