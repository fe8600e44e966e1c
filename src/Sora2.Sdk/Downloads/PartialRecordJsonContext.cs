using System.Text.Json.Serialization;

namespace Sora2.Sdk.Downloads;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PartialRecord))]
internal sealed partial class PartialRecordJsonContext : JsonSerializerContext;
