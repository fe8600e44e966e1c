using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The limits of a model.</summary>
/// <remarks>
/// Names are open: a model that is not listed is sent unchecked, and the platform decides. What is <see langword="null"/> here is not
/// known and not checked either.
/// </remarks>
public sealed record VideoModel
{
    /// <summary>The model's name on the platform.</summary>
    public required string Name { get; init; }

    /// <summary>Every duration and quality that it makes.</summary>
    public required IReadOnlyList<VideoFormat> Formats { get; init; }

    /// <summary>The aspect ratios that it makes.</summary>
    public IReadOnlyList<AspectRatio>? AspectRatios { get; init; }

    /// <summary>The resolutions that can be requested; empty if none can.</summary>
    public IReadOnlyList<Resolution>? Resolutions { get; init; }

    /// <summary>Whether <see cref="GenerationRequest.GenerateAudio"/> can be requested.</summary>
    public bool? HasAudioOption { get; init; }

    /// <summary>Whether <see cref="GenerationRequest.Seed"/> can be requested.</summary>
    public bool? HasSeed { get; init; }

    /// <summary>Whether <see cref="GenerationRequest.NegativePrompt"/> can be requested.</summary>
    public bool? HasNegativePrompt { get; init; }

    /// <summary>Whether an image can have a <see cref="ImageInput.Role"/>.</summary>
    public bool? HasImageRoles { get; init; }

    /// <summary>Returns the durations that the model makes, shortest first.</summary>
    /// <param name="highDefinition">Whether to return those in high definition.</param>
    /// <returns>The durations; none if the model has no such quality.</returns>
    public IReadOnlyList<TimeSpan> GetDurations(bool highDefinition = false) =>
        [.. Formats.Where(format => format.HighDefinition == highDefinition).Select(format => format.Duration).Order()];

    /// <summary>Returns one readable line, such as <c>sora-2-pro: 10, 15, 25 s, HD 10, 15 s</c>.</summary>
    public override string ToString()
    {
        var standard = string.Join(", ", GetDurations().Select(DurationFormat.Seconds));
        var high = string.Join(", ", GetDurations(highDefinition: true).Select(DurationFormat.Seconds));
        var all = DisplayFormat.Join(standard.Length == 0 ? null : standard + " s", high.Length == 0 ? null : $"HD {high} s");
        return $"{LogSanitizer.SingleLine(Name)}: {LogSanitizer.SingleLine(all)}";
    }
}
