using System.Text.Json.Nodes;

namespace Sora2.Sdk;

/// <summary>A video of several shots. Make one with <see cref="StoryboardBuilder"/>.</summary>
public sealed record Storyboard
{
    /// <summary>The shots, in order.</summary>
    public required IReadOnlyList<StoryboardShot> Shots { get; init; }

    /// <summary>Images for the whole video.</summary>
    public IReadOnlyList<ImageInput> ReferenceImages { get; init; } = [];

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
    public TimeSpan TotalDuration => new((long)Math.Clamp(Shots.Sum(shot => (decimal)shot.Duration.Ticks), long.MinValue, long.MaxValue));

    /// <summary>Every image once, in the order in which it is sent: the shots' own, then the <see cref="ReferenceImages"/>.</summary>
    public IReadOnlyList<ImageInput> AllImages => [.. Shots.SelectMany(shot => shot.Images).Concat(ReferenceImages).Distinct()];

    /// <summary>
    /// The prompt text that makes a video a storyboard, the same for every platform: a block a shot (<c>Shot 1:</c>, <c>duration: 7.5sec</c>, <c>Scene: …</c>),
    /// blocks separated by an empty line. Line breaks inside a scene become a space, so that a scene cannot be read as another shot; nothing else is altered.
    /// </summary>
    /// <returns>The text, with line feeds only.</returns>
    public string ToPrompt() => StoryboardPrompt.Write(Shots);

    /// <summary>Reads a storyboard back from prompt text; images and settings are not part of it.</summary>
    /// <param name="prompt">Text as <see cref="ToPrompt"/> writes it, or near to it: letter case, spacing and line ends do not matter.</param>
    /// <returns>The storyboard, with its shots in the order of the text.</returns>
    /// <exception cref="Sora2ValidationException">The text holds no shot, or a shot without duration or scene.</exception>
    public static Storyboard Parse(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return new Storyboard { Shots = StoryboardPrompt.Read(prompt) };
    }
}
