using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One shot of a storyboard.</summary>
public sealed record StoryboardShot
{
    /// <summary>What the shot shows.</summary>
    public required string Scene { get; init; }

    /// <summary>
    /// How long the shot lasts. Fractions of a second are allowed; only the total has to be a duration that the model offers.
    /// </summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The images that this shot refers to.</summary>
    /// <value>Empty by default.</value>
    /// <remarks>
    /// The platforms accept one list for the whole video; the shots' images come before <see cref="Storyboard.ReferenceImages"/>.
    /// </remarks>
    public IReadOnlyList<ImageInput> Images { get; init => field = value ?? []; } = [];

    /// <summary>Returns one line: duration, the beginning of the scene, and the number of images.</summary>
    public override string ToString() => DisplayFormat.Join(
        DisplayFormat.Duration(Duration),
        LogSanitizer.Quoted(Scene),
        DisplayFormat.CountOrNull(Images?.Count ?? 0, "image"));
}
