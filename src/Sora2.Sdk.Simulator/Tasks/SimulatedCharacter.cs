namespace Sora2.Sdk.Simulator.Tasks;

/// <summary>A created character. Both platforms know it, because both use the same upstream service.</summary>
internal sealed record SimulatedCharacter(string Id, string Username, string MediaName);
