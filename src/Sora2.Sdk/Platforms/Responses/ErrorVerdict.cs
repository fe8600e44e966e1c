namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The meaning of an error response.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="IsRefused">Whether the response proves that a create was not accepted.</param>
/// <param name="IsChannel">Whether the error is between the relay and its upstream.</param>
/// <param name="IsAccountBlocked">Whether the caller's account is blocked.</param>
internal readonly record struct ErrorVerdict(
    Sora2ErrorKind Kind, bool IsRefused, bool IsChannel = false, bool IsAccountBlocked = false);
