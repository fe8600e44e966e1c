using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>A model's limits, as data. Names are open: a model that is not listed is sent as it is and left to the platform to judge.</summary>
/// <param name="Name">The model's name on the platform.</param>
/// <param name="Formats">Every length and quality it makes.</param>
public sealed record VideoModel(string Name, IReadOnlyList<VideoFormat> Formats)
{
    /// <summary>The lengths it makes, shortest first.</summary>
    /// <param name="highDefinition">Whether in high definition.</param>
    /// <returns>The lengths; none if it has no such quality.</returns>
    public IReadOnlyList<TimeSpan> Durations(bool highDefinition = false) =>
        [.. Formats.Where(format => format.HighDefinition == highDefinition).Select(format => format.Duration).Order()];

    /// <summary>One readable line, such as <c>sora-2-pro: 10, 15, 25 s, HD 10, 15 s</c>.</summary>
    public override string ToString()
    {
        var lengths = string.Join(", ", Durations().Select(DurationFormat.Seconds));
        var sharp = string.Join(", ", Durations(highDefinition: true).Select(DurationFormat.Seconds));
        return $"{LogSanitizer.SingleLine(Name)}: {LogSanitizer.SingleLine(DisplayFormat.Join(lengths.Length == 0 ? null : lengths + " s", sharp.Length == 0 ? null : $"HD {sharp} s"))}";
    }
}
