using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Batches;
using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;
using Sora2.Sdk.Images;
using Sora2.Sdk.Videos;

namespace Sora2.Sdk;

/// <summary>Converts those types of the SDK that have a JSON form of their own.</summary>
/// <remarks>Public for source-generated contexts of applications; use <see cref="Sora2Json"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Sora2JsonConverter : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => Create(typeToConvert) is not null;

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) => Create(typeToConvert);

    private static JsonConverter? Create(Type type) =>
        type == typeof(GenerationRequest) ? new GenerationRequestJsonConverter()
        : type == typeof(AspectRatio) ? new TextJsonConverter<AspectRatio>(
            AspectRatio.TryParse,
            ratio => ratio.ToString(),
            "An aspect ratio is a string such as \"16:9\", or \"adaptive\".")
        : type == typeof(Resolution) ? new TextJsonConverter<Resolution>(
            text => string.IsNullOrWhiteSpace(text) ? null : Resolution.Parse(text),
            resolution => resolution.Text,
            "A resolution is a string such as \"720p\".")
        : type == typeof(TaskHandle) ? new TextJsonConverter<TaskHandle>(
            text => text.Length == 0 ? null : TaskHandle.Parse(text),
            handle => handle.ToString(),
            "A task is a string: its id, or the text of its handle.")
        : type == typeof(ImageInput) ? new ImageInputJsonConverter()
        : type == typeof(BatchItem) ? new BatchItemJsonConverter()
        : type == typeof(Sora2Exception) ? new Sora2ExceptionJsonConverter()
        : null;
}
