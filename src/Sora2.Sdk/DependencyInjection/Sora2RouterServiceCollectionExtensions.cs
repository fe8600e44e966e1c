using Microsoft.Extensions.DependencyInjection.Extensions;
using Sora2.Sdk;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a router over registered clients.</summary>
public static class Sora2RouterServiceCollectionExtensions
{
    /// <summary>Registers a <see cref="Sora2Router"/> over clients of <c>AddSora2</c>, which may come before or after.</summary>
    /// <remarks>It is also the <see cref="ISora2Client"/>, unless a client without a name is registered before.</remarks>
    /// <param name="services">The collection.</param>
    /// <param name="names">
    /// The clients' names in order of preference, usually the cheapest first; none for all clients, in the order of their registration.
    /// </param>
    /// <returns>The collection.</returns>
    /// <example>
    /// <code>
    /// builder.Services.AddSora2("cheap", o => { o.Platform = "juxin"; o.ApiKey = juxinKey; });
    /// builder.Services.AddSora2("sharp", o => { o.Platform = "zhenzhen"; o.ApiKey = zhenzhenKey; });
    /// builder.Services.AddSora2Router("cheap", "sharp");
    /// </code>
    /// </example>
    public static IServiceCollection AddSora2Router(this IServiceCollection services, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(names);
        if (!services.Any(service =>
            service.IsKeyedService && service.ServiceType == typeof(ISora2Client) && "".Equals(service.ServiceKey)))
        {
            services.Replace(ServiceDescriptor.Singleton<ISora2Client>(provider => provider.GetRequiredService<Sora2Router>()));
        }

        return services.AddSingleton(provider => new Sora2Router(names.Length == 0
            ? provider.GetKeyedServices<ISora2Client>(KeyedService.AnyKey)
            : names.Select(name => provider.GetKeyedService<ISora2Client>(name) ?? throw new Sora2ValidationException(
                $"AddSora2Router names the client \"{name}\", and there is none of that name. "
                + $"Register it with AddSora2(\"{name}\", …)."))));
    }
}
