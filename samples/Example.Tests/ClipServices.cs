using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sora2.Sdk;

namespace Example;

/// <summary>Registers the services of the application, as its Program.cs would.</summary>
public static class ClipServices
{
    public static IServiceCollection AddClips(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSora2(configuration.GetSection("Sora2"));
        return services.AddSingleton(provider =>
            new ClipService(provider.GetRequiredService<ISora2Client>(), configuration["Clips:Folder"]!));
    }
}
