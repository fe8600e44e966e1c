using System.Net;
using System.Text;

namespace Sora2.Sdk.Tests.Support;

/// <summary>Replaces the network: records requests and returns the responses that a test defines.</summary>
/// <remarks>Completes synchronously, so that a virtual clock determines the order.</remarks>
internal sealed class StubHandler : HttpMessageHandler
{
    private readonly Func<int, HttpRequestMessage, HttpResponseMessage> _respond;

    public StubHandler(Func<int, HttpRequestMessage, HttpResponseMessage> respond) => _respond = respond;

    public StubHandler(string json)
        : this((_, _) => Json(json))
    {
    }

    public List<SentRequest> Sent { get; } = [];

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        Bytes(Encoding.UTF8.GetBytes(body), status);

    public static HttpResponseMessage Bytes(byte[] body, HttpStatusCode status = HttpStatusCode.OK)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return new HttpResponseMessage(status) { Content = content };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HttpResponseMessage? response = null;
        Exception? failure = null;
        try
        {
            response = _respond(Sent.Count, request);
        }
        catch (Exception e)
        {
            failure = e;
        }

        // Without a connection, the body is not read.
        var isConnected = failure is not HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
        };
        Sent.Add(await SentRequest.OfAsync(request, isConnected ? request.Content : null, cancellationToken));
        return failure is null ? response! : throw failure;
    }
}
