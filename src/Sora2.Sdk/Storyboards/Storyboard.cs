using System.Text.Json;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;
using Sora2.Sdk.Images;
using Sora2.Sdk.Storyboards;

namespace Sora2.Sdk;

/// <summary>A request for one video of several shots. Build it with <see cref="StoryboardBuilder"/>.</summary>
public sealed partial record Storyboard : GenerationRequest
{
    internal const int SavedVersion = 1;

    /// <summary>The shots, in order.</summary>
    public required IReadOnlyList<StoryboardShot> Shots { get; init; }

    /// <summary>The images for the whole video.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<ImageInput> ReferenceImages { get; init => field = value ?? []; } = [];

    /// <summary>The length of the video: the sum of the shots' durations.</summary>
    [JsonIgnore]
    public TimeSpan TotalDuration =>
        new((long)Math.Clamp(Shots.Sum(shot => (decimal)shot.Duration.Ticks), long.MinValue, long.MaxValue));

    /// <summary>
    /// The distinct images in the order in which they are sent: those of the shots, then the <see cref="ReferenceImages"/>.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<ImageInput> AllImages => [.. Shots.SelectMany(shot => shot.Images).Concat(ReferenceImages).Distinct()];

    internal override TimeSpan? TargetDuration => TotalDuration;

    internal override IReadOnlyList<ImageInput> SentImages => Shots is null ? [] : AllImages;

    internal override string GetPrompt() => ToPrompt();

    /// <summary>Returns the prompt that the platforms read as a storyboard.</summary>
    /// <remarks>
    /// Each shot is a block (<c>Shot 1:</c>, <c>duration: 7.5sec</c>, <c>Scene: …</c>), and blocks are separated by an empty line. Line
    /// breaks in a scene become a space, so that no part of a scene is read as another shot; nothing else of it is changed.
    /// </remarks>
    /// <returns>The text, with line feeds only.</returns>
    public string ToPrompt() => StoryboardPrompt.Write(Shots);

    /// <summary>Reads a storyboard from a prompt. Images and settings are not part of the text.</summary>
    /// <param name="prompt">
    /// A text like that of <see cref="ToPrompt"/>. Letter case, spacing, line endings, full-width colons, the unit and the order of the
    /// lines do not matter. A scene may have several lines; white space around it and text before the first shot are ignored.
    /// </param>
    /// <returns>The storyboard, with its shots in the order of the text.</returns>
    /// <exception cref="Sora2ValidationException">The text contains no shot, or a shot without duration or scene.</exception>
    public static Storyboard Parse(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return new Storyboard { Shots = StoryboardPrompt.Read(prompt) };
    }

    /// <summary>
    /// Returns the storyboard as readable JSON for an application to save. Limits are not checked, so drafts can be saved.
    /// </summary>
    /// <remarks>
    /// Images from files are saved as paths, images on the web as addresses, and bytes and data URIs as part of the text.
    /// </remarks>
    /// <returns>Indented JSON with a version number.</returns>
    /// <exception cref="Sora2ValidationException">An image is a stream, which cannot be saved.</exception>
    public string ToJson()
    {
        for (var i = 0; i < Shots.Count; i++)
        {
            CheckSavable(Shots[i].Images, FormattableString.Invariant($"shot {i + 1}"));
        }

        CheckSavable(ReferenceImages, "the whole video");
        return JsonSerializer.Serialize(this, StoryboardFileJson.TypeInfo);
    }

    /// <summary>Reads a storyboard that <see cref="ToJson"/> wrote.</summary>
    /// <remarks>Image files are read when the storyboard is sent; relative paths are resolved then.</remarks>
    /// <param name="json">The JSON text.</param>
    /// <returns>The storyboard.</returns>
    /// <exception cref="Sora2ValidationException">The text is not a saved storyboard, or has a newer version.</exception>
    public static Storyboard FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.GetProperty("version").GetInt32() is not SavedVersion and var version)
            {
                throw new Sora2ValidationException(
                    FormattableString.Invariant($"The storyboard has version {version} of the format, and this SDK reads {SavedVersion}. ")
                    + "Use the SDK version that saved it, or a newer one.");
            }

            var storyboard = document.RootElement.Deserialize(StoryboardFileJson.TypeInfo)!;
            return storyboard.Shots?.All(shot => shot is { Scene: not null }) == true
                ? storyboard
                : throw new FormatException("The list of shots, a shot or a scene is null.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException or ArgumentException or OverflowException)
        {
            throw new Sora2ValidationException($"The text is not a storyboard saved by Storyboard.ToJson: {e.Message}", e);
        }
    }

    /// <summary>Returns one line: shots, length, what differs from the defaults, and the beginning of the first scene.</summary>
    public override string ToString() => DisplayFormat.Join(
        DisplayFormat.Count(Shots?.Count ?? 0, "shot"),
        Shots is null ? null : DisplayFormat.Duration(TotalDuration),
        FormatSettings())
        + (Shots is [{ } first, ..] ? $": {LogSanitizer.Quoted(first.Scene)}" : "");

    private static void CheckSavable(IEnumerable<ImageInput> images, string owner)
    {
        if (images.Any(image => image is StreamImage))
        {
            throw new Sora2ValidationException(
                $"An image of {owner} is a stream, which cannot be saved. Use ImageInput.FromFile, FromUrl, FromDataUri or FromBytes.");
        }
    }
}
