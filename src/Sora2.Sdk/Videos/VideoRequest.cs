using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A request for one video from a text, with or without images. The same request works on every platform.</summary>
/// <example>
/// <code>
/// var request = new VideoRequest("A corgi surfs at sunset")
/// {
///     Duration = TimeSpan.FromSeconds(15),
///     AspectRatio = AspectRatio.Portrait9x16,
/// };
/// </code>
/// </example>
public sealed record VideoRequest
{
    /// <summary>Creates a request whose <see cref="Prompt"/> is set in the initializer.</summary>
    public VideoRequest()
    {
    }

    /// <summary>Creates a request for a landscape video of 10 seconds.</summary>
    /// <param name="prompt">The <see cref="Prompt"/>.</param>
    [SetsRequiredMembers]
    public VideoRequest(string prompt) => Prompt = prompt;

    /// <summary>The text that describes the video, in any language.</summary>
    /// <remarks>
    /// Mention a character as <c>@username</c> with a space before and after, or by its name in the
    /// <see cref="Sora2ClientOptions.CharacterLibrary"/>.
    /// </remarks>
    public required string Prompt { get; init; }

    /// <summary>The model's name on the platform. It determines the price and the available durations.</summary>
    /// <value>
    /// <see langword="null"/>, the default, for <see cref="Sora2ClientOptions.DefaultModel"/>, else the platform's own default.
    /// </value>
    /// <remarks>Any name is allowed: a model that this SDK does not know is sent without checking its limits.</remarks>
    public string? Model { get; init; }

    /// <summary>The duration of the video.</summary>
    /// <value><see langword="null"/>, the default, for 10 seconds.</value>
    /// <remarks>The available durations depend on the model: see <see cref="VideoModel.Formats"/>.</remarks>
    public TimeSpan? Duration { get; init; }

    /// <summary>The aspect ratio of the video.</summary>
    /// <value><see cref="AspectRatio.Landscape16x9"/> by default.</value>
    public AspectRatio AspectRatio { get; init; }

    /// <summary>Whether to make the video in high definition. Few models offer it; it <b>costs more</b> and takes longer.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool HighDefinition { get; init; }

    /// <summary>Whether the video has the platform's watermark.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Watermark { get; init; }

    /// <summary>Whether to ask the platform not to publish the video.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Private { get; init; }

    /// <summary>The images that the video starts from or refers to.</summary>
    /// <value>Empty by default: the video is made from the text alone.</value>
    public IReadOnlyList<ImageInput> Images { get; init => field = value ?? []; } = [];

    /// <summary>
    /// Additional fields of the request, for options that the SDK does not have, such as <c>seed</c> or <c>notify_hook</c>.
    /// </summary>
    /// <value><see langword="null"/> by default.</value>
    /// <remarks>The fields are sent unchanged. One with the name of a field that the SDK writes replaces it.</remarks>
    public JsonObject? ExtraFields { get; init; }

    /// <summary>Returns one line: the beginning of the prompt, what differs from the defaults, and the number of images.</summary>
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
