using System.Diagnostics.CodeAnalysis;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A request for one video from a text, with or without images.</summary>
/// <example>
/// <code>
/// var request = new VideoRequest("A corgi surfs at sunset")
/// {
///     Duration = TimeSpan.FromSeconds(15),
///     AspectRatio = AspectRatio.Portrait9x16,
/// };
/// </code>
/// </example>
public sealed record VideoRequest : GenerationRequest
{
    /// <summary>Creates a request whose <see cref="Prompt"/> is set in the initializer.</summary>
    public VideoRequest()
    {
    }

    /// <summary>Creates a request with the platform's defaults.</summary>
    /// <param name="prompt">The <see cref="Prompt"/>.</param>
    [SetsRequiredMembers]
    public VideoRequest(string prompt) => Prompt = prompt;

    /// <summary>The text that describes the video, in any language.</summary>
    /// <remarks>
    /// Mention a character as <c>@username</c> with a space before and after, or by its name in the
    /// <see cref="Sora2ClientOptions.CharacterLibrary"/>.
    /// </remarks>
    public required string Prompt { get; init; }

    /// <summary>The duration of the video.</summary>
    /// <value><see langword="null"/>, the default, for the model's own, which is 10 seconds for Sora.</value>
    /// <remarks>The available durations depend on the model: see <see cref="VideoModel.Formats"/>.</remarks>
    public TimeSpan? Duration { get; init; }

    /// <summary>The images that the video starts from or refers to.</summary>
    /// <value>Empty by default: the video is made from the text alone.</value>
    public IReadOnlyList<ImageInput> Images { get; init => field = value ?? []; } = [];

    internal override TimeSpan? TargetDuration => Duration;

    internal override IReadOnlyList<ImageInput> SentImages => Images;

    internal override string GetPrompt() => Prompt;

    /// <summary>Returns one line: the beginning of the prompt, what differs from the defaults, and the number of images.</summary>
    public override string ToString() => DisplayFormat.Join(
        LogSanitizer.Quoted(Prompt),
        Duration is { } duration ? DisplayFormat.Duration(duration) : null,
        FormatSettings());
}
