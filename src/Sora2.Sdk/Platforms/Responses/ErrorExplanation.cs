using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The messages of the errors that <see cref="ErrorClassifier"/> finds: what the platform said, and what to do.</summary>
internal static partial class ErrorExplanation
{
    public static string OfPage(ApiResponse response, Sora2ErrorKind kind)
    {
        if (ErrorClassifier.IsRedirect(response) && response.Location is not null)
        {
            return Redirected(response);
        }

        var status = (int)response.StatusCode;
        var platform = response.PlatformTitle;
        var title = Title(response.Body.Span);
        var page = title is not null ? $"a web page titled \"{title}\""
            : XmlText(response) is { } xml ? $"XML that says \"{xml}\""
            : "a web page";
        var said = $"{response.Request} answered {status} with {page} instead of JSON";
        if (Special(response) is { } special)
        {
            return $"{said}. {special}";
        }

        if (title is not null && kind is Sora2ErrorKind.WrongEndpoint or Sora2ErrorKind.ServerError
            && new PhraseFinder(title, PromptTexts.None).Has(RelayPhrases.Barriers))
        {
            kind = Sora2ErrorKind.PermissionDenied; // for the advice; of a create it stays unknown what became of it
        }

        return kind switch
        {
            Sora2ErrorKind.WrongEndpoint => $"{said}. Check Sora2ClientOptions.BaseAddress: it has to be the address of {platform}'s API.",
            Sora2ErrorKind.Authentication =>
                $"{said}. Check the API key of {platform} (Sora2ClientOptions.ApiKey), and whether something on the way asks for a login.",
            Sora2ErrorKind.InsufficientQuota =>
                $"{said}. Top up the account or raise the key's budget at "
                + $"{platform}{(ErrorClassifier.Paid(response.Kind) ? "; nothing was charged" : "")}.",
            Sora2ErrorKind.PermissionDenied =>
                $"{said}. The request was blocked on the way, before {platform}'s API: by a firewall, a proxy or a check for "
                + $"browsers. Try from another network, or ask {platform} to let this address in.",
            Sora2ErrorKind.InvalidRequest => $"{said}. A gateway before {platform} refused the request.",
            Sora2ErrorKind.RateLimited => $"{said}. A gateway before {platform} wants fewer requests.",
            _ => $"{said}: a gateway before {platform} is in trouble.",
        };
    }

    /// <summary>The words of an XML document, as storage and some gateways write errors.</summary>
    private static string? XmlText(ApiResponse response)
    {
        var xml = BodyText.Beginning(response.Body, response.Charset, 4096).AsSpan().TrimStart();
        if (!xml.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) && !xml.StartsWith("<Error", StringComparison.Ordinal))
        {
            return null;
        }

        var text = new StringBuilder();
        while (xml.IndexOf('<') is >= 0 and var tag)
        {
            var words = xml[..tag].Trim();
            text.Append(words).Append(words.IsEmpty || text.Length == 0 ? "" : " ");
            var end = xml[tag..].IndexOf('>');
            xml = end < 0 ? [] : xml[(tag + end + 1)..];
        }

        var said = WebUtility.HtmlDecode(text.ToString()).Trim();
        return said.Length is 0 ? null : said.Length > 300 ? said[..300] + "…" : said;
    }

    private static string Redirected(ApiResponse response) =>
        $"{response.Request} was redirected ({(int)response.StatusCode}) to {Redaction.WithoutQuery(response.Location!)}. "
        + "Redirects are not followed, so that neither the key nor a paid request goes astray. "
        + "If the new address is right, set Sora2ClientOptions.BaseAddress to it.";

    /// <summary>What a status means that has one cause, whoever answered it.</summary>
    private static string? Special(ApiResponse response) => (int)response.StatusCode switch
    {
        400 when ErrorClassifier.IsPlainHttp(response) =>
            "The request went over plain HTTP to a port for HTTPS: Sora2ClientOptions.BaseAddress has to begin with https://.",
        407 => "A proxy on the way asks for credentials: set them on the handler's proxy (docs/hosting.md).",
        413 =>
            $"The request is too large for {response.PlatformTitle} or a gateway before it{SizeOf(response.Sent)}. Send "
            + $"{(response.Sent is { Images: 0 } ? "a shorter prompt" : "smaller or fewer images, or images by address")}.",
        414 => "The address of the request is too long.",
        431 => "The headers of the request are too large; the key is the longest of them.",
        _ => null,
    };

    private static string SizeOf(SentSize? sent) => sent is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $": its body has {sent.Bytes:N0} "
        + $"bytes{(sent.Images == 0 ? "" : $", with {DisplayFormat.Count(sent.Images, "image")} of {sent.ImageBytes:N0} bytes")}");

    public static string Create(ApiResponse response, ErrorVerdict verdict, ErrorText text, bool? charged)
    {
        var (kind, _, isChannel) = verdict;
        var status = (int)response.StatusCode;
        if (ErrorClassifier.IsRedirect(response) && !isChannel)
        {
            return response.Location is not null ? Redirected(response)
                : MessageText.EnsurePeriod(text.Message ?? $"{response.Request} answered {status} and no address to go to")
                    + " Check Sora2ClientOptions.BaseAddress.";
        }

        var code = text.EnvelopeCode is { } number ? string.Create(CultureInfo.InvariantCulture, $" with code {number}") : "";
        var said = MessageText.EnsurePeriod(text.Message ?? $"{response.Request} answered {status}{code} without a reason.");
        var platform = response.PlatformTitle;
        if (Special(response) is { } special
            && kind is Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.WrongEndpoint or Sora2ErrorKind.Authentication)
        {
            return $"{said} {special}";
        }

        return kind switch
        {
            Sora2ErrorKind.Authentication => $"{said} Check the API key of {platform} (Sora2ClientOptions.ApiKey).",
            Sora2ErrorKind.PermissionDenied when !IsJson(response) =>
                $"{said} Either the key may not do this (check its group at {platform}), or something on the way blocked the request.",
            Sora2ErrorKind.PermissionDenied => $"{said} The key is known to {platform} but may not do this: check the key's group.",
            Sora2ErrorKind.InsufficientQuota =>
                $"{said} Top up the account or raise the key's budget at "
                + $"{platform}{(ErrorClassifier.Paid(response.Kind) && charged == false ? "; nothing was charged" : "")}.",
            Sora2ErrorKind.RateLimited when response.RetryAfter is { } wait =>
                string.Create(
                    CultureInfo.InvariantCulture, $"{said} {platform} wants fewer requests: try again in {wait.TotalSeconds:0} s."),
            Sora2ErrorKind.RateLimited => $"{said} {platform} wants fewer requests.",
            Sora2ErrorKind.Saturated when isChannel =>
                $"{said} The trouble is between {platform} and its own upstream, not with your key or "
                + $"balance.{(charged == false ? " The request was not taken; try again in a little while." : "")}",
            Sora2ErrorKind.Saturated when charged == false => $"{said} The request was not taken; try again in a little while.",
            Sora2ErrorKind.Saturated => $"{said} {platform} is busy.",
            Sora2ErrorKind.ModelUnavailable when response.Kind == CallKind.CreateCharacter =>
                $"{said} No channel of {platform} makes characters for this key: check the key's group, or use another key.",
            Sora2ErrorKind.ModelUnavailable =>
                $"{said} No channel of {platform} serves this model for this key: check the model's name and the key's group, or "
                + $"choose another model.{KnownModels(response.Platform)}",
            Sora2ErrorKind.TaskNotFound =>
                $"{said} {platform} does not know task {response.TaskId}: check the id, and that it was created with this platform "
                + $"and key.",
            Sora2ErrorKind.WrongEndpoint => $"{said} {response.Request} is not a route there: check Sora2ClientOptions.BaseAddress.",
            Sora2ErrorKind.InputModeration => $"{said} Change the prompt or the images.",
            _ => said,
        };
    }

    private static string KnownModels(string platform) =>
        Sora2Platform.BuiltIn.FirstOrDefault(known => known.Name == platform) is { } known
            ? $" Known to this SDK are {string.Join(", ", known.Models.Select(model => model.Name))}."
            : "";

    private static bool IsJson(ApiResponse response) =>
        response.Body.Span.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];

    /// <summary>The title of a web page.</summary>
    public static string? Title(ReadOnlySpan<byte> body)
    {
        var match = TitleElement().Match(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 64 * 1024)]));
        var title = match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value).Trim() : "";
        return title.Length switch
        {
            0 => null,
            > 200 => title[..200],
            _ => title,
        };
    }

    [GeneratedRegex(@"<title[^>]*>([^<]*)</title>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TitleElement();
}
