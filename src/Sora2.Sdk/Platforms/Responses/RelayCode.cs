namespace Sora2.Sdk.Platforms.Responses;

/// <summary>What a code stands for.</summary>
/// <param name="Kind">The kind of error; null if the words and the status tell more.</param>
/// <param name="SendProof">What it says about a create.</param>
internal readonly record struct RelayCode(Sora2ErrorKind? Kind, SendProof SendProof = SendProof.None);
