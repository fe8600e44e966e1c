using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>The response of a host and what handling the request did. Immutable, so it is in the ledger before any byte is sent.</summary>
internal sealed record SimulatedResponse(int StatusCode, string? ContentType, Content Body)
{
    // The platforms send Chinese text unescaped.
    private static readonly JsonWriterOptions UnescapedWriter = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The <c>Content-Length</c>, where it differs from the body's length.</summary>
    public long? AnnouncedLength { get; init; }

    public string? TaskId { get; init; }

    public bool WasBilled { get; init; }

    public IReadOnlyList<string> Mentions { get; init; } = [];

    public static SimulatedResponse Json(int statusCode, JsonNode body)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, UnescapedWriter))
        {
            body.WriteTo(writer);
        }

        return new SimulatedResponse(statusCode, "application/json; charset=utf-8", Content.FromBytes(bytes.ToArray()));
    }

    public static SimulatedResponse Text(int statusCode, string contentType, string body) =>
        new(statusCode, contentType, Content.FromBytes(Encoding.UTF8.GetBytes(body)));

    public static SimulatedResponse Html(int statusCode, string title, string text) => Text(
        statusCode,
        "text/html; charset=utf-8",
        $"<!doctype html>\n<html lang=\"zh\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n"
        + $"<body><h1>{title}</h1><p>{text}</p></body>\n</html>\n");

    public static SimulatedResponse Empty(int statusCode) => new(statusCode, ContentType: null, Content.FromBytes(default));

    public SimulatedResponse With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };

    public SimulatedResponse Without(string header) => this with { Headers = [.. Headers.Where(given => given.Key != header)] };
}
