namespace Microsoft.Extensions.DependencyInjection;

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
}
