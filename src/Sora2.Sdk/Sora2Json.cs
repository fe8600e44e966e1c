using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sora2.Sdk.Common;
using Sora2.Sdk.Images;

namespace Sora2.Sdk;

/// <summary>The JSON of every public request and result, without keys and raw responses.</summary>
/// <remarks>
/// <para>Enums are written by name, times and durations as .NET writes them.</para>
/// <para>
/// The types have this form by themselves where reflection is on: <c>JsonSerializer.Serialize(task)</c> and an endpoint that returns a task
/// do not need this class. It is for trimmed and native programs, for links, and for reading requests strictly:
/// <see cref="TypeInfoResolver"/> refuses a field that the request does not have, because a misspelt one would be a wish that a paid video
/// ignores.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, Sora2Json.TypeInfoResolver));
/// </code>
/// </example>
public static class Sora2Json
{
    /// <summary>Reads and writes requests and results, for the options of an application.</summary>
    /// <value>Without links; images are read from addresses and data URIs only.</value>
    public static IJsonTypeInfoResolver TypeInfoResolver { get; } = Sora2JsonContext.Default.WithAddedModifier(AddKind);

    private static readonly JsonSerializerOptions Own = CreateOptions();

    /// <summary>Creates options with names in camel case that are read in any letter case, and without null values.</summary>
    /// <param name="includeLinks">
    /// Whether links to videos and pictures are written and read, such as <see cref="VideoTask.VideoUrl"/>. Until they expire, they work
    /// for everyone who has them.
    /// </param>
    /// <param name="allowFilePaths">
    /// Whether images may be paths of files. Not for requests from strangers, who could have any image on the machine sent to a platform.
    /// Otherwise a path is refused when it is read, and of a path that is written only the file's name is.
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

    /// <summary>Returns the contract of a part of a value that is converted.</summary>
    /// <remarks>A context of an application may contain the value and not the types of its parts; then the SDK's own is used.</remarks>
    internal static JsonTypeInfo<T> InfoOf<T>(JsonSerializerOptions options) =>
        (JsonTypeInfo<T>)(options.TryGetTypeInfo(typeof(T), out var known) ? known : Own.GetTypeInfo(typeof(T)));

    /// <summary>Creates options for files that people read and keep: complete, indented, and with Chinese not escaped.</summary>
    internal static JsonSerializerOptions CreateFileOptions(Action<JsonTypeInfo>? modify = null)
    {
        var options = CreateOptions(includeLinks: true, allowFilePaths: true);
        options.WriteIndented = true;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.TypeInfoResolver = modify is null ? options.TypeInfoResolver : options.TypeInfoResolver!.WithAddedModifier(modify);
        return options;
    }

    /// <summary>Adds the links, which the types themselves leave out.</summary>
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
            AddLink<LibraryCharacter>(
                info, nameof(LibraryCharacter.ProfilePictureUrl), character => character.ProfilePictureUrl, SetProfilePictureUrl);
        }
    }

    /// <summary>Adds the kind to a request, refuses fields that it does not have, and leaves empty metadata out.</summary>
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
        else if (info.Type == typeof(RemixRequest))
        {
            AddKind<RemixRequest>(info, "remix");
        }
        else if (info.Type == typeof(CharacterRequest))
        {
            AddKind<CharacterRequest>(info, "character");
        }
        else if (info.Type == typeof(StoryboardShot) || info.Type == typeof(TimeRange))
        {
            info.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        }

        foreach (var property in info.Properties.Where(property => property.PropertyType == typeof(IReadOnlyDictionary<string, string>)))
        {
            property.ShouldSerialize = static (_, metadata) => metadata is IReadOnlyDictionary<string, string> { Count: > 0 };
        }
    }

    private static void AddKind<T>(JsonTypeInfo info, string kind)
    {
        info.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        info.Properties.Insert(0, Property<T, string>(info, "Kind", _ => kind, (_, read) =>
        {
            if (read != kind)
            {
                throw new JsonException(
                    $"The request is of the kind \"{LogSanitizer.SingleLine(read, 40)}\"; a request of the kind \"{kind}\" is expected.");
            }
        }));
    }

    private static void AddLink<T>(JsonTypeInfo info, string name, Func<T, Uri?> get, Action<T, Uri?> set)
    {
        var link = Property(info, name, get, set);
        if (info.Properties.FirstOrDefault(property => property.Name == link.Name) is { } ignored)
        {
            info.Properties.Remove(ignored); // The type has it without a getter.
        }

        info.Properties.Add(link);
    }

    internal static JsonPropertyInfo Property<T, TValue>(
        JsonTypeInfo info, string name, Func<T, TValue?> get, Action<T, TValue?> set) =>
        JsonMetadataServices.CreatePropertyInfo(info.Options, new JsonPropertyInfoValues<TValue>
        {
            IsProperty = true,
            IsPublic = true,
            DeclaringType = typeof(T),
            PropertyName = name,
            Getter = target => get((T)target),
            Setter = (target, value) => set((T)target, value),
        });

    // Init accessors, called on a value that is still being read.
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
