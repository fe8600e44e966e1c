using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sora2.Sdk.Common;

/// <summary>Converts a value that is one text in JSON.</summary>
/// <param name="parse">Reads the text; null if it is none of the values.</param>
/// <param name="format">Writes the text.</param>
/// <param name="expected">The message for anything else.</param>
internal sealed class TextJsonConverter<T>(Func<string, T?> parse, Func<T, string> format, string expected) : JsonConverter<T>
    where T : class
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (reader.TokenType == JsonTokenType.String ? parse(reader.GetString()!) : null) ?? throw new JsonException(expected);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(format(value));
}
