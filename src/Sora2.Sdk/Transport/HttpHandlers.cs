using System.Net;
using System.Runtime.CompilerServices;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Transport;

/// <summary>Creates a client's two handler chains: one to the API, one to media hosts, which never sees the key.</summary>
internal static class HttpHandlers
{
    /// <summary>The User-Agent of every request; some hosts refuse requests without one.</summary>
    public static readonly string UserAgent = "Sora2.Sdk/" + Telemetry.Version;

    // So that a client that lives as long as the application follows DNS changes.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The maximum of connections to the API. Ten thousand waits would open thousands, and run out of file handles.</summary>
    internal const int MaxApiConnections = 64;

    /// <summary>The handlers in use, so that a second use is refused at once, and not only after the first request.</summary>
    private static readonly ConditionalWeakTable<HttpMessageHandler, HttpMessageHandler> InUse = [];

    /// <summary>The API's, for <see cref="GuardPaid"/>.</summary>
    public static SocketsHttpHandler ForApi()
    {
        var handler = ForMedia();
        handler.AutomaticDecompression = DecompressionMethods.All;
        handler.MaxConnectionsPerServer = MaxApiConnections;
        return handler;
    }

    public static SocketsHttpHandler ForMedia() => new() { ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = ConnectionLifetime };

    /// <summary>Configures a handler, which may be a host's own.</summary>
    /// <remarks>
    /// No automatic redirects, no cookies, renewed connections, guarded media connections. A redirect could lead the key or a paid request
    /// astray. A host's own ConnectCallback and connection lifetime are kept. A handler can serve one client and purpose only, since the
    /// settings differ.
    /// </remarks>
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
                case SocketsHttpHandler or HttpClientHandler when !InUse.TryAdd(innermost, innermost):
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
                    throw new Sora2ValidationException(
                        "An HttpClientHandler cannot keep media downloads out of private networks. "
                        + "Use a SocketsHttpHandler in ConfigureHttp, or set "
                        + $"{nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.AllowPrivateNetworkDownloads)}.");
                case HttpClientHandler client:
                    (client.AllowAutoRedirect, client.UseCookies) = (false, false);
                    break;
            }
        }
        catch (InvalidOperationException e) // It has sent a request, so its settings are fixed.
        {
            throw NotNew(e);
        }

        return handler;
    }

    /// <summary>Inserts the send guard next to the network, below all handlers of a host.</summary>
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

    /// <summary>Creates a handler with the same settings and a new connection for each request.</summary>
    /// <remarks>
    /// A server may close a pooled connection just when a request starts on it; then it is unknown whether the request was read. A
    /// handshake costs little beside the minutes that a video takes.
    /// </remarks>
    public static SocketsHttpHandler WithoutPooling(SocketsHttpHandler handler) => new()
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
            return new SendGuard(network, unpooled: null, writesKeys: false);
        }

        KeyedRequest.WriteKeys(sockets);
        return new SendGuard(sockets, WithoutPooling(sockets), writesKeys: true);
    }

    /// <summary>Creates an HTTP client without a timeout of its own: the SDK has one for each kind of call.</summary>
    /// <param name="handler">The handler chain.</param>
    /// <param name="isOwn">Whether the chain is disposed with the client; a caller's is not.</param>
    public static HttpClient Client(HttpMessageHandler handler, bool isOwn) =>
        new(handler, disposeHandler: isOwn) { Timeout = Timeout.InfiniteTimeSpan };

    private static Sora2ValidationException NotNew(Exception? cause) => new(
        "A handler is in use already. Create a new one for each client; ConfigureHttp is called for the API and for media, so create one "
            + "each time there: ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { … }).",
        cause);
}
