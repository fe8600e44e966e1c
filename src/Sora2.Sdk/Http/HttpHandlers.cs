using System.Net;

namespace Sora2.Sdk;

/// <summary>The two connections a client has: one to the API, one to media hosts, which never sees the key.</summary>
internal static class HttpHandlers
{
    // Connections are renewed, so that a client that lives as long as the application follows changes of DNS.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private const int MaxMediaRedirects = 5;

    public static HttpMessageHandler ForApi() => new OneShotGuard(ForApiUnguarded());

    /// <summary>The API's connection for a factory that puts the guard round it at the very end of the set-up.</summary>
    public static SocketsHttpHandler ForApiUnguarded() => new()
    {
        AllowAutoRedirect = false, // neither the key nor a paid request may go astray
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
    };

    public static SocketsHttpHandler ForMedia(bool allowPrivateNetworks)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = true,
            MaxAutomaticRedirections = MaxMediaRedirects,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
        };
        if (!allowPrivateNetworks)
        {
            handler.ConnectCallback = NetworkGuard.ConnectAsync;
        }

        return handler;
    }

    /// <summary>A client for the SDK's own time-outs, which know what a call is for.</summary>
    public static HttpClient WithoutTimeout(HttpMessageHandler handler) => new(handler) { Timeout = Timeout.InfiniteTimeSpan };
}
