using System.Text.Json.Serialization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The resolution of a video, such as 720p.</summary>
/// <remarks>
/// Any text can be used. The adapter chooses the platform's spelling (<c>720P</c>, <c>720p</c>); letter case does not matter.
/// </remarks>
[JsonConverter(typeof(Sora2JsonConverter))]
public sealed record Resolution
{
    private readonly string _name;

    private Resolution(string name) => _name = name;

    /// <summary>480p.</summary>
    public static Resolution P480 { get; } = new("480p");

    /// <summary>720p.</summary>
    public static Resolution P720 { get; } = new("720p");

    /// <summary>768p.</summary>
    public static Resolution P768 { get; } = new("768p");

    /// <summary>1080p.</summary>
    public static Resolution P1080 { get; } = new("1080p");

    /// <summary>2k.</summary>
    public static Resolution K2 { get; } = new("2k");

    /// <summary>4k.</summary>
    public static Resolution K4 { get; } = new("4k");

    /// <summary>Reads a resolution; any text is one.</summary>
    /// <param name="text">The text, such as <c>1080p</c>.</param>
    /// <returns>The resolution.</returns>
    /// <exception cref="FormatException">The text is empty.</exception>
    public static Resolution Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = text.Trim();
        return name.Length == 0
            ? throw new FormatException("An empty text is not a resolution. Use one such as \"720p\".")
            : new Resolution(name);
    }

    /// <summary>Returns the resolution in lower case, as <c>720p</c>.</summary>
    public override string ToString() => LogSanitizer.SingleLine(_name.ToLowerInvariant());

    /// <summary>The text in lower case, not shortened, as it is stored.</summary>
    internal string Text => _name.ToLowerInvariant();

    /// <summary>The spelling of the built-in platforms: <c>720P</c>, <c>4K</c>; any other text as it was given.</summary>
    internal string Upper => _name.Length > 1 && _name.AsSpan(0, _name.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0
        && (_name[^1] is 'p' or 'P' or 'k' or 'K') ? _name.ToUpperInvariant() : _name;

    /// <summary>Whether both are the same, whatever the letter case.</summary>
    /// <param name="other">The other resolution.</param>
    public bool Equals(Resolution? other) =>
        other is not null && string.Equals(_name, other._name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_name);
}
