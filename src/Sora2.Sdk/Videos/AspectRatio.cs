using System.Globalization;
using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The aspect ratio of a video: width to height, or as the images are.</summary>
/// <remarks>Any ratio can be named; whether a model makes it is checked for known models, else the platform decides.</remarks>
[JsonConverter(typeof(Sora2JsonConverter))]
public sealed record AspectRatio
{
    private AspectRatio(int width, int height) => (Width, Height) = (width, height);

    /// <summary>16:9, wider than high.</summary>
    public static AspectRatio Landscape16x9 { get; } = new(16, 9);

    /// <summary>9:16, higher than wide.</summary>
    public static AspectRatio Portrait9x16 { get; } = new(9, 16);

    /// <summary>1:1, a square.</summary>
    public static AspectRatio Square1x1 { get; } = new(1, 1);

    /// <summary>4:3, wider than high.</summary>
    public static AspectRatio Landscape4x3 { get; } = new(4, 3);

    /// <summary>3:4, higher than wide.</summary>
    public static AspectRatio Portrait3x4 { get; } = new(3, 4);

    /// <summary>3:2, wider than high.</summary>
    public static AspectRatio Landscape3x2 { get; } = new(3, 2);

    /// <summary>2:3, higher than wide.</summary>
    public static AspectRatio Portrait2x3 { get; } = new(2, 3);

    /// <summary>21:9, the cinema format.</summary>
    public static AspectRatio Landscape21x9 { get; } = new(21, 9);

    /// <summary>The ratio of the images, or the model's choice.</summary>
    public static AspectRatio Adaptive { get; } = new(0, 0);

    /// <summary>The width, as in 16:9; 0 for <see cref="Adaptive"/>.</summary>
    public int Width { get; }

    /// <summary>The height, as in 16:9; 0 for <see cref="Adaptive"/>.</summary>
    public int Height { get; }

    /// <summary>Whether the video is higher than wide.</summary>
    public bool IsPortrait => Height > Width;

    /// <summary>Reads a ratio such as <c>16:9</c>, <c>9x16</c> or <c>adaptive</c>; also a name such as <c>Portrait9x16</c>.</summary>
    /// <param name="text">The text. Letter case does not matter, and a full-width colon is read as a colon.</param>
    /// <returns>The ratio.</returns>
    /// <exception cref="FormatException">The text is not a ratio of two whole numbers from 1 to 10,000, or <c>adaptive</c>.</exception>
    public static AspectRatio Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text) ?? throw new FormatException(
            $"\"{LogSanitizer.SingleLine(text, 40)}\" is not an aspect ratio. "
            + "Use two whole numbers such as \"16:9\", or \"adaptive\".");
    }

    /// <summary>Returns the ratio as <c>16:9</c>, or <c>adaptive</c>.</summary>
    public override string ToString() => Width == 0 ? "adaptive" : FormattableString.Invariant($"{Width}:{Height}");

    internal static AspectRatio? TryParse(string text)
    {
        var name = text.AsSpan().Trim();
        if (name.Equals("adaptive", StringComparison.OrdinalIgnoreCase) || name.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            return Adaptive;
        }

        foreach (var prefix in (ReadOnlySpan<string>)["landscape", "portrait", "square"])
        {
            name = name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? name[prefix.Length..] : name;
        }

        var separator = name.IndexOfAny(":x×X：");
        return separator > 0
            && int.TryParse(name[..separator].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(name[(separator + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && width is > 0 and <= 10_000 && height is > 0 and <= 10_000
            ? new AspectRatio(width, height)
            : null;
    }
}
