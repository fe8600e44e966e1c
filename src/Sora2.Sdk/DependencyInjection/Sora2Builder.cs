using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Sora2.Sdk.DependencyInjection;

internal sealed class Sora2Builder(string name, IServiceCollection services, IReadOnlyList<IHttpClientBuilder> connections) : ISora2Builder
{
    public string Name => name;

    public IServiceCollection Services => services;

    public ISora2Builder ConfigureHttp(Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        foreach (var connection in connections)
        {
            configure(connection);
        }

        return this;
    }

    public ISora2Builder AddHealthCheck(
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null,
        TimeSpan? cacheFor = null)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(10);
        var lifetime = cacheFor ?? TimeSpan.FromMinutes(1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromDays(1), nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.Zero, nameof(cacheFor));

        var key = new object(); // The framework calls the factory below for every probe; the cached result has to outlive that.
        services.AddKeyedSingleton(key, (provider, _) => new Sora2HealthCheck(
            provider.GetRequiredKeyedService<ISora2Client>(Name),
            provider.GetRequiredService<IOptionsMonitor<Sora2ClientOptions>>().Get(Name).TimeProvider,
            limit,
            lifetime));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            name ?? (Name.Length == 0 ? "sora2" : "sora2-" + Name),
            provider => provider.GetRequiredKeyedService<Sora2HealthCheck>(key),
            failureStatus,
            tags));
        return this;
    }

    public ISora2Builder AddTaskStore(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var path = Path.GetFullPath(directory);
        services.TryAddKeyedSingleton(path, (_, _) => new FileTaskStore(path)); // One for all clients: a directory belongs to one store.
        return AddTaskStore(provider => provider.GetRequiredKeyedService<FileTaskStore>(path));
    }

    public ISora2Builder AddTaskStore(Func<IServiceProvider, ITaskStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        services.AddKeyedSingleton(name, (provider, _) => create(provider));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<ITaskStore>(name));
        services.AddOptions<Sora2ClientOptions>(name).Configure<IServiceProvider>(
            (options, provider) => options.TaskStore = provider.GetRequiredKeyedService<ITaskStore>(name));
        return this;
    }

    public ISora2Builder AddCharacterLibrary(string path) => AddCharacterLibrary(new FileCharacterStore(path));

    public ISora2Builder AddCharacterLibrary(ICharacterStore store) => AddCharacterLibrary(new CharacterLibrary(store));

    public ISora2Builder AddCharacterLibrary(CharacterLibrary library)
    {
        ArgumentNullException.ThrowIfNull(library);
        return AddCharacterLibrary(_ => library);
    }

    public ISora2Builder AddCharacterLibrary(Func<IServiceProvider, CharacterLibrary> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        services.AddKeyedSingleton(name, (provider, _) => create(provider));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<CharacterLibrary>(name));
        services.AddOptions<Sora2ClientOptions>(name).PostConfigure<IServiceProvider>(
            (options, provider) => options.CharacterLibrary = provider.GetRequiredKeyedService<CharacterLibrary>(name));
        return this;
    }
}
