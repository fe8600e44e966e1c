using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>A download to a stream of the caller, from which nothing can be removed.</summary>
internal sealed class StreamSink(Stream destination) : IVideoSink
{
    public bool CanStartOver => false;

    public void Discard()
    {
    }

    public void Begin(EntityVersion? version, string? contentType, long? length)
    {
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        destination.WriteAsync(bytes, cancellationToken);
}
