using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sora2.Sdk;

/// <summary>JSON that people read and keep: indented, and Chinese as Chinese.</summary>
[JsonSerializable(typeof(CharacterFile))]
[JsonSerializable(typeof(StoryboardFile))]
internal sealed partial class SavedJson : JsonSerializerContext
{
    public static SavedJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
