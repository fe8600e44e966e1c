using System.Globalization;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Writes the messages of API errors: the platform's text, and the next step.</summary>
internal static class ErrorExplanation
{
    /// <summary>Returns the message for a web page in place of JSON.</summary>
    public static string ForPage(ApiResponse response, Sora2ErrorKind kind)
    {
        if (StatusRules.IsRedirect(response) && response.Location is not null)
        {
            return Redirected(response);
        }

        var platform = response.PlatformTitle;
        var title = BodyExcerpt.Title(response.Body.Span);
        var page = title is not null ? $"a web page titled \"{title}\""
            : BodyExcerpt.XmlText(response.Body, response.Charset) is { } xml ? $"the XML \"{xml}\""
            : "a web page";
        var failure = $"{response.Request} returned {(int)response.StatusCode} with {page} instead of JSON";
        if (ForStatus(response) is { } special)
        {
            return $"{failure}. {special}";
        }

        if (title is not null && kind is Sora2ErrorKind.WrongEndpoint or Sora2ErrorKind.ServerError
            && new PhraseFinder(title, PromptTexts.None).Has(RelayPhrases.Barriers))
        {
            kind = Sora2ErrorKind.PermissionDenied; // for the next step only; the outcome of a create stays unknown
        }

        return kind switch
        {
            Sora2ErrorKind.WrongEndpoint =>
                $"{failure}. Check Sora2ClientOptions.BaseAddress: it must be the address of {platform}'s API.",
            Sora2ErrorKind.Authentication =>
                $"{failure}. Check the API key of {platform} (Sora2ClientOptions.ApiKey), and whether a gateway requires a login.",
            Sora2ErrorKind.InsufficientQuota => $"{failure}. {TopUp(response, isUncharged: true)}",
            Sora2ErrorKind.PermissionDenied =>
                $"{failure}. The request was blocked before it reached {platform}'s API: by a firewall, a proxy or a browser check. "
                + $"Try another network, or ask {platform} to allow this address.",
            Sora2ErrorKind.InvalidRequest => $"{failure}. A gateway in front of {platform} refused the request.",
            Sora2ErrorKind.RateLimited => $"{failure}. Rate limited by a gateway in front of {platform}; send fewer requests.",
            _ => $"{failure}: a gateway in front of {platform} failed.",
        };
    }

    /// <summary>Returns the message for any other error.</summary>
    public static string ForText(ApiResponse response, ErrorVerdict verdict, ErrorText text, bool? charged)
    {
        var (kind, _, isChannel, isAccountBlocked) = verdict;
        var returned = $"{response.Request} returned {(int)response.StatusCode}";
        if (StatusRules.IsRedirect(response) && !isChannel)
        {
            return response.Location is not null
                ? Redirected(response)
                : MessageText.EnsurePeriod(text.Message ?? $"{returned} without the address of the redirect")
                    + " Check Sora2ClientOptions.BaseAddress.";
        }

        var code = text.EnvelopeCode is { } number ? string.Create(CultureInfo.InvariantCulture, $" with code {number}") : "";
        var failure = MessageText.EnsurePeriod(text.Message ?? $"{returned}{code} without a reason.");
        var platform = response.PlatformTitle;
        if (kind is Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.WrongEndpoint or Sora2ErrorKind.Authentication
            && ForStatus(response) is { } special)
        {
            return $"{failure} {special}";
        }

        return kind switch
        {
            Sora2ErrorKind.Authentication => $"{failure} Check the API key of {platform} (Sora2ClientOptions.ApiKey).",
            Sora2ErrorKind.PermissionDenied when isAccountBlocked =>
                $"{failure} The account is blocked, and not for lack of money: contact {platform}'s support.",
            Sora2ErrorKind.PermissionDenied when !IsJson(response) =>
                $"{failure} Either the key lacks the permission (check its group at {platform}), or a gateway blocked the request.",
            Sora2ErrorKind.PermissionDenied => $"{failure} {platform} knows the key, but it lacks the permission: check the key's group.",
            Sora2ErrorKind.InsufficientQuota => $"{failure} {TopUp(response, isUncharged: charged == false)}",
            Sora2ErrorKind.RateLimited when response.RetryAfter is { } delay => string.Create(
                CultureInfo.InvariantCulture, $"{failure} Rate limited by {platform}; retry after {delay.TotalSeconds:0} s."),
            Sora2ErrorKind.RateLimited => $"{failure} Rate limited by {platform}; send fewer requests.",
            Sora2ErrorKind.Saturated when isChannel =>
                $"{failure} The error is between {platform} and its own upstream, not in your key or balance."
                + (charged == false ? " The request was not accepted; retry later." : ""),
            Sora2ErrorKind.Saturated when charged == false => $"{failure} The request was not accepted; retry later.",
            Sora2ErrorKind.Saturated => $"{failure} {platform} is busy.",
            Sora2ErrorKind.ModelUnavailable when response.Kind == CallKind.CreateCharacter =>
                $"{failure} No channel of {platform} makes characters for this key: check the key's group, or use another key.",
            Sora2ErrorKind.ModelUnavailable =>
                $"{failure} No channel of {platform} serves this model for this key: check the model's name and the key's group, or "
                + $"choose another model.{KnownModels(response.Platform)}",
            Sora2ErrorKind.TaskNotFound =>
                $"{failure} {platform} does not know task {response.TaskId}: check the id, and that this platform and key created it.",
            Sora2ErrorKind.WrongEndpoint =>
                $"{failure} {response.Request} is not a route there: check Sora2ClientOptions.BaseAddress.",
            Sora2ErrorKind.InputModeration => $"{failure} Change the prompt or the images.",
            _ => failure,
        };
    }

    private static string Redirected(ApiResponse response) =>
        $"{response.Request} was redirected ({(int)response.StatusCode}) to {Redaction.WithoutQuery(response.Location!)}. "
        + "Redirects are not followed, to protect the key and paid requests. "
        + "If the new address is right, set Sora2ClientOptions.BaseAddress to it.";

    private static string TopUp(ApiResponse response, bool isUncharged) =>
        $"Top up the account or raise the key's budget at {response.PlatformTitle}"
        + (ErrorClassifier.IsPaid(response.Kind) && isUncharged ? "; nothing was charged." : ".");

    /// <summary>Returns the cause of a status that has only one, whichever server returned it.</summary>
    private static string? ForStatus(ApiResponse response) => (int)response.StatusCode switch
    {
        400 when StatusRules.IsPlainHttp(response) =>
            "The request went over plain HTTP to a port for HTTPS: Sora2ClientOptions.BaseAddress has to begin with https://.",
        407 => "A proxy on the way asks for credentials: set them on the handler's proxy (docs/hosting.md).",
        413 =>
            $"The request is too large for {response.PlatformTitle} or a gateway in front of it{Size(response.Sent)}. Send "
            + $"{(response.Sent is { Images: 0 } ? "a shorter prompt" : "smaller or fewer images, or images by address")}.",
        414 => "The address of the request is too long.",
        431 => "The headers of the request are too large; the key is the longest of them.",
        _ => null,
    };

    private static string Size(SentSize? sent)
    {
        if (sent is null)
        {
            return "";
        }

        var images = sent.Images == 0 ? "" : $", with {DisplayFormat.Count(sent.Images, "image")} of {Number(sent.ImageBytes)} bytes";
        return $": its body has {Number(sent.Bytes)} bytes{images}";

        static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }

    private static string KnownModels(string platform) =>
        Sora2Platform.BuiltIn.FirstOrDefault(known => known.Name == platform) is { } known
            ? $" Known to this SDK are {string.Join(", ", known.Models.Select(model => model.Name))}."
            : "";

    private static bool IsJson(ApiResponse response) =>
        response.Body.Span.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];
}
