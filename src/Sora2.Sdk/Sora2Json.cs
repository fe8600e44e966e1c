using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The JSON of every public request and result: enums by name, times and lengths as .NET writes them, and no raw answer or key.</summary>
/// <remarks>
/// The types have this form by themselves where reflection is on: <c>JsonSerializer.Serialize(task)</c> and an endpoint that returns a task need nothing from here. This is for trimmed and native programs, for links, and for reading
/// requests strictly: what <see cref="TypeInfoResolver"/> reads has no field that the request does not know, as a misspelt one would be a wish that is dropped from a paid video.
/// </remarks>
/// <example>
/// <code>
/// builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, Sora2Json.TypeInfoResolver));
/// </code>
/// </example>
public static class Sora2Json
{
    /// <summary>How requests and results are read and written, for the options of an application. Without links; images are read from addresses and data URIs only.</summary>
    public static IJsonTypeInfoResolver TypeInfoResolver { get; } = Sora2JsonContext.Default.WithAddedModifier(AddKind);

    /// <summary>Options of one's own: names in camel case, what is null left out, and read without regard to letter case.</summary>
    /// <param name="includeLinks">
    /// Whether links to videos and pictures are written and read. They work for everybody who has them until they expire. Without, <see cref="VideoTask.VideoUrl"/> and the like are left out.
    /// </param>
    /// <param name="allowFilePaths">
    /// Whether images may be paths of files. Not for requests from strangers: they could have any image on the machine sent to a platform. Without, a path is refused when it is read, and of one that is written only the file's name is.
    /// </param>
    /// <returns>New options that the caller may change.</returns>
    public static JsonSerializerOptions CreateOptions(bool includeLinks = false, bool allowFilePaths = false)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = includeLinks ? TypeInfoResolver.WithAddedModifier(AddLinks) : TypeInfoResolver,
        };
        if (allowFilePaths)
        {
            options.Converters.Add(new ImageInputJsonConverter(allowFilePaths));
        }

        return options;
    }

    /// <summary>Adds the links, which the types leave out by themselves.</summary>
    internal static void AddLinks(JsonTypeInfo info)
    {
        if (info.Type == typeof(VideoTask))
        {
            AddLink<VideoTask>(info, nameof(VideoTask.VideoUrl), task => task.VideoUrl, SetVideoUrl);
            AddLink<VideoTask>(info, nameof(VideoTask.ThumbnailUrl), task => task.ThumbnailUrl, SetThumbnailUrl);
            AddLink<VideoTask>(info, nameof(VideoTask.LastFrameUrl), task => task.LastFrameUrl, SetLastFrameUrl);
        }
        else if (info.Type == typeof(Character))
        {
            AddLink<Character>(info, nameof(Character.ProfilePictureUrl), character => character.ProfilePictureUrl, SetProfilePictureUrl);
        }
        else if (info.Type == typeof(LibraryCharacter))
        {
            AddLink<LibraryCharacter>(info, nameof(LibraryCharacter.ProfilePictureUrl), character => character.ProfilePictureUrl, SetProfilePictureUrl);
        }
    }

    /// <summary>Says of a request which one it is, and refuses what it does not know.</summary>
    private static void AddKind(JsonTypeInfo info)
    {
        if (info.Type == typeof(VideoRequest))
        {
            AddKind<VideoRequest>(info, "video");
        }
        else if (info.Type == typeof(Storyboard))
        {
            AddKind<Storyboard>(info, "storyboard");
        }
        else if (info.Type == typeof(CharacterRequest))
        {
            AddKind<CharacterRequest>(info, "character");
        }
        else if (info.Type == typeof(StoryboardShot))
        {
            info.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        }
    }

    private static void AddKind<T>(JsonTypeInfo info, string kind)
    {
        info.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        info.Properties.Insert(0, Property<T, string>(info, "Kind", _ => kind, (_, read) =>
        {
            if (read != kind)
            {
                throw new JsonException($"This is a request of the kind \"{LogSanitizer.SingleLine(read, 40)}\", and one of the kind \"{kind}\" is wanted.");
            }
        }));
    }

    private static void AddLink<T>(JsonTypeInfo info, string name, Func<T, Uri?> get, Action<T, Uri?> set)
    {
        var link = Property(info, name, get, set);
        if (info.Properties.FirstOrDefault(property => property.Name == link.Name) is { } ignored)
        {
            info.Properties.Remove(ignored); // stands there without a getter
        }

        info.Properties.Add(link);
    }

    internal static JsonPropertyInfo Property<T, TValue>(JsonTypeInfo info, string name, Func<T, TValue?> get, Action<T, TValue?> set) => JsonMetadataServices.CreatePropertyInfo(info.Options, new JsonPropertyInfoValues<TValue>
    {
        IsProperty = true,
        IsPublic = true,
        DeclaringType = typeof(T),
        PropertyName = name,
        Getter = of => get((T)of),
        Setter = (of, value) => set((T)of, value),
    });

    // A value that is being read is nobody's yet.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_VideoUrl")]
    private static extern void SetVideoUrl(VideoTask task, Uri? url);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ThumbnailUrl")]
    private static extern void SetThumbnailUrl(VideoTask task, Uri? url);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_LastFrameUrl")]
    private static extern void SetLastFrameUrl(VideoTask task, Uri? url);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ProfilePictureUrl")]
    private static extern void SetProfilePictureUrl(Character character, Uri? url);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ProfilePictureUrl")]
    private static extern void SetProfilePictureUrl(LibraryCharacter character, Uri? url);
}
