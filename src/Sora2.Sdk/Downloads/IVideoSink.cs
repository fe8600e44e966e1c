using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Downloads;

/// <summary>Where the bytes of a download go.</summary>
internal interface IVideoSink
{
    /// <summary>Whether what was written can be taken back.</summary>
    bool CanStartOver { get; }

    /// <summary>What was written does not count, for a later call neither.</summary>
    void Forget();

    /// <summary>The first byte comes next.</summary>
    /// <param name="version">What the bytes will be of; null if a part could not be joined to another.</param>
    /// <param name="contentType">The content type that the host gave.</param>
    /// <param name="length">How many will come, if that is known.</param>
    void Begin(EntityVersion? version, string? contentType, long? length);

    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
