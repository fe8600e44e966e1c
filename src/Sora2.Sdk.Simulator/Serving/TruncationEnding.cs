namespace Sora2.Sdk.Simulator.Serving;

/// <summary>How the connection ends after a truncated body.</summary>
internal enum TruncationEnding
{
    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>The connection is closed in good order with less than the announced length.</summary>
    Closed,

    /// <summary>No length was announced and the transfer ends like a complete one: only the content shows the truncation.</summary>
    Unannounced,
}
