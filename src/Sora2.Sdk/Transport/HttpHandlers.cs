using System.Net;
using System.Runtime.CompilerServices;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Transport;

/// <summary>The two connections a client has: one to the API, one to media hosts, which never sees the key.</summary>
internal static class HttpHandlers
{
    /// <summary>What every request says of its sender; some hosts refuse those that say nothing.</summary>
    public static readonly string UserAgent = "Sora2.Sdk/" + Telemetry.Version;

    // Connections are renewed, so that a client that lives as long as the application follows changes of DNS.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How many connections to the API there are at most. Ten thousand waits would open thousands, and run out of file handles.
    /// </summary>
    internal const int MaxApiConnections = 64;

    /// <summary>Handlers that serve somebody, for as long as they live: a second one is told at once, and not when the first happens to have sent something.</summary>
    private static readonly ConditionalWeakTable<HttpMessageHandler, HttpMessageHandler> Taken = [];

    /// <summary>The API's, for <see cref="GuardPaid"/>.</summary>
    public static SocketsHttpHandler ForApi()
    {
        var handler = ForMedia();
        handler.AutomaticDecompression = DecompressionMethods.All;
        handler.MaxConnectionsPerServer = MaxApiConnections;
        return handler;
    }

    public static SocketsHttpHandler ForMedia() => new() { ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = ConnectionLifetime };

    /// <summary>
    /// What has to hold for a handler that a host brings as well: no redirect is followed on its own, as neither the key nor a paid request may go astray, no cookies, connections are renewed, and a media
    /// connection is guarded. A host's own way to connect, and a lifetime of its own, is left alone. One handler cannot serve two ends: what one needs would be wrong for the other, or come too late.
    /// </summary>
    public static HttpMessageHandler Secure(HttpMessageHandler handler, bool guarded)
    {
        var innermost = handler;
        while (innermost is DelegatingHandler { InnerHandler: { } inner })
        {
            innermost = inner;
        }

        try
        {
            switch (innermost)
            {
                case SocketsHttpHandler or HttpClientHandler when !Taken.TryAdd(innermost, innermost):
                    throw NotNew(cause: null);
                case SocketsHttpHandler sockets:
                    (sockets.AllowAutoRedirect, sockets.UseCookies) = (false, false);
                    if (sockets.PooledConnectionLifetime == Timeout.InfiniteTimeSpan)
                    {
                        sockets.PooledConnectionLifetime = ConnectionLifetime;
                    }

                    if (guarded)
                    {
                        sockets.ConnectCallback ??= PrivateNetworkGuard.ConnectAsync;
                    }

                    break;
                case HttpClientHandler when guarded:
                    throw new Sora2ValidationException($"An HttpClientHandler cannot keep media downloads out of private networks. Use a SocketsHttpHandler in ConfigureHttp, or set {nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.AllowPrivateNetworkDownloads)}.");
                case HttpClientHandler client:
                    (client.AllowAutoRedirect, client.UseCookies) = (false, false);
                    break;
            }
        }
        catch (InvalidOperationException e) // it has sent something already, and can no longer be set
        {
            throw NotNew(e);
        }

        return handler;
    }

    /// <summary>Puts the guard of paid requests next to the network, under all handlers of a host's own.</summary>
    public static HttpMessageHandler GuardPaid(HttpMessageHandler handler)
    {
        if (handler is not DelegatingHandler outer)
        {
            return Guard(handler);
        }

        while (outer.InnerHandler is DelegatingHandler inner)
        {
            outer = inner;
        }

        try
        {
            outer.InnerHandler = Guard(outer.InnerHandler!);
        }
        catch (InvalidOperationException e)
        {
            throw NotNew(e);
        }

        return handler;
    }

    /// <summary>
    /// The same settings with a new connection for each request. A kept connection may be closed by the server just when a request begins on it, and then nobody knows whether that one was read; a
    /// handshake is nothing next to the minutes that a video takes.
    /// </summary>
    public static SocketsHttpHandler Anew(SocketsHttpHandler handler) => new()
    {
        ActivityHeadersPropagator = handler.ActivityHeadersPropagator,
        AllowAutoRedirect = handler.AllowAutoRedirect,
        AutomaticDecompression = handler.AutomaticDecompression,
        ConnectCallback = handler.ConnectCallback,
        ConnectTimeout = handler.ConnectTimeout,
        CookieContainer = handler.CookieContainer,
        Credentials = handler.Credentials,
        DefaultProxyCredentials = handler.DefaultProxyCredentials,
        EnableMultipleHttp2Connections = handler.EnableMultipleHttp2Connections,
#if NET9_0_OR_GREATER
        EnableMultipleHttp3Connections = handler.EnableMultipleHttp3Connections,
#endif
        Expect100ContinueTimeout = handler.Expect100ContinueTimeout,
        InitialHttp2StreamWindowSize = handler.InitialHttp2StreamWindowSize,
        KeepAlivePingDelay = handler.KeepAlivePingDelay,
        KeepAlivePingPolicy = handler.KeepAlivePingPolicy,
        KeepAlivePingTimeout = handler.KeepAlivePingTimeout,
        MaxAutomaticRedirections = handler.MaxAutomaticRedirections,
        MaxResponseDrainSize = handler.MaxResponseDrainSize,
        MaxResponseHeadersLength = handler.MaxResponseHeadersLength,
        MeterFactory = handler.MeterFactory,
        PlaintextStreamFilter = handler.PlaintextStreamFilter,
        PooledConnectionIdleTimeout = handler.PooledConnectionIdleTimeout,
        PooledConnectionLifetime = TimeSpan.Zero,
        PreAuthenticate = handler.PreAuthenticate,
        Proxy = handler.Proxy,
        RequestHeaderEncodingSelector = handler.RequestHeaderEncodingSelector,
        ResponseDrainTimeout = handler.ResponseDrainTimeout,
        ResponseHeaderEncodingSelector = handler.ResponseHeaderEncodingSelector,
        SslOptions = handler.SslOptions,
        UseCookies = handler.UseCookies,
        UseProxy = handler.UseProxy,
    };

    private static SendGuard Guard(HttpMessageHandler network)
    {
        if (network is not SocketsHttpHandler sockets)
        {
            return new SendGuard(network, anew: null, writesKeys: false);
        }

        KeyedRequest.WriteKeys(sockets);
        return new SendGuard(sockets, Anew(sockets), writesKeys: true);
    }

    /// <summary>A client for the SDK's own time-outs, which know what a call is for.</summary>
    /// <param name="handler">The chain.</param>
    /// <param name="isOwn">Whether the chain ends with the client; a caller's stays open.</param>
    public static HttpClient Client(HttpMessageHandler handler, bool isOwn) => new(handler, disposeHandler: isOwn) { Timeout = Timeout.InfiniteTimeSpan };

    private static Sora2ValidationException NotNew(Exception? cause) => new(
        "A handler is in use already. Make a new one for each client; ConfigureHttp is called for the API and for media, so make one each time there: ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { … }).", cause);
}
