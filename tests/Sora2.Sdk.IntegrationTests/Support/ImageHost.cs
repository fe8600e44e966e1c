using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.IntegrationTests.Support;

/// <summary>A host of images on the web that answers as the test says, and writes down what it was asked.</summary>
internal sealed class ImageHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ImageHost(WebApplication app) => _app = app;

    /// <summary>What was asked: path and headers.</summary>
    public ConcurrentQueue<(string Path, string Headers)> Asked { get; } = [];

    public Uri Address => new(_app.Urls.Single());

    public static async Task<ImageHost> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = new ImageHost(builder.Build());
        host._app.Run(http =>
        {
            host.Asked.Enqueue((http.Request.Path, string.Join('\n', http.Request.Headers.Select(header => $"{header.Key}: {header.Value}"))));
            return answer(http);
        });
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
