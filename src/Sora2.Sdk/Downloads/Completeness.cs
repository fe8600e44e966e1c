namespace Sora2.Sdk.Downloads;

/// <summary>What the bytes of a video say about whether they are all of it.</summary>
internal enum Completeness
{
    /// <summary>They are no video, or a part of one.</summary>
    No,

    /// <summary>They may be a part that ends in good order.</summary>
    Unsure,

    /// <summary>They are all of it.</summary>
    Yes,
}
