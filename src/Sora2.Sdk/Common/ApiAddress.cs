using System.Text.RegularExpressions;

namespace Sora2.Sdk.Common;

/// <summary>Checks and normalises the base address of an API.</summary>
internal static partial class ApiAddress
{
    /// <summary>Returns why a base address is not valid, or null.</summary>
    public static string? Problem(Uri address, bool allowInsecure, string name = nameof(Sora2ClientOptions.BaseAddress)) =>
        !UriExtensions.IsHttp(address)
            ? $"{name} is \"{LogSanitizer.SingleLine(address)}\"; it has to be {SettingForm.Address.Description}."
        : address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0
            ? $"{name} ({Redaction.WithoutQuery(address)}) may not contain a user, a query or a fragment."
        : address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !allowInsecure
            ? $"{name} ({Redaction.WithoutQuery(address)}) is http: the key would be sent unencrypted. Use https, or set "
                + $"{nameof(Sora2ClientOptions.AllowInsecureBaseAddress)}."
        : null;

    /// <summary>Returns the base without a trailing slash and version: <c>https://h/proxy/v1/</c> becomes <c>https://h/proxy</c>.</summary>
    public static string Normalise(Uri address)
    {
        var text = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return VersionAtEnd().Replace(text.TrimEnd('/'), "");
    }

    [GeneratedRegex(@"/+v[12]$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VersionAtEnd();
}
