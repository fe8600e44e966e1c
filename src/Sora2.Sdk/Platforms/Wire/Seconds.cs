using System.Globalization;

namespace Sora2.Sdk;

/// <summary>A length in seconds as the platforms write it, in every culture: no unit, a point for decimals, no needless zeros.</summary>
internal static class Seconds
{
    public static string Of(TimeSpan duration) => duration.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture);
}
