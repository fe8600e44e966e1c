using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>The destination of a download.</summary>
internal interface IVideoSink
{
    /// <summary>Whether written bytes can be discarded.</summary>
    bool CanStartOver { get; }

    /// <summary>Discards the written bytes, for later calls as well.</summary>
    void Discard();

    /// <summary>Prepares for the first byte.</summary>
    /// <param name="version">The version of the video; null if a part of it could not be joined to another.</param>
    /// <param name="contentType">The content type that the host gave.</param>
    /// <param name="length">How many bytes will come; null if that is not known.</param>
    void Begin(EntityVersion? version, string? contentType, long? length);

    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
