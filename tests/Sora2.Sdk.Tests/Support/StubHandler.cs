using System.Net;
using System.Text;

namespace Sora2.Sdk.Tests.Support;

/// <summary>Stands where the network would be: keeps what was sent and answers what it is told. Completes at once, so that a virtual clock decides all order.</summary>
internal sealed class StubHandler : HttpMessageHandler
{
    private readonly Func<int, HttpRequestMessage, HttpResponseMessage> _answer;

    public StubHandler(Func<int, HttpRequestMessage, HttpResponseMessage> answer) => _answer = answer;

    public StubHandler(string json)
        : this((_, _) => Json(json))
    {
    }

    public List<SentRequest> Sent { get; } = [];

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) => Bytes(Encoding.UTF8.GetBytes(body), status);

    public static HttpResponseMessage Bytes(byte[] body, HttpStatusCode status = HttpStatusCode.OK)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return new HttpResponseMessage(status) { Content = content };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HttpResponseMessage? answer = null;
        Exception? failure = null;
        try
        {
            answer = _answer(Sent.Count, request);
        }
        catch (Exception e)
        {
            failure = e;
        }

        // Where no connection came about, the body was not touched.
        var body = failure is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } ? null : request.Content;
        Sent.Add(await SentRequest.OfAsync(request, body, cancellationToken));
        return failure is null ? answer! : throw failure;
    }
}
