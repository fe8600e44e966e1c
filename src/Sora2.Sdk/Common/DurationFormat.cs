using System.Globalization;

namespace Sora2.Sdk.Common;

/// <summary>A length in seconds as the platforms write it, in every culture: no unit, a point for decimals, no needless zeros.</summary>
internal static class DurationFormat
{
    public static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture);
}
