using Sora2.Sdk;

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

    /// <summary>Remembers what is submitted in a directory of its own: see <see cref="FileTaskStore"/> and <see cref="IVideoClient.ResumeAsync"/>.</summary>
    /// <param name="directory">The directory; made if it is missing.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddTaskStore(string directory);

    /// <summary>Remembers what is submitted in a store of your own.</summary>
    /// <param name="create">Makes the store, which the container disposes.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddTaskStore(Func<IServiceProvider, ITaskStore> create);
}
