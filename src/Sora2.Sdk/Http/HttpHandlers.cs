using System.Net;

namespace Sora2.Sdk;

/// <summary>The two connections a client has: one to the API, one to media hosts, which never sees the key.</summary>
internal static class HttpHandlers
{
    // Connections are renewed, so that a client that lives as long as the application follows changes of DNS.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The API's; the guard comes round it, after all that a host sets up.</summary>
    public static SocketsHttpHandler ForApi()
    {
        var handler = Create();
        handler.AutomaticDecompression = DecompressionMethods.All;
        Secure(handler, guarded: false); // neither the key nor a paid request may go astray
        return handler;
    }

    public static SocketsHttpHandler ForMedia(bool allowPrivateNetworks)
    {
        var handler = Create();
        Secure(handler, guarded: !allowPrivateNetworks);
        return handler;
    }

    /// <summary>
    /// What has to hold for a handler that a host brings as well: no redirect is followed on its own, no cookies, connections are renewed, and a media connection is guarded. A host's
    /// own way to connect, and a lifetime of its own, is left alone.
    /// </summary>
    public static void Secure(HttpMessageHandler handler, bool guarded)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
        {
            handler = inner;
        }

        switch (handler)
        {
            case SocketsHttpHandler sockets:
                (sockets.AllowAutoRedirect, sockets.UseCookies) = (false, false);
                if (sockets.PooledConnectionLifetime == Timeout.InfiniteTimeSpan)
                {
                    sockets.PooledConnectionLifetime = ConnectionLifetime;
                }

                if (guarded)
                {
                    sockets.ConnectCallback ??= NetworkGuard.ConnectAsync;
                }

                break;
            case HttpClientHandler when guarded:
                throw new Sora2ValidationException($"An HttpClientHandler cannot keep media downloads out of private networks. Use a SocketsHttpHandler in ConfigureHttp, or set {nameof(Sora2ClientOptions)}.{nameof(Sora2ClientOptions.AllowPrivateNetworkDownloads)}.");
            case HttpClientHandler client:
                (client.AllowAutoRedirect, client.UseCookies) = (false, false);
                break;
        }
    }

    /// <summary>A client for the SDK's own time-outs, which know what a call is for.</summary>
    public static HttpClient WithoutTimeout(HttpMessageHandler handler) => new(handler) { Timeout = Timeout.InfiniteTimeSpan };

    private static SocketsHttpHandler Create() => new() { ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = ConnectionLifetime };
}
