using Microsoft.Extensions.Diagnostics.HealthChecks;
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
    /// Changes how connections are made, for a proxy, certificates or a handler of your own; called for API calls and for media downloads alike, so make a new handler each time. One
    /// that is in use already fails with a <see cref="Sora2ValidationException"/> when the client is made. Do not add
    /// retries here: the SDK repeats what is safe to repeat, and a paid request that a handler repeats is sent once all the same. Whatever is set here, redirects are not followed by the handler, cookies are
    /// off, media hosts in private networks stay closed unless allowed, and connections of a <see cref="SocketsHttpHandler"/> without a lifetime of its own are renewed every five minutes, to follow
    /// changes of DNS. The log of <c>IHttpClientFactory</c> is off, as the SDK logs calls itself; <c>AddDefaultLogger()</c> turns it on again.
    /// </summary>
    /// <param name="configure">Changes one of the two.</param>
    /// <returns>This builder.</returns>
    ISora2Builder ConfigureHttp(Action<IHttpClientBuilder> configure);

    /// <summary>
    /// Adds a health check that asks the platform which models the key may use: free of charge, it never creates anything. Healthy: the platform answers and takes the key. Degraded: it is busy or asks to be
    /// left alone, or the client is one of the application's own in place of the SDK's, which cannot be asked. Anything else, a refused key for one, is a failure. The data hold <c>platform</c>, <c>client</c>, <c>latencyMs</c> and <c>checkedAt</c>.
    /// </summary>
    /// <param name="name">The check's name; <c>sora2</c>, or <c>sora2-</c> and the client's name, by default.</param>
    /// <param name="failureStatus">What a failure counts as; <see cref="HealthStatus.Unhealthy"/> by default.</param>
    /// <param name="tags">Tags to choose checks by.</param>
    /// <param name="timeout">How long the platform may take to answer; 10 s by default.</param>
    /// <param name="cacheFor">How long an answer is good for all who ask; 1 min by default, zero to ask each time. One that is not healthy is good for 10 s at most.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddHealthCheck(string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null, TimeSpan? cacheFor = null);

    /// <summary>
    /// Remembers what is submitted in a directory: see <see cref="FileTaskStore"/> and <see cref="IVideoClient.ResumeAsync"/>. Several clients may name the same one;
    /// another process may not. The store is also a service, <see cref="ITaskStore"/>, keyed by <see cref="Name"/>; the first registered of all is the one without a key.
    /// </summary>
    /// <param name="directory">The directory; made if it is missing.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddTaskStore(string directory);

    /// <summary>Remembers what is submitted in a store of your own.</summary>
    /// <param name="create">Makes the store, which the container disposes.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddTaskStore(Func<IServiceProvider, ITaskStore> create);

    /// <summary>
    /// Looks the names of characters in prompts up in a library kept in a JSON file; see <see cref="Sora2ClientOptions.CharacterLibrary"/>. Several clients may name the same file. The library is also a service,
    /// <see cref="CharacterLibrary"/>, keyed by <see cref="Name"/>; the first registered of all is the one without a key.
    /// </summary>
    /// <param name="path">The file; see <see cref="FileCharacterStore"/>.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddCharacterLibrary(string path);

    /// <summary>Looks the names of characters in prompts up in a library over a store of the caller's; see the other forms.</summary>
    /// <param name="store">The store.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddCharacterLibrary(ICharacterStore store);

    /// <summary>Looks the names of characters in prompts up in a library that other clients, or the application, may use as well; see the other forms.</summary>
    /// <param name="library">The library.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddCharacterLibrary(CharacterLibrary library);

    /// <summary>Looks the names of characters in prompts up in a library that needs other services; see the other forms.</summary>
    /// <param name="create">Makes the library; called once.</param>
    /// <returns>This builder.</returns>
    ISora2Builder AddCharacterLibrary(Func<IServiceProvider, CharacterLibrary> create);
}
