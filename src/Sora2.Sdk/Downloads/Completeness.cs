namespace Sora2.Sdk.Downloads;

/// <summary>Whether some bytes are a complete video.</summary>
internal enum Completeness
{
    /// <summary>They are no video, or a part of one.</summary>
    Incomplete,

    /// <summary>They may be a part that happens to end where a video could.</summary>
    Unknown,

    /// <summary>They are a complete video.</summary>
    Complete,
}
