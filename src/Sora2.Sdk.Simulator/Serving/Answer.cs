using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>What a host answers, and what it did to get there. A value: it is in the ledger before a byte of it is sent.</summary>
internal sealed record Answer(int StatusCode, string? ContentType, Content Body)
{
    // Chinese stays Chinese on the wire, as on the platforms.
    private static readonly JsonWriterOptions AsPlatformsWrite = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The <c>Content-Length</c>, where it is not the body's.</summary>
    public long? AnnouncedLength { get; init; }

    public string? TaskId { get; init; }

    public bool WasBilled { get; init; }

    public IReadOnlyList<string> Mentions { get; init; } = [];

    public static Answer Json(int statusCode, JsonNode body)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, AsPlatformsWrite))
        {
            body.WriteTo(writer);
        }

        return new Answer(statusCode, "application/json; charset=utf-8", Content.Of(bytes.ToArray()));
    }

    public static Answer Text(int statusCode, string contentType, string body) => new(statusCode, contentType, Content.Of(Encoding.UTF8.GetBytes(body)));

    public static Answer Html(int statusCode, string title, string text) => Text(
        statusCode,
        "text/html; charset=utf-8",
        $"<!doctype html>\n<html lang=\"zh\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body><h1>{title}</h1><p>{text}</p></body>\n</html>\n");

    public static Answer Empty(int statusCode) => new(statusCode, ContentType: null, Content.Of(default));

    public Answer With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };

    public Answer Without(string header) => this with { Headers = [.. Headers.Where(given => given.Key != header)] };
}
