using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sora2.Sdk.Videos;

/// <summary>Converts an aspect ratio to and from a string such as <c>16:9</c>.</summary>
internal sealed class AspectRatioJsonConverter : JsonConverter<AspectRatio>
{
    public override AspectRatio Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && AspectRatio.TryParse(reader.GetString()!) is { } ratio
            ? ratio
            : throw new JsonException("An aspect ratio is a string such as \"16:9\", or \"adaptive\".");

    public override void Write(Utf8JsonWriter writer, AspectRatio value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
