namespace Sora2.Sdk.Platforms.Responses;

/// <summary>What an answer means.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="NotTaken">Whether it proves that a create was not taken.</param>
/// <param name="IsChannel">Whether it is about what is between the relay and its upstream.</param>
internal readonly record struct ErrorVerdict(Sora2ErrorKind Kind, bool NotTaken, bool IsChannel = false);
