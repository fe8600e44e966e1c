using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sora2.Sdk;
using Sora2.Sdk.Common;
using Sora2.Sdk.DependencyInjection;
using Sora2.Sdk.Transport;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Sora2 clients.</summary>
public static class Sora2ServiceCollectionExtensions
{
    /// <summary>Registers a client without a name, with the first key that is in the environment.</summary>
    /// <remarks>
    /// <c>SORA2_API_KEY</c> is of the platform that <c>SORA2_PLATFORM</c> names, juxin if that is not set; else <c>JUXIN_API_KEY</c> or
    /// <c>ZHENZHEN_API_KEY</c> is read. Without a key the application does not start. The client is the <see cref="ISora2Client"/> if it
    /// is the first one registered.
    /// </remarks>
    /// <param name="services">The collection.</param>
    /// <returns>A builder to configure the client.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services)
    {
        var builder = AddSora2(services, static options =>
        {
            if (EnvironmentKey.Find() is var (platform, key))
            {
                (options.Platform, options.ApiKey) = (platform.Name, key);
            }
        });
        services.AddSingleton(new EnvironmentClient(builder.Name));
        return builder;
    }

    /// <summary>Registers a client without a name.</summary>
    /// <remarks>
    /// Options that are not valid stop the start of the application. The client is the <see cref="ISora2Client"/> if it is the first one
    /// registered.
    /// </remarks>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Sets the key, the platform and other options.</param>
    /// <returns>A builder to configure the client.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services, Action<Sora2ClientOptions> configure) =>
        AddSora2(services, Options.Options.DefaultName, configure);

    /// <summary>Registers a client without a name, from configuration.</summary>
    /// <remarks>
    /// A setting that is not valid, or a key that is not a setting, stops the start of the application. The client is the
    /// <see cref="ISora2Client"/> if it is the first one registered. A reload applies a new <see cref="Sora2ClientOptions.ApiKey"/> and
    /// <see cref="Sora2ClientOptions.Resilience"/> from the next call on; other settings require a restart.
    /// </remarks>
    /// <param name="services">The collection.</param>
    /// <param name="section">
    /// A section with the properties of <see cref="Sora2ClientOptions"/>, such as <c>Configuration.GetSection("Sora2")</c>.
    /// </param>
    /// <returns>A builder to configure the client.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services, IConfiguration section) =>
        AddSora2(services, Options.Options.DefaultName, section);

    /// <summary>Registers a client by name, as a keyed <see cref="ISora2Client"/>: <c>[FromKeyedServices("name")]</c>.</summary>
    /// <remarks>
    /// The first client registered is also the one without a key. Each of several platforms and accounts has its own connections and key.
    /// </remarks>
    /// <param name="services">The collection.</param>
    /// <param name="name">The name; also <see cref="ISora2Client.Name"/>.</param>
    /// <param name="configure">Sets the key, the platform and other options.</param>
    /// <returns>A builder to configure the client.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services, string name, Action<Sora2ClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = AddClient(services, name);
        services.Configure(name, configure);
        return builder;
    }

    /// <summary>Registers a client by name, from configuration.</summary>
    /// <remarks>The first client registered is also the one without a key. A reload applies a new key from the next call on.</remarks>
    /// <param name="services">The collection.</param>
    /// <param name="name">The name; also <see cref="ISora2Client.Name"/>.</param>
    /// <param name="section">A section with the properties of <see cref="Sora2ClientOptions"/>.</param>
    /// <returns>A builder to configure the client.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var builder = AddClient(services, name);
        services.AddClientSection(new ClientSection(name, section));
        return builder;
    }

    /// <summary>Reads a client's options from a section, also after a reload.</summary>
    internal static void AddClientSection(this IServiceCollection services, ClientSection section)
    {
        services.Configure<Sora2ClientOptions>(section.Client, section.Bind);
        services.AddSingleton(section);
        services.AddSingleton<IOptionsChangeTokenSource<Sora2ClientOptions>>(
            new ConfigurationChangeTokenSource<Sora2ClientOptions>(section.Client, section.Configuration));
    }

    private static Sora2Builder AddClient(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);

        services.AddHttpClient(); // also logging, which the health check needs
        services.TryAddEnumerable(Sora2Platform.BuiltIn.Select(platform => new ServiceDescriptor(typeof(Sora2Platform), platform)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<Sora2ClientOptions>, Sora2ClientOptionsValidator>());
        services.TryAddSingleton<IOptionsFactory<Sora2ClientOptions>, RetainingOptionsFactory>();
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<ISora2Client>(name));
        services.AddOptions<Sora2ClientOptions>(name)
            .PostConfigure<ILoggerFactory>((options, loggers) => options.LoggerFactory ??= loggers)
            .ValidateOnStart();

        var apiName = Sora2Builder.ApiNameOf(name);
        var mediaName = Sora2Builder.MediaNameOf(name);
        if (services.Any(service =>
            service.IsKeyedService && service.ServiceType == typeof(ISora2Client) && Equals(service.ServiceKey, name)))
        {
            // Only the options change: a second guard would treat the first one's request as a repeated one.
            return new Sora2Builder(name, services);
        }

        AddConnection(services, apiName, HttpHandlers.ForApi);
        // Runs after everything else that the host sets up, so that nothing is between the guard and the network.
        services.PostConfigure<HttpClientFactoryOptions>(apiName, options => options.HttpMessageHandlerBuilderActions.Add(http =>
        {
            http.PrimaryHandler = HttpHandlers.GuardPaid(HttpHandlers.Secure(http.PrimaryHandler, guarded: false));
            http.AdditionalHandlers.Insert(0, FreeCalls(http.Services));
        }));
        services.PostConfigure<HttpClientFactoryOptions>(mediaName, options => options.HttpMessageHandlerBuilderActions.Add(http =>
        {
            HttpHandlers.Secure(http.PrimaryHandler, guarded: !OptionsOf(http.Services).AllowPrivateNetworkDownloads);
            http.AdditionalHandlers.Insert(0, FreeCalls(http.Services));
        }));
        AddConnection(services, mediaName, HttpHandlers.ForMedia);

        services.AddKeyedSingleton<ISora2Client>(name, (provider, _) =>
        {
            var factory = provider.GetRequiredService<IHttpClientFactory>();
            var options = OptionsOf(provider);
            var client = new Sora2Client(
                name,
                options,
                provider.GetServices<Sora2Platform>(),
                _ => factory.CreateClient(apiName),
                _ => factory.CreateClient(mediaName));
            client.StopWith(provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);
            client.FollowKey(provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>(), options);
            return client;
        });
        return new Sora2Builder(name, services);

        // The options are resolved for each call, so that a reload applies.
        FreeCallHandler FreeCalls(IServiceProvider provider) => new(() => OptionsOf(provider).Resilience, OptionsOf(provider), name);
        Sora2ClientOptions OptionsOf(IServiceProvider provider) =>
            provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>().Get(name);
    }

    /// <summary>Adds a named <see cref="HttpClient"/> without a timeout, a handler lifetime and loggers.</summary>
    /// <remarks>
    /// The SDK has a timeout for each kind of call, renews the handler's connections itself, and logs calls itself: the factory would log
    /// four lines with the address for every poll, at Information.
    /// </remarks>
    private static void AddConnection(IServiceCollection services, string name, Func<HttpMessageHandler> handler) =>
        services.AddHttpClient(name)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(handler)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .RedactLoggedHeaders(_ => true); // For a host that adds loggers again.
}
