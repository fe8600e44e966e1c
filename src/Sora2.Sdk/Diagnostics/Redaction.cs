using System.Text.RegularExpressions;

namespace Sora2.Sdk;

/// <summary>Keeps keys out of everything a person may read: relays echo keys, and older builds put fragments of them into their messages.</summary>
internal static partial class Redaction
{
    private const string Mark = "***";

    /// <summary>A text without this key, and without anything that looks like one.</summary>
    public static string Mask(string text, string? key = null) =>
        KeyLike().Replace(string.IsNullOrEmpty(key) ? text : text.Replace(key, Mark, StringComparison.Ordinal), "sk-" + Mark);

    /// <summary>An address without user, query and fragment: signatures live in the query.</summary>
    public static string WithoutQuery(Uri url) => url.IsAbsoluteUri ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : url.OriginalString;

    // Not \b: to it a Chinese letter before the key is a part of the word; written as \u724c it ends in what looks like one.
    [GeneratedRegex(@"(?:(?<![A-Za-z0-9])|(?<=\\u[0-9A-Fa-f]{4}))sk-[A-Za-z0-9_\-*.…]{3,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KeyLike();
}
