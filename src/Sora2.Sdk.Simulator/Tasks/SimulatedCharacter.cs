namespace Sora2.Sdk.Simulator;

/// <summary>A character that was made. Both platforms know it, as both stand before the same service.</summary>
internal sealed record SimulatedCharacter(string Id, string Username, string MediaName);
