namespace Sora2.Sdk.Platforms.Responses;

/// <summary>What a relay's code or sentence says about a create, apart from what went wrong.</summary>
internal enum SendProof
{
    /// <summary>Nothing; the status decides.</summary>
    None,

    /// <summary>The request was not taken, whatever the status.</summary>
    NotTaken,

    /// <summary>The upstream was asked and its answer was lost: it may have taken the request, whatever the status.</summary>
    Open,
}
