using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WireMock.Logging;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace Sora2.Sdk.IntegrationTests.Wire;

/// <summary>A WireMock server on a free port. It shares no code with the SDK, and it keeps every request that reaches it.</summary>
/// <remarks>
/// WireMock keeps header values and body bytes as they came, but decodes the path (<c>%3A</c> becomes <c>:</c>). The request target is
/// therefore taken from Kestrel, on which WireMock runs and which keeps it as it was sent. <see cref="WireMockExactnessTests"/> compares
/// the result with what a plain socket receives.
/// </remarks>
internal sealed class WireServer : IDisposable
{
    /// <summary>A response header that is sent as <c>Content-Length</c>, which WireMock does not send with a body.</summary>
    public const string AnnouncedLength = "X-Announced-Length";

    private readonly ConcurrentQueue<string> _targets = [];
    private readonly WireMockServer _server;

    public WireServer() => _server = WireMockServer.Start(new WireMockServerSettings
    {
        Urls = ["http://127.0.0.1:0"],
        StartTimeout = 60_000, // not what a test measures; a busy machine takes its time
        Logger = new WireMockNullLogger(),
        DisableJsonBodyParsing = true,
        DisableRequestBodyDecompressing = true,
        PreWireMockMiddlewareInit = app => ((IApplicationBuilder)app).Use(BeforeWireMockAsync),
    });

    public Uri Address => new(_server.Urls.Single());

    /// <summary>All requests so far, in order. A request is listed before its response is sent.</summary>
    public IReadOnlyList<WireRequest> Requests
    {
        get
        {
            var requests = _server.LogEntries.Select(entry => entry.RequestMessage!).ToList();
            Assert.Equal(_targets.Count, requests.Count);
            return [.. requests.Zip(_targets, (request, target) => new WireRequest(
                request.Method,
                target,
                [.. request.Headers!.Select(header => (header.Key, string.Join(", ", header.Value)))],
                request.BodyAsBytes ?? []))];
        }
    }

    /// <summary>The request, if exactly one came.</summary>
    public WireRequest Request => Assert.Single(Requests);

    /// <summary>How many requests came, those included whose response is still to be sent.</summary>
    public int RequestCount => _targets.Count;

    /// <summary>Responds to every request.</summary>
    public void Respond(IResponseBuilder response) => _server.Given(WireMock.RequestBuilders.Request.Create()).RespondWith(response);

    /// <summary>Responds to every request with 200 and this JSON.</summary>
    public void RespondJson(string json) =>
        Respond(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody(json));

    /// <summary>Responds to requests with a <c>Range</c>; takes precedence over <see cref="Respond"/>.</summary>
    public void RespondToRange(IResponseBuilder response) =>
        _server.Given(WireMock.RequestBuilders.Request.Create().WithHeader("Range", "bytes=*")).AtPriority(-1).RespondWith(response);

    public void Dispose() => _server.Dispose();

    private Task BeforeWireMockAsync(HttpContext http, RequestDelegate next)
    {
        _targets.Enqueue(http.Features.Get<IHttpRequestFeature>()!.RawTarget);
        http.Response.OnStarting(() =>
        {
            if (http.Response.Headers.Remove(AnnouncedLength, out var length))
            {
                http.Response.ContentLength = long.Parse(length.ToString(), CultureInfo.InvariantCulture);
            }

            return Task.CompletedTask;
        });
        return next(http);
    }
}
