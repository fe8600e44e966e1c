using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk.Batches;

/// <summary>Reads and writes an item of a batch in JSON.</summary>
/// <remarks>
/// Public for source-generated contexts of applications; use <see cref="Sora2Json"/>. Written by hand, because a source generator would
/// generate code for the whole of <see cref="Exception"/> on account of <see cref="BatchItem.Error"/>.
/// </remarks>
internal sealed class BatchItemJsonConverter : JsonConverter<BatchItem>
{
    /// <summary>Reads an item.</summary>
    /// <param name="reader">A reader at the start of the item.</param>
    /// <param name="typeToConvert">The type.</param>
    /// <param name="options">The options for the request, the task and the file.</param>
    /// <returns>
    /// The item. An error of the SDK keeps its kind; any other becomes one of the kind <see cref="Sora2ErrorKind.Unknown"/>.
    /// </returns>
    /// <exception cref="JsonException">The JSON is not an item of a batch.</exception>
    public override BatchItem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var json = JsonElement.ParseValue(ref reader);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("An item of a batch has to be a JSON object.");
        }

        var fields = json.EnumerateObject()
            .Where(field => field.Value.ValueKind != JsonValueKind.Null)
            .ToLookup(field => field.Name, field => field.Value, StringComparer.OrdinalIgnoreCase);
        return new BatchItem
        {
            Index = Part<int>(nameof(BatchItem.Index), isRequired: true),
            Request = Part<GenerationRequest>(nameof(BatchItem.Request), isRequired: true)!,
            State = Part<BatchItemState>(nameof(BatchItem.State)),
            Handle = Part<TaskHandle>(nameof(BatchItem.Handle)),
            VideoTask = Part<VideoTask>(nameof(BatchItem.VideoTask)),
            Video = Part<DownloadedVideo>(nameof(BatchItem.Video)),
            Error = Part<Sora2Exception>(nameof(BatchItem.Error)),
        };

        T? Part<T>(string name, bool isRequired = false) =>
            fields[name].ToList() is [.., var last] ? last.Deserialize(Sora2Json.InfoOf<T>(options))
            : isRequired ? throw new JsonException($"An item of a batch has to have the field {name}.")
            : default;
    }

    /// <summary>Writes an item; properties that are null are left out.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The item.</param>
    /// <param name="options">The options for names, the request, the task and the file.</param>
    public override void Write(Utf8JsonWriter writer, BatchItem value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        writer.WriteStartObject();
        Part(nameof(value.Index), value.Index);
        Part(nameof(value.Request), value.Request);
        Part(nameof(value.State), value.State);
        Part(nameof(value.Handle), value.Handle);
        Part(nameof(value.VideoTask), value.VideoTask);
        Part(nameof(value.Video), value.Video);
        if (value.Error is not null)
        {
            writer.WritePropertyName(Named(nameof(value.Error)));
            ErrorJson.Write(writer, value.Error, options);
        }

        writer.WriteEndObject();

        void Part<T>(string name, T? part)
        {
            if (part is not null)
            {
                writer.WritePropertyName(Named(name));
                JsonSerializer.Serialize(writer, part, Sora2Json.InfoOf<T>(options));
            }
        }

        string Named(string name) => options.PropertyNamingPolicy?.ConvertName(name) ?? name;
    }
}
