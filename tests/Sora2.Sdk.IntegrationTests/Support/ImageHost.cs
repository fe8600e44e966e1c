using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>A web host whose responses a test defines; it records the requests.</summary>
internal sealed class ImageHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ImageHost(WebApplication app) => _app = app;

    /// <summary>The path and headers of each request.</summary>
    public ConcurrentQueue<(string Path, string Headers)> Asked { get; } = [];

    public Uri Address => new(_app.Urls.Single());

    public static async Task<ImageHost> StartAsync(RequestDelegate respond)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = new ImageHost(builder.Build());
        host._app.Run(http =>
        {
            var headers = http.Request.Headers.Select(header => $"{header.Key}: {header.Value}");
            host.Asked.Enqueue((http.Request.Path, string.Join('\n', headers)));
            return respond(http);
        });
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
