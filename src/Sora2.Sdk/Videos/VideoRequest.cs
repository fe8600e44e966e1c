using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>What to make: one video from a text, with or without images. The same request works on every platform.</summary>
/// <example>
/// <code>
/// var request = new VideoRequest("A corgi surfs at sunset") { Duration = TimeSpan.FromSeconds(15), AspectRatio = AspectRatio.Portrait9x16 };
/// </code>
/// </example>
public sealed record VideoRequest
{
    /// <summary>An empty request; <see cref="Prompt"/> has to be set.</summary>
    public VideoRequest()
    {
    }

    /// <summary>A request for a video of this prompt, ten seconds long, landscape.</summary>
    /// <param name="prompt">What the video shows, in any language.</param>
    [SetsRequiredMembers]
    public VideoRequest(string prompt) => Prompt = prompt;

    /// <summary>
    /// What the video shows, in any language. Characters are mentioned as <c>@username</c> with a space before and after, or, with a <see cref="Sora2ClientOptions.CharacterLibrary"/>, by the names they have there.
    /// </summary>
    public required string Prompt { get; init; }

    /// <summary>
    /// The model's name on the platform, or null for <see cref="Sora2ClientOptions.DefaultModel"/>, else the platform's own default.
    /// Names are open: one this SDK has no limits for is sent as it is.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>How long the video is; null means 10 seconds. Which lengths there are depends on the model: see <see cref="VideoModel.Formats"/>.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The shape of the frame; landscape unless said otherwise.</summary>
    public AspectRatio AspectRatio { get; init; }

    /// <summary>Asks for high definition, which few models have and which costs more and takes longer.</summary>
    public bool HighDefinition { get; init; }

    /// <summary>Asks for the platform's watermark. None by default.</summary>
    public bool Watermark { get; init; }

    /// <summary>Asks for the video not to be published by the platform.</summary>
    public bool Private { get; init; }

    /// <summary>The images the video starts from or refers to; none means text to video.</summary>
    public IReadOnlyList<ImageInput> Images { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Fields sent as they are, for what a relay adds tomorrow (<c>seed</c>, <c>notify_hook</c>, …). A field of a name that the SDK writes
    /// itself takes that field's place.
    /// </summary>
    public JsonObject? ExtraFields { get; init; }

    /// <summary>One readable line: the prompt, cut where it is long, and what differs from the defaults; of images their number.</summary>
    public override string ToString() => DisplayFormat.Join(
        LogSanitizer.Quoted(Prompt),
        Duration is { } duration ? DisplayFormat.Duration(duration) : null,
        AspectRatio == AspectRatio.Landscape16x9 ? null : AspectRatio.ToString(),
        LogSanitizer.SingleLine(Model),
        HighDefinition ? "HD" : null,
        Watermark ? "watermark" : null,
        Private ? "private" : null,
        DisplayFormat.CountOrNull(Images?.Count ?? 0, "image"),
        DisplayFormat.CountOrNull(ExtraFields?.Count ?? 0, "extra field"));
}
