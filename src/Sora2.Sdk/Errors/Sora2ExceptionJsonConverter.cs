using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sora2.Sdk.Errors;

/// <summary>Converts an error to and from JSON: kind, message, advice, transience, charge and what a support request needs.</summary>
/// <remarks>
/// The advice is written in the language of <see cref="Sora2Exception.Advice"/> and not read. The raw body, the cause and the stack are not
/// written. Public for source-generated contexts of applications; use <see cref="Sora2Json"/>.
/// </remarks>
internal sealed class Sora2ExceptionJsonConverter : JsonConverter<Sora2Exception>
{
    /// <summary>Reads an error.</summary>
    /// <param name="reader">The reader, positioned at the error.</param>
    /// <param name="typeToConvert">The type.</param>
    /// <param name="options">Not used.</param>
    /// <returns>The error; a <see cref="SubmissionUnknownException"/> if one was written.</returns>
    /// <exception cref="JsonException">The JSON is not an error.</exception>
    public override Sora2Exception Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ErrorJson.Read(JsonElement.ParseValue(ref reader));

    /// <summary>Writes an error.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The error.</param>
    /// <param name="options">The naming policy of the fields.</param>
    public override void Write(Utf8JsonWriter writer, Sora2Exception value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        ErrorJson.Write(writer, value, options);
    }
}
