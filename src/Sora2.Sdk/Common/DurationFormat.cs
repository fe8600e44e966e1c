using System.Globalization;

namespace Sora2.Sdk.Common;

/// <summary>Formats durations independently of the culture: in seconds without a unit, a decimal point, no trailing zeros.</summary>
internal static class DurationFormat
{
    public static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture);
}
