using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The bytes of a response's JSON, parsed on first use. Equal if the bytes are equal.</summary>
internal sealed class RawResponse(ReadOnlyMemory<byte> json) : IEquatable<RawResponse>
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 512,
    };

    private readonly ReadOnlyMemory<byte> _json = json;

    // Boxed, so that a second thread never reads a half-written struct.
    private object? _element;

    public static RawResponse None { get; } = new(default);

    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>Creates one from parsed JSON, as callers' tests do.</summary>
    public static RawResponse From(JsonElement element) =>
        element.ValueKind == JsonValueKind.Undefined ? None : new(Encoding.UTF8.GetBytes(element.GetRawText()));

    public JsonElement Element => _json.IsEmpty ? default : (JsonElement)(_element ??= Parse());

    public bool Equals(RawResponse? other) => other is not null && _json.Span.SequenceEqual(other._json.Span);

    public override bool Equals(object? obj) => Equals(obj as RawResponse);

    public override int GetHashCode() => _json.Length;

    private JsonElement Parse()
    {
        try
        {
            // Bytes that are not UTF-8 would throw later, when their field is read.
            var utf8 = Utf8.IsValid(_json.Span) ? _json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_json.Span));
            using var document = JsonDocument.Parse(utf8, Lenient);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // The lenient reader accepted it, but it is not JSON: the text as a string.
            using var text = JsonDocument.Parse($"\"{JsonEncodedText.Encode(Encoding.UTF8.GetString(_json.Span))}\"");
            return text.RootElement.Clone();
        }
    }
}
