namespace Sora2.Sdk.Platforms.Responses;

/// <summary>What a relay's code proves about whether a create was accepted.</summary>
internal enum Acceptance
{
    /// <summary>Nothing: the status decides.</summary>
    Unproven,

    /// <summary>The create was not accepted, whatever the status.</summary>
    Refused,

    /// <summary>The relay sent it to the upstream and lost the response: it may have been accepted, whatever the status.</summary>
    Unknown,
}
