using System.Text.Json.Serialization.Metadata;

namespace Sora2.Sdk.Characters;

/// <summary>The JSON of a character library's file.</summary>
internal static class CharacterFileJson
{
    public static JsonTypeInfo<CharacterFile> TypeInfo { get; } =
        (JsonTypeInfo<CharacterFile>)Sora2Json.CreateFileOptions().GetTypeInfo(typeof(CharacterFile));
}
