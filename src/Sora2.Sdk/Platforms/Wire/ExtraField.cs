using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Wire;

/// <summary>Encodes a field that the caller added.</summary>
internal static class ExtraField
{
    /// <exception cref="Sora2ValidationException">JSON has no form for the value.</exception>
    public static byte[] ToJson(string name, JsonNode? value, JavaScriptEncoder encoder)
    {
        if (value is null)
        {
            return "null"u8.ToArray();
        }

        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = encoder }))
            {
                value.WriteTo(writer);
            }

            return buffer.WrittenSpan.ToArray();
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or ArgumentException or JsonException)
        {
            throw new Sora2ValidationException(
                $"ExtraFields[\"{name}\"] cannot be written as JSON: {MessageText.EnsurePeriod(e.Message)} "
                + "Use strings, numbers, true, false, arrays and objects.",
                e);
        }
    }

    /// <summary>Returns a string as it is, any other value as JSON.</summary>
    public static string ToText(string name, JsonNode value, JavaScriptEncoder encoder)
    {
        using var json = JsonDocument.Parse(ToJson(name, value, encoder));
        return json.RootElement.ValueKind == JsonValueKind.String ? json.RootElement.GetString()! : json.RootElement.GetRawText();
    }
}
