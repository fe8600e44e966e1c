using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The bytes of an answer, kept so that they are parsed only if somebody asks; equal when the bytes are.</summary>
internal sealed class RawResponse(ReadOnlyMemory<byte> json) : IEquatable<RawResponse>
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 512 };

    private readonly ReadOnlyMemory<byte> _json = json;

    // Boxed, so that two threads that ask at once cannot see a half-written struct.
    private object? _element;

    public static RawResponse None { get; } = new(default);

    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>An answer that was parsed already, as tests make them.</summary>
    public static RawResponse From(JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? None : new(Encoding.UTF8.GetBytes(element.GetRawText()));

    public JsonElement Element => _json.IsEmpty ? default : (JsonElement)(_element ??= Parse());

    public bool Equals(RawResponse? other) => other is not null && _json.Span.SequenceEqual(other._json.Span);

    public override bool Equals(object? obj) => Equals(obj as RawResponse);

    public override int GetHashCode() => _json.Length;

    private JsonElement Parse()
    {
        try
        {
            // Bytes that are no text would throw at whoever reads the field that they stand in.
            using var document = JsonDocument.Parse(Utf8.IsValid(_json.Span) ? _json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_json.Span)), Lenient);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Read all the same, but no JSON: then the text as it came.
            using var text = JsonDocument.Parse($"\"{JsonEncodedText.Encode(Encoding.UTF8.GetString(_json.Span))}\"");
            return text.RootElement.Clone();
        }
    }
}
