using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sora2.Sdk.Simulator;

/// <summary>A request that has been read to its end, with what the hosts ask of it.</summary>
internal sealed class ReceivedRequest
{
    private readonly Lazy<JsonElement?> _json;
    private readonly Lazy<MultipartBody?> _form;

    public ReceivedRequest(HttpRequest request, ReadOnlyMemory<byte> body, DateTimeOffset at, string id)
    {
        Method = request.Method;
        Target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Query = request.Query;
        ContentType = request.ContentType ?? "";
        Body = body;
        At = at;
        Id = id;
        _json = new(ParseJson);
        _form = new(() => MultipartBody.Read(ContentType, Body));
    }

    public string Id { get; }

    public string Method { get; }

    /// <summary>Path and query as sent, still escaped.</summary>
    public string Target { get; }

    public string Path => Target.Split('?', 2)[0];

    public IReadOnlyDictionary<string, string> Headers { get; }

    public IQueryCollection Query { get; }

    public string ContentType { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public DateTimeOffset At { get; }

    /// <summary>The fault that meets this request.</summary>
    public SimulatorFault Fault { get; set; } = SimulatorFault.None;

    public JsonElement? Json => _json.Value;

    public MultipartBody? Form => _form.Value;

    public bool Is(string method, string path) => Method == method && Path == path;

    public bool HasMediaType(string mediaType) =>
        ContentType.Split(';', 2)[0].Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    private JsonElement? ParseJson()
    {
        if (Body.IsEmpty || HasMediaType("multipart/form-data"))
        {
            return null;
        }

        var reader = new Utf8JsonReader(Body.Span);
        try
        {
            var element = JsonElement.ParseValue(ref reader);
            return reader.BytesConsumed == Body.Span.TrimEnd(" \t\r\n"u8).Length ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
