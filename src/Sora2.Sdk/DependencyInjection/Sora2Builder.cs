using Microsoft.Extensions.DependencyInjection;

namespace Sora2.Sdk.DependencyInjection;

internal sealed class Sora2Builder(string name, IServiceCollection services) : ISora2Builder
{
    public string Name => name;

    public IServiceCollection Services => services;

    /// <summary>The name of the HTTP client for API calls.</summary>
    public static string ApiNameOf(string name) => "Sora2.Sdk:" + name;

    /// <summary>The name of the HTTP client for videos and images.</summary>
    public static string MediaNameOf(string name) => "Sora2.Sdk.Media:" + name;
}
