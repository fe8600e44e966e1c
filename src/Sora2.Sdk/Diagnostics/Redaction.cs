using System.Text.RegularExpressions;

namespace Sora2.Sdk;

/// <summary>Keeps keys out of everything a person may read: older relay builds put fragments of the key into their messages.</summary>
internal static partial class Redaction
{
    public static string MaskKeys(string text) => KeyLike().Replace(text, "sk-***");

    /// <summary>An address without user, query and fragment: signatures live in the query.</summary>
    public static string WithoutQuery(Uri url) => url.IsAbsoluteUri ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : url.OriginalString;

    [GeneratedRegex(@"\bsk-[A-Za-z0-9_\-*.…]{3,}", RegexOptions.CultureInvariant)]
    private static partial Regex KeyLike();
}
