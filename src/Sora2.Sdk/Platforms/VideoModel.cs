using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The limits of a model.</summary>
/// <remarks>Names are open: a model that is not listed is sent unchecked, and the platform decides.</remarks>
/// <param name="Name">The model's name on the platform.</param>
/// <param name="Formats">Every duration and quality that it makes.</param>
public sealed record VideoModel(string Name, IReadOnlyList<VideoFormat> Formats)
{
    /// <summary>Returns the durations that the model makes, shortest first.</summary>
    /// <param name="highDefinition">Whether to return those in high definition.</param>
    /// <returns>The durations; none if the model has no such quality.</returns>
    public IReadOnlyList<TimeSpan> Durations(bool highDefinition = false) =>
        [.. Formats.Where(format => format.HighDefinition == highDefinition).Select(format => format.Duration).Order()];

    /// <summary>Returns one readable line, such as <c>sora-2-pro: 10, 15, 25 s, HD 10, 15 s</c>.</summary>
    public override string ToString()
    {
        var standard = string.Join(", ", Durations().Select(DurationFormat.Seconds));
        var high = string.Join(", ", Durations(highDefinition: true).Select(DurationFormat.Seconds));
        var all = DisplayFormat.Join(standard.Length == 0 ? null : standard + " s", high.Length == 0 ? null : $"HD {high} s");
        return $"{LogSanitizer.SingleLine(Name)}: {LogSanitizer.SingleLine(all)}";
    }
}
