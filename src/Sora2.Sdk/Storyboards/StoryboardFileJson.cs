using System.Text.Json.Serialization.Metadata;

namespace Sora2.Sdk.Storyboards;

/// <summary>The JSON of a saved storyboard.</summary>
internal static class StoryboardFileJson
{
    public static JsonTypeInfo<Storyboard> TypeInfo { get; } =
        (JsonTypeInfo<Storyboard>)Sora2Json.CreateFileOptions(AddVersion).GetTypeInfo(typeof(Storyboard));

    /// <summary>Writes the version first. Reading ignores it, because <see cref="Storyboard.FromJson"/> has checked it before.</summary>
    private static void AddVersion(JsonTypeInfo info)
    {
        if (info.Type == typeof(Storyboard))
        {
            info.Properties.Insert(
                0, Sora2Json.Property<Storyboard, int>(info, "version", _ => Storyboard.SavedVersion, (_, _) => { }));
        }
    }
}
