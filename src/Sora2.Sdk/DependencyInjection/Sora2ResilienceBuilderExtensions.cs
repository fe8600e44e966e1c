using Microsoft.Extensions.Configuration;
using Sora2.Sdk;
using Sora2.Sdk.Common;
using Sora2.Sdk.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets retries, circuit breakers and concurrency limits of a client's free calls.</summary>
public static class Sora2ResilienceBuilderExtensions
{
    /// <summary>Sets retries, circuit breaker and concurrency limit for media hosts and free API calls, never for paid ones.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="configure">Changes the settings; see <see cref="Sora2ClientOptions.Resilience"/>.</param>
    /// <returns>The builder.</returns>
    public static ISora2Builder AddResilience(this ISora2Builder builder, Action<Sora2ResilienceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure<Sora2ClientOptions>(builder.Name, options => configure(options.Resilience));
        return builder;
    }

    /// <summary>Sets retries, circuit breaker and concurrency limit from configuration.</summary>
    /// <remarks>A reload applies from the next call on. One that is not valid is logged, and the last valid settings stay.</remarks>
    /// <param name="builder">The registration.</param>
    /// <param name="section">A section with <c>Media</c> and <c>Queries</c>, each as <see cref="HttpResilienceOptions"/>.</param>
    /// <returns>The builder.</returns>
    /// <example>
    /// <code>
    /// builder.Services.AddSora2(configuration.GetSection("Sora2")).AddResilience(configuration.GetSection("Http:Sora2"));
    /// // { "Http": { "Sora2": { "Media": { "PermitLimit": 8, "BreakDuration": "00:00:30" } } } }
    /// </code>
    /// </example>
    public static ISora2Builder AddResilience(this ISora2Builder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.AddClientSection(new ClientSection(builder.Name, section, ClientSettings.ResilienceGroup));
        return builder;
    }
}
