namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Goes on with one registration of <c>AddSora2</c>.</summary>
public interface ISora2Builder
{
    /// <summary>The registration's name; empty for the default one.</summary>
    string Name { get; }

    /// <summary>Where the registration went.</summary>
    IServiceCollection Services { get; }

    /// <summary>
    /// Changes how connections are made, for a proxy, certificates or a handler of your own; called for API calls and for media downloads alike. Do not add
    /// retries here: the SDK repeats what is safe to repeat, and a paid request that a handler repeats fails instead of being sent twice.
    /// </summary>
    /// <param name="configure">Changes one of the two.</param>
    /// <returns>This builder.</returns>
    ISora2Builder ConfigureHttp(Action<IHttpClientBuilder> configure);
}
