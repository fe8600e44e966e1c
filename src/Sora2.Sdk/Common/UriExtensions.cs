namespace Sora2.Sdk.Common;

/// <summary>What may be fetched or handed to a platform: an absolute http or https address.</summary>
internal static class UriExtensions
{
    /// <summary>Whether two absolute addresses have the same scheme, host and port: the key may go from one to the other.</summary>
    public static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    public static bool IsHttp(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
