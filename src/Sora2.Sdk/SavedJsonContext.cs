using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sora2.Sdk.Characters;

namespace Sora2.Sdk;

/// <summary>JSON that people read and keep: whole, indented, and Chinese as Chinese.</summary>
internal static class SavedJsonContext
{
    private static readonly JsonSerializerOptions Readable = new(Sora2Json.CreateOptions(includeLinks: true, allowFilePaths: true))
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions ReadableWithVersion = new(Readable)
    {
        TypeInfoResolver = Readable.TypeInfoResolver!.WithAddedModifier(AddVersion),
    };

    public static JsonTypeInfo<CharacterFile> CharacterFile { get; } = (JsonTypeInfo<CharacterFile>)Readable.GetTypeInfo(typeof(CharacterFile));

    public static JsonTypeInfo<Storyboard> Storyboard { get; } = (JsonTypeInfo<Storyboard>)ReadableWithVersion.GetTypeInfo(typeof(Storyboard));

    // Checked before anything else is read.
    private static void AddVersion(JsonTypeInfo info)
    {
        if (info.Type == typeof(Storyboard))
        {
            info.Properties.Insert(0, Sora2Json.Property<Storyboard, int>(info, "version", _ => Sdk.Storyboard.SavedVersion, (_, _) => { }));
        }
    }
}
