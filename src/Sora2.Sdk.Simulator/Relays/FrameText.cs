using System.Globalization;

namespace Sora2.Sdk.Simulator;

/// <summary>The ways in which clients write a frame.</summary>
internal static class FrameText
{
    private static readonly char[] Separators = ['x', 'X', '*', ':'];

    /// <summary>Reads <c>portrait</c>, <c>9:16</c>, <c>9x16</c>, <c>720x1280</c> and the like; null where it says nothing. Only the orientation counts.</summary>
    public static bool? IsPortrait(string? text) => text switch
    {
        "portrait" => true,
        "landscape" or "square" => false,
        null => null,
        _ => text.Split(Separators) is [var width, var height] && Side(width) is { } across && Side(height) is { } down ? down > across : null,
    };

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side > 0 ? side : null;
}
