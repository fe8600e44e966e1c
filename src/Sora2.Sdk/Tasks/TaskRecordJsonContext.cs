using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.Tasks;

[JsonSerializable(typeof(TaskRecord))]
internal sealed partial class TaskRecordJsonContext : JsonSerializerContext
{
    /// <summary>The readable format of the files: indented, and Chinese text is not escaped.</summary>
    public static TaskRecordJsonContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = JsonBody.Encoder,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    });
}
