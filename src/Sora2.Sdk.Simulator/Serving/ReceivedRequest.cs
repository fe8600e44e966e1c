using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>A request whose body has been read completely.</summary>
internal sealed class ReceivedRequest
{
    private readonly Lazy<ReadOnlyMemory<byte>?> _content;
    private readonly Lazy<JsonElement?> _json;
    private readonly Lazy<MultipartBody?> _form;

    public ReceivedRequest(HttpRequest request, ReadOnlyMemory<byte> body, DateTimeOffset at, string id, bool strict)
    {
        Method = request.Method;
        Target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Query = request.Query;
        ContentType = request.ContentType ?? "";
        Body = body;
        At = at;
        Id = id;
        _content = new(() => ContentEncoding.Decode(Headers.GetValueOrDefault("Content-Encoding"), Body));
        _json = new(() => ParseJson(strict));
        _form = new(() => _content.Value is { } content ? MultipartBody.Read(ContentType, content) : null);
    }

    public string Id { get; }

    public string Method { get; }

    /// <summary>The path and query as sent, still escaped.</summary>
    public string Target { get; }

    public string Path => Target.Split('?', 2)[0];

    public IReadOnlyDictionary<string, string> Headers { get; }

    public IQueryCollection Query { get; }

    public string ContentType { get; }

    /// <summary>The body as sent, still compressed where the client compressed it.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public DateTimeOffset At { get; }

    /// <summary>The fault that is applied to this request.</summary>
    public SimulatorFault Fault { get; set; } = SimulatorFault.None;

    public JsonElement? Json => _json.Value;

    public MultipartBody? Form => _form.Value;

    public bool Is(string method, string path) => Method == method && Path == path;

    public bool HasMediaType(string mediaType) =>
        ContentType.Split(';', 2)[0].Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    private JsonElement? ParseJson(bool strict)
    {
        if (Body.IsEmpty || HasMediaType("multipart/form-data") || _content.Value is not { } content)
        {
            return null;
        }

        var text = JsonText.Repair(content);
        if (strict && !text.Equals(content))
        {
            return null;
        }

        var reader = new Utf8JsonReader(text.Span);
        try
        {
            var element = JsonElement.ParseValue(ref reader);
            return reader.BytesConsumed == text.Span.TrimEnd(" \t\r\n"u8).Length ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
