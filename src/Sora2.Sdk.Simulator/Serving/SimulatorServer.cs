using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>A bare Kestrel on several loopback ports, one for each simulated host.</summary>
/// <remarks>Without a generic host it starts in milliseconds and logs nothing.</remarks>
internal sealed class SimulatorServer(RequestPipeline pipeline) : IHttpApplication<HttpContext>, IDisposable
{
    private readonly Dictionary<string, ListenOptions> _endpoints = [];
    private KestrelServer? _server;

    public async Task StartAsync(IReadOnlyList<(ISimulatedHost Host, int Port)> hosts, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            ApplicationServices = new ServiceCollection().BuildServiceProvider(),
        };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;

        // No buffer: flushed bytes are on their way to the client before a fault ends the connection, so a test of resuming a
        // download receives the same number of bytes every time.
        options.Limits.MaxResponseBufferSize = 0;
        foreach (var (host, port) in hosts)
        {
            options.Listen(IPAddress.Loopback, port, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                endpoint.Use(next => connection =>
                {
                    connection.Features.Set(host);
                    return next(connection);
                });
                _endpoints[host.Name] = endpoint;
            });
        }

        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        await _server.StartAsync(this, cancellationToken).ConfigureAwait(false);
    }

    public Uri AddressOf(ISimulatedHost host) => new($"http://{_endpoints[host.Name].IPEndPoint}/");

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await _server.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _server?.Dispose();

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context) =>
        pipeline.HandleAsync(context, context.Features.GetRequiredFeature<ISimulatedHost>());

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
        // A context has no resources to release.
    }
}
