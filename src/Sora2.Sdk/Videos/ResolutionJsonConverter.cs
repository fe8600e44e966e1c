using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sora2.Sdk.Videos;

/// <summary>Converts a resolution to and from a string such as <c>720p</c>.</summary>
internal sealed class ResolutionJsonConverter : JsonConverter<Resolution>
{
    public override Resolution Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? Resolution.Parse(text)
            : throw new JsonException("A resolution is a string such as \"720p\".");

    public override void Write(Utf8JsonWriter writer, Resolution value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
