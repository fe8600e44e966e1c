using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Sora2.Sdk;
using Sora2.Sdk.Common;
using Sora2.Sdk.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what a client of <c>AddSora2</c> uses: stores, a health check, connections, resilience.</summary>
public static class Sora2BuilderExtensions
{
    /// <summary>Changes how connections are made, for a proxy, certificates or a handler of your own.</summary>
    /// <remarks>
    /// <para>
    /// It is called for API calls and for media downloads alike, so create a new handler each time: one that is already in use fails with a
    /// <see cref="Sora2ValidationException"/> when the client is created. Do not add retries here: the SDK retries what is safe to retry,
    /// and a paid request that a handler repeats is still sent once.
    /// </para>
    /// <para>
    /// Whatever is set here, the handler follows no redirects and keeps no cookies, and media hosts in private networks stay closed unless
    /// allowed. Connections of a <see cref="SocketsHttpHandler"/> without a lifetime of its own are renewed every five minutes, to follow
    /// changes of DNS. The log of <c>IHttpClientFactory</c> is off, because the SDK logs calls itself; <c>AddDefaultLogger()</c> turns it
    /// on again.
    /// </para>
    /// </remarks>
    /// <param name="builder">The registration.</param>
    /// <param name="configure">Changes one of the two.</param>
    /// <returns>The builder.</returns>
    public static ISora2Builder ConfigureHttp(this ISora2Builder builder, Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Services.AddHttpClient(Sora2Builder.ApiNameOf(builder.Name)));
        configure(builder.Services.AddHttpClient(Sora2Builder.MediaNameOf(builder.Name)));
        return builder;
    }

    /// <summary>Adds a health check that lists the models of the key, which is free of charge.</summary>
    /// <remarks>
    /// Healthy: the platform responds and accepts the key. Degraded: it is busy or limits the rate, or the client is one of the
    /// application's own in place of the SDK's, which cannot be checked. Anything else, such as a refused key, is a failure. The data
    /// contain <c>platform</c>, <c>client</c>, <c>latencyMs</c> and <c>checkedAt</c>.
    /// </remarks>
    /// <param name="builder">The registration.</param>
    /// <param name="name">The check's name; <c>sora2</c>, or <c>sora2-</c> and the client's name, by default.</param>
    /// <param name="failureStatus">The status of a failure; <see cref="HealthStatus.Unhealthy"/> by default.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">The timeout of the platform's response; 10 s by default, at most a day.</param>
    /// <param name="cacheFor">
    /// How long a result is reused; 1 min by default, zero to check each time. One that is not healthy is reused for 10 s at most.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static ISora2Builder AddHealthCheck(
        this ISora2Builder builder,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null,
        TimeSpan? cacheFor = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var limit = timeout ?? TimeSpan.FromSeconds(10);
        var lifetime = cacheFor ?? TimeSpan.FromMinutes(1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromDays(1), nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.Zero, nameof(cacheFor));

        var client = builder.Name;
        var key = new object(); // The framework calls the factory below for every probe; the cached result has to outlive that.
        builder.Services.AddKeyedSingleton(key, (provider, _) => new Sora2HealthCheck(
            provider.GetRequiredKeyedService<ISora2Client>(client),
            provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>().Get(client).TimeProvider,
            limit,
            lifetime));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name ?? (client.Length == 0 ? "sora2" : "sora2-" + client),
            provider => provider.GetRequiredKeyedService<Sora2HealthCheck>(key),
            failureStatus,
            tags));
        return builder;
    }

    /// <summary>Records what is submitted in a directory, for <see cref="IVideoClient.ResumeAsync"/>.</summary>
    /// <remarks>
    /// See <see cref="FileTaskStore"/>. Several clients may use the same directory; another process may not. The store is also a service,
    /// <see cref="ITaskStore"/>, keyed by <see cref="ISora2Builder.Name"/>; the first one registered is also the one without a key.
    /// </remarks>
    /// <param name="builder">The registration.</param>
    /// <param name="directory">The directory; created if it is missing.</param>
    /// <returns>The builder.</returns>
    public static ISora2Builder AddTaskStore(this ISora2Builder builder, string directory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var path = Path.GetFullPath(directory);

        // One for all clients: a directory belongs to one store.
        builder.Services.TryAddKeyedSingleton(path, (_, _) => new FileTaskStore(path));
        return builder.AddTaskStore(provider => provider.GetRequiredKeyedService<FileTaskStore>(path));
    }

    /// <summary>Records what is submitted in a store of your own.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="create">Creates the store, which the container disposes.</param>
    /// <returns>The builder.</returns>
    public static ISora2Builder AddTaskStore(this ISora2Builder builder, Func<IServiceProvider, ITaskStore> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        var (name, services) = (builder.Name, builder.Services);
        services.AddKeyedSingleton(name, (provider, _) => create(provider));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<ITaskStore>(name));
        services.AddOptions<Sora2ClientOptions>(name).Configure<IServiceProvider>(
            (options, provider) => options.TaskStore = provider.GetRequiredKeyedService<ITaskStore>(name));
        return builder;
    }

    /// <summary>Looks up the names of characters in prompts in a library kept in a JSON file.</summary>
    /// <remarks>
    /// See <see cref="Sora2ClientOptions.CharacterLibrary"/>. Several clients may use the same file. The library is also a service,
    /// <see cref="CharacterLibrary"/>, keyed by <see cref="ISora2Builder.Name"/>; the first one registered is also the one without a key.
    /// </remarks>
    /// <param name="builder">The registration.</param>
    /// <param name="path">The file; see <see cref="FileCharacterStore"/>.</param>
    /// <returns>The builder.</returns>
    public static ISora2Builder AddCharacterLibrary(this ISora2Builder builder, string path) =>
        builder.AddCharacterLibrary(new FileCharacterStore(path));

    /// <summary>Looks up the names of characters in prompts in a library over a store of your own.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="store">The store.</param>
    /// <returns>The builder.</returns>
    public static ISora2Builder AddCharacterLibrary(this ISora2Builder builder, ICharacterStore store) =>
        builder.AddCharacterLibrary(new CharacterLibrary(store));

    /// <summary>Looks up the names of characters in prompts in a library that other clients, or the application, may use as well.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="library">The library.</param>
    /// <returns>The builder.</returns>
    public static ISora2Builder AddCharacterLibrary(this ISora2Builder builder, CharacterLibrary library)
    {
        ArgumentNullException.ThrowIfNull(library);
        return builder.AddCharacterLibrary(_ => library);
    }

    /// <summary>Looks up the names of characters in prompts in a library that needs other services.</summary>
    /// <param name="builder">The registration.</param>
    /// <param name="create">Creates the library; called once.</param>
    /// <returns>The builder.</returns>
    public static ISora2Builder AddCharacterLibrary(this ISora2Builder builder, Func<IServiceProvider, CharacterLibrary> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        var (name, services) = (builder.Name, builder.Services);
        services.AddKeyedSingleton(name, (provider, _) => create(provider));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<CharacterLibrary>(name));
        services.AddOptions<Sora2ClientOptions>(name).PostConfigure<IServiceProvider>(
            (options, provider) => options.CharacterLibrary = provider.GetRequiredKeyedService<CharacterLibrary>(name));
        return builder;
    }

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
