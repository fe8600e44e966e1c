using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>One shot of a storyboard.</summary>
public sealed record StoryboardShot
{
    /// <summary>What the shot shows.</summary>
    public required string Scene { get; init; }

    /// <summary>How long it lasts. Parts of a second are allowed; only the total has to be a length the model has.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Images this shot refers to. The platforms take one list for the whole video; these come before the storyboard's own.</summary>
    public IReadOnlyList<ImageInput> Images { get; init => field = value ?? []; } = [];

    /// <summary>One readable line: how long, the scene, cut where it is long, and how many images.</summary>
    public override string ToString() => DisplayFormat.Join(DisplayFormat.Duration(Duration), LogSanitizer.Quoted(Scene), DisplayFormat.CountOrNull(Images?.Count ?? 0, "image"));
}
