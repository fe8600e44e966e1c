using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk;

/// <summary>Reads and writes an error in JSON: kind, message, whether it passes and may have been charged, and what a support request needs. Neither the raw body nor cause and stack.</summary>
/// <remarks>Public for source-generated contexts of applications. Use <see cref="Sora2Json"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Sora2ExceptionJsonConverter : JsonConverter<Sora2Exception>
{
    /// <summary>Reads an error.</summary>
    /// <param name="reader">Stands at the error.</param>
    /// <param name="typeToConvert">The type.</param>
    /// <param name="options">Not asked.</param>
    /// <returns>The error, as a <see cref="SubmissionUnknownException"/> where it was one.</returns>
    /// <exception cref="JsonException">It is none.</exception>
    public override Sora2Exception Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ErrorJson.Read(JsonElement.ParseValue(ref reader));

    /// <summary>Writes an error.</summary>
    /// <param name="writer">Gets it.</param>
    /// <param name="value">The error.</param>
    /// <param name="options">Says how names are written.</param>
    public override void Write(Utf8JsonWriter writer, Sora2Exception value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        ErrorJson.Write(writer, value, options);
    }
}
