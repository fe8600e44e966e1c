namespace Sora2.Sdk.DependencyInjection;

/// <summary>A client whose key comes from the environment.</summary>
/// <param name="Name">The client's name.</param>
internal sealed record EnvironmentClient(string Name);
