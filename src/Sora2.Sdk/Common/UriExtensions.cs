namespace Sora2.Sdk.Common;

/// <summary>Checks of URLs that are requested or passed to a platform.</summary>
internal static class UriExtensions
{
    /// <summary>Whether two absolute URLs have the same scheme, host and port, so that both may be requested with the key.</summary>
    public static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Whether a URL is absolute and of the scheme http or https.</summary>
    public static bool IsHttp(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
