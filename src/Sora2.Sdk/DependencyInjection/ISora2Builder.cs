using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sora2.Sdk;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures one client that <c>AddSora2</c> registered.</summary>
public interface ISora2Builder
{
    /// <summary>The client's name; empty for the default one.</summary>
    string Name { get; }

    /// <summary>The collection that the client is registered in.</summary>
    IServiceCollection Services { get; }

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
    /// <param name="configure">Changes one of the two.</param>
    /// <returns>This builder.</returns>
    ISora2Builder ConfigureHttp(Action<IHttpClientBuilder> configure);

    /// <summary>Adds a health check that lists the models of the key, which is free of charge.</summary>
    /// <remarks>
    /// Healthy: the platform responds and accepts the key. Degraded: it is busy or limits the rate, or the client is one of the
    /// application's own in place of the SDK's, which cannot be checked. Anything else, such as a refused key, is a failure. The data
    /// contain <c>platform</c>, <c>client</c>, <c>latencyMs</c> and <c>checkedAt</c>.
    /// </remarks>
    /// <param name="name">The check's name; <c>sora2</c>, or <c>sora2-</c> and the client's name, by default.</param>
    /// <param name="failureStatus">The status of a failure; <see cref="HealthStatus.Unhealthy"/> by default.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    /// <param name="timeout">The timeout of the platform's response; 10 s by default, at most a day.</param>
    /// <param name="cacheFor">
    /// How long a result is reused; 1 min by default, zero to check each time. One that is not healthy is reused for 10 s at most.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    ISora2Builder AddHealthCheck(
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        TimeSpan? timeout = null,
        TimeSpan? cacheFor = null);

    /// <summary>Records what is submitted in a directory, for <see cref="IVideoClient.ResumeAsync"/>.</summary>
    /// <remarks>
    /// See <see cref="FileTaskStore"/>. Several clients may use the same directory; another process may not. The store is also a service,
    /// <see cref="ITaskStore"/>, keyed by <see cref="Name"/>; the first one registered is also the one without a key.
    /// </remarks>
    /// <param name="directory">The directory; created if it is missing.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddTaskStore(string directory);

    /// <summary>Records what is submitted in a store of your own.</summary>
    /// <param name="create">Creates the store, which the container disposes.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddTaskStore(Func<IServiceProvider, ITaskStore> create);

    /// <summary>Looks up the names of characters in prompts in a library kept in a JSON file.</summary>
    /// <remarks>
    /// See <see cref="Sora2ClientOptions.CharacterLibrary"/>. Several clients may use the same file. The library is also a service,
    /// <see cref="CharacterLibrary"/>, keyed by <see cref="Name"/>; the first one registered is also the one without a key.
    /// </remarks>
    /// <param name="path">The file; see <see cref="FileCharacterStore"/>.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddCharacterLibrary(string path);

    /// <summary>Looks up the names of characters in prompts in a library over a store of your own.</summary>
    /// <param name="store">The store.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddCharacterLibrary(ICharacterStore store);

    /// <summary>Looks up the names of characters in prompts in a library that other clients, or the application, may use as well.</summary>
    /// <param name="library">The library.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddCharacterLibrary(CharacterLibrary library);

    /// <summary>Looks up the names of characters in prompts in a library that needs other services.</summary>
    /// <param name="create">Creates the library; called once.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddCharacterLibrary(Func<IServiceProvider, CharacterLibrary> create);
}
