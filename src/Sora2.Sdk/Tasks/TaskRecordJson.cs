using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sora2.Sdk;

[JsonSerializable(typeof(TaskRecord))]
internal sealed partial class TaskRecordJson : JsonSerializerContext
{
    /// <summary>As a person reads it: in lines, and Chinese stays Chinese.</summary>
    public static TaskRecordJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = JsonBody.Encoder,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    });
}
