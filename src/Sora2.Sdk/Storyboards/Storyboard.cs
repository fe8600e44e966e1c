using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Images;
using Sora2.Sdk.Storyboards;

namespace Sora2.Sdk;

/// <summary>A video of several shots. Make one with <see cref="StoryboardBuilder"/>.</summary>
public sealed partial record Storyboard
{
    internal const int SavedVersion = 1;

    /// <summary>The shots, in order.</summary>
    public required IReadOnlyList<StoryboardShot> Shots { get; init; }

    /// <summary>Images for the whole video.</summary>
    public IReadOnlyList<ImageInput> ReferenceImages { get; init => field = value ?? []; } = [];

    /// <summary>The shape of the frame; landscape unless said otherwise.</summary>
    public AspectRatio AspectRatio { get; init; }

    /// <summary>The model's name on the platform, or null for <see cref="Sora2ClientOptions.DefaultModel"/>, else the platform's own default.</summary>
    public string? Model { get; init; }

    /// <summary>Asks for the platform's watermark. None by default.</summary>
    public bool Watermark { get; init; }

    /// <summary>Asks for the video not to be published by the platform.</summary>
    public bool Private { get; init; }

    /// <summary>Asks for high definition, which few models have and which costs more and takes longer.</summary>
    public bool HighDefinition { get; init; }

    /// <summary>Fields sent as they are; see <see cref="VideoRequest.ExtraFields"/>.</summary>
    public JsonObject? ExtraFields { get; init; }

    /// <summary>The shots' durations added up: the length of the video.</summary>
    [JsonIgnore]
    public TimeSpan TotalDuration => new((long)Math.Clamp(Shots.Sum(shot => (decimal)shot.Duration.Ticks), long.MinValue, long.MaxValue));

    /// <summary>Every image once, in the order in which it is sent: the shots' own, then the <see cref="ReferenceImages"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<ImageInput> AllImages => [.. Shots.SelectMany(shot => shot.Images).Concat(ReferenceImages).Distinct()];

    /// <summary>
    /// The prompt text that makes a video a storyboard, the same for every platform: a block a shot (<c>Shot 1:</c>, <c>duration: 7.5sec</c>, <c>Scene: …</c>),
    /// blocks separated by an empty line. Line breaks inside a scene become a space, so that a scene cannot be read as another shot; nothing else of it is altered or cut.
    /// </summary>
    /// <returns>The text, with line feeds only.</returns>
    public string ToPrompt() => StoryboardPrompt.Write(Shots);

    /// <summary>Reads a storyboard back from prompt text; images and settings are not part of it.</summary>
    /// <param name="prompt">
    /// Text as <see cref="ToPrompt"/> writes it, or near to it: letter case, spacing, line ends, full-width colons, the unit and the order of the lines do not matter. A scene may go over several lines; space round it and
    /// text before the first shot are not part of the storyboard.
    /// </param>
    /// <returns>The storyboard, with its shots in the order of the text.</returns>
    /// <exception cref="Sora2ValidationException">The text holds no shot, or a shot without duration or scene.</exception>
    public static Storyboard Parse(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return new Storyboard { Shots = StoryboardPrompt.Read(prompt) };
    }

    /// <summary>
    /// The whole storyboard as JSON that people can read, for an application to keep; half-finished ones as well, limits are not checked. Images from files are kept by their path, images on the web by their address, bytes and
    /// data URIs within the text.
    /// </summary>
    /// <returns>Indented JSON with a version.</returns>
    /// <exception cref="Sora2ValidationException">An image is a stream, which cannot be kept.</exception>
    public string ToJson()
    {
        for (var i = 0; i < Shots.Count; i++)
        {
            CheckSavable(Shots[i].Images, FormattableString.Invariant($"shot {i + 1}"));
        }

        CheckSavable(ReferenceImages, "the whole video");
        return JsonSerializer.Serialize(this, SavedJsonContext.Storyboard);
    }

    /// <summary>Reads a storyboard that <see cref="ToJson"/> wrote. Image files are not looked for until it is sent; relative paths are those of the process then.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The storyboard.</returns>
    /// <exception cref="Sora2ValidationException">The text is no saved storyboard, or one of a newer version; the message says where.</exception>
    public static Storyboard FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.GetProperty("version").GetInt32() is not SavedVersion and var version)
            {
                throw new Sora2ValidationException(FormattableString.Invariant($"This storyboard was saved in version {version} of the format, and this version of the SDK reads version {SavedVersion}. Use the version that saved it, or a newer one."));
            }

            var storyboard = document.RootElement.Deserialize(SavedJsonContext.Storyboard)!;
            return storyboard.Shots?.All(shot => shot is { Scene: not null }) == true ? storyboard : throw new FormatException("The list of shots, a shot or a scene is null.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException or OverflowException)
        {
            throw new Sora2ValidationException($"This is no storyboard that Storyboard.ToJson wrote: {e.Message}", e);
        }
    }

    /// <summary>One readable line: how many shots, how long, what differs from the defaults, and the beginning of the first scene.</summary>
    public override string ToString() => DisplayFormat.Join(
        DisplayFormat.Count(Shots?.Count ?? 0, "shot"),
        Shots is null ? null : DisplayFormat.Duration(TotalDuration),
        AspectRatio == AspectRatio.Landscape16x9 ? null : AspectRatio.ToString(),
        LogSanitizer.SingleLine(Model),
        HighDefinition ? "HD" : null,
        Watermark ? "watermark" : null,
        Private ? "private" : null,
        DisplayFormat.CountOrNull(Shots is null ? 0 : AllImages.Count, "image"),
        DisplayFormat.CountOrNull(ExtraFields?.Count ?? 0, "extra field"))
        + (Shots is [{ } first, ..] ? $": {LogSanitizer.Quoted(first.Scene)}" : "");

    private static void CheckSavable(IEnumerable<ImageInput> images, string of)
    {
        if (images.Any(image => image is StreamImage))
        {
            throw new Sora2ValidationException($"An image of {of} is a stream, which cannot be saved. Use ImageInput.FromFile, FromUrl, FromDataUri or FromBytes.");
        }
    }
}
