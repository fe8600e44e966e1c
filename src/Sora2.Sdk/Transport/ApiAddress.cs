using System.Text.RegularExpressions;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>Checks and normalises base addresses.</summary>
internal static partial class ApiAddress
{
    /// <summary>Returns what is wrong with a base address, or null.</summary>
    public static string? Problem(Uri address, bool allowInsecure, string name = nameof(Sora2ClientOptions.BaseAddress)) =>
        !UriExtensions.IsHttp(address)
            ? $"{name} is \"{LogSanitizer.SingleLine(address)}\"; it has to be an absolute https address such as https://api.example.com."
        : address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0
            ? $"{name} ({Redaction.WithoutQuery(address)}) may not hold a user, a query or a fragment."
        : address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !allowInsecure
            ? $"{name} ({Redaction.WithoutQuery(address)}) is http, which would send the key unencrypted. "
                + $"Use https, or set {nameof(Sora2ClientOptions.AllowInsecureBaseAddress)}."
        : null;

    /// <summary>
    /// Returns the base address without a trailing slash and version: <c>https://h/proxy/v1/</c> becomes <c>https://h/proxy</c>.
    /// </summary>
    public static string Normalise(Uri address) =>
        VersionAtEnd().Replace(
            address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/'), "");

    [GeneratedRegex(@"/+v[12]$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VersionAtEnd();
}
