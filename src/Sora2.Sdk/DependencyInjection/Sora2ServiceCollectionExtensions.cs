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
    /// <summary>
    /// Registers a client without a name, with the first key that is in the environment: <c>SORA2_API_KEY</c> for Juxin, else <c>ZHENZHEN_API_KEY</c> for Zhenzhen. It is the <see cref="ISora2Client"/> if it is
    /// the first registration of all. Without a key the application does not start.
    /// </summary>
    /// <param name="services">The collection.</param>
    /// <returns>A builder to go on with.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services) => AddSora2(services, options =>
    {
        options.MissingKey = EnvironmentKey.Missing("AddSora2(options => …)");
        if (EnvironmentKey.Find() is var (platform, key))
        {
            (options.Platform, options.ApiKey) = (platform.Name, key);
        }
    });

    /// <summary>Registers a client without a name, as <see cref="ISora2Client"/> if it is the first registration of all. Wrong settings fail when the application starts.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="configure">Sets key, platform and the rest.</param>
    /// <returns>A builder to go on with.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services, Action<Sora2ClientOptions> configure) => AddSora2(services, Options.Options.DefaultName, configure);

    /// <summary>
    /// Registers a client without a name, as <see cref="ISora2Client"/> if it is the first registration of all. Wrong settings fail when the application starts. A new <see cref="Sora2ClientOptions.ApiKey"/> is taken over while the
    /// application runs, by the next call; other settings take a restart.
    /// </summary>
    /// <param name="services">The collection.</param>
    /// <param name="section">A section with the properties of <see cref="Sora2ClientOptions"/>, such as <c>Configuration.GetSection("Sora2")</c>.</param>
    /// <returns>A builder to go on with.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services, IConfiguration section) => AddSora2(services, Options.Options.DefaultName, section);

    /// <summary>
    /// Registers a client by name, as a keyed <see cref="ISora2Client"/>: <c>[FromKeyedServices("name")]</c>. The first registration of all is also the one
    /// without a key. Several platforms and accounts live side by side, each with its own connections and key.
    /// </summary>
    /// <param name="services">The collection.</param>
    /// <param name="name">The name; also <see cref="ISora2Client.Name"/>.</param>
    /// <param name="configure">Sets key, platform and the rest.</param>
    /// <returns>A builder to go on with.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services, string name, Action<Sora2ClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = AddClient(services, name);
        services.Configure(name, configure);
        return builder;
    }

    /// <summary>Registers a client by name, from configuration; see the other form.</summary>
    /// <param name="services">The collection.</param>
    /// <param name="name">The name; also <see cref="ISora2Client.Name"/>.</param>
    /// <param name="section">A section with the properties of <see cref="Sora2ClientOptions"/>.</param>
    /// <returns>A builder to go on with.</returns>
    public static ISora2Builder AddSora2(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var builder = AddClient(services, name);
        services.Configure<Sora2ClientOptions>(name, options => Sora2ClientSection.Bind(section, options));
        services.AddSingleton<IOptionsChangeTokenSource<Sora2ClientOptions>>(new ConfigurationChangeTokenSource<Sora2ClientOptions>(name, section));
        return builder;
    }

    private static Sora2Builder AddClient(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);

        services.TryAddEnumerable(Sora2Platform.BuiltIn.Select(platform => new ServiceDescriptor(typeof(Sora2Platform), platform)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<Sora2ClientOptions>, Sora2ClientOptionsValidator>());
        services.TryAddSingleton<IOptionsFactory<Sora2ClientOptions>, RetainingOptionsFactory>();
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<ISora2Client>(name));
        services.AddOptions<Sora2ClientOptions>(name).PostConfigure<ILoggerFactory>((options, loggers) => options.LoggerFactory ??= loggers).ValidateOnStart();

        var apiName = "Sora2.Sdk:" + name;
        var mediaName = "Sora2.Sdk.Media:" + name;
        if (services.Any(service => service.IsKeyedService && service.ServiceType == typeof(ISora2Client) && Equals(service.ServiceKey, name)))
        {
            return new Sora2Builder(name, services, [services.AddHttpClient(apiName), services.AddHttpClient(mediaName)]); // Only the settings are added to; a second guard would take the first one's request for a repeated one.
        }

        var api = Connection(services, apiName, HttpHandlers.ForApi);
        // After everything else that is set up, wherever the host does it: nothing comes between the guard and the network.
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
        var media = Connection(services, mediaName, HttpHandlers.ForMedia);

        services.AddKeyedSingleton<ISora2Client>(name, (provider, _) =>
        {
            var factory = provider.GetRequiredService<IHttpClientFactory>();
            var options = OptionsOf(provider);
            var client = new Sora2Client(name, options, provider.GetServices<Sora2Platform>(), _ => factory.CreateClient(apiName), _ => factory.CreateClient(mediaName));
            client.StopWith(provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);
            client.FollowKey(provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>(), options);
            return client;
        });
        return new Sora2Builder(name, services, [api, media]);

        FreeCallHandler FreeCalls(IServiceProvider provider) => new(() => OptionsOf(provider).Resilience, OptionsOf(provider), name); // asked for anew, so that a reload is taken over
        Sora2ClientOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>().Get(name);
    }

    private static IHttpClientBuilder Connection(IServiceCollection services, string name, Func<HttpMessageHandler> handler) =>
        services.AddHttpClient(name)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan) // the SDK's own time-outs know what a call is for
            .ConfigurePrimaryHttpMessageHandler(handler)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // the client lives as long as the application; the handler renews its connections itself
            .RemoveAllLoggers() // the SDK logs itself; four lines with the address for every question, at Information, help nobody
            .RedactLoggedHeaders(_ => true); // for a host that adds them again
}
