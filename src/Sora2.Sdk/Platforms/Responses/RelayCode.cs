namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The meaning of a code.</summary>
/// <param name="Kind">The kind of error; null if the text and the status say more.</param>
/// <param name="Acceptance">What it proves about a create.</param>
internal readonly record struct RelayCode(Sora2ErrorKind? Kind, Acceptance Acceptance = Acceptance.Unproven);
