namespace Sora2.Sdk;

/// <summary>What may be fetched or handed to a platform: an absolute http or https address.</summary>
internal static class WebAddress
{
    public static bool Is(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
