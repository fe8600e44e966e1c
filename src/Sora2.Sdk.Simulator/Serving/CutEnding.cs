namespace Sora2.Sdk.Simulator;

/// <summary>How the connection ends after a cut.</summary>
internal enum CutEnding
{
    /// <summary>A reset.</summary>
    Reset,

    /// <summary>An orderly close with less than the announced length.</summary>
    Closed,

    /// <summary>No length was announced and the transfer ends as if it were whole: only the content shows the cut.</summary>
    Unannounced,
}
