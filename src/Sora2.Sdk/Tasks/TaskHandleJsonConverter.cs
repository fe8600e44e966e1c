using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sora2.Sdk.Tasks;

/// <summary>Converts a handle to and from its text.</summary>
internal sealed class TaskHandleJsonConverter : JsonConverter<TaskHandle>
{
    public override TaskHandle Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text
            ? TaskHandle.Parse(text)
            : throw new JsonException("A task is a string: its id, or the text of its handle.");

    public override void Write(Utf8JsonWriter writer, TaskHandle value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
