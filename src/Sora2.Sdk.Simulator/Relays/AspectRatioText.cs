using System.Globalization;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>Reads the orientation of a video from the values that clients send for it.</summary>
internal static class AspectRatioText
{
    private static readonly char[] Separators = ['x', 'X', '*', ':'];

    /// <summary>Reads <c>portrait</c>, <c>9:16</c>, <c>9x16</c>, <c>720x1280</c> and the like; null for any other value.</summary>
    public static bool? IsPortrait(string? text) => text switch
    {
        "portrait" => true,
        "landscape" or "square" => false,
        null => null,
        _ => text.Split(Separators) is [var left, var right] && Side(left) is { } width && Side(right) is { } height
            ? height > width
            : null,
    };

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side > 0 ? side : null;
}
