namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Decides the meaning of an error response: its kind, and whether it proves that a create was not accepted.</summary>
/// <remarks>
/// Codes in fields of their own count before sentences, and both before the status, because the relays use statuses loosely: an empty
/// account has been seen as 401, 403 and 429. A status of 3xx or 4xx proves that a create was not accepted, and then any phrase may be the
/// reason. Where the status proves nothing (408, 499, 5xx), a phrase counts only at the start of the message, where the relay's own
/// sentence is, and never if the caller's own texts contain it. Whether the response names a task is decided before, by the task's
/// decoder.
/// </remarks>
internal static class VerdictRules
{
    public static ErrorVerdict ForText(ApiResponse response, ErrorText text)
    {
        if (text.IsFromUpstream)
        {
            return ForUpstream(response, text);
        }

        var status = StatusRules.Effective(response, text);
        var code = PhraseRules.FindCode(response, text);
        if (code.Acceptance == Acceptance.Unknown)
        {
            return new ErrorVerdict(status < 400 ? code.Kind!.Value : StatusRules.Kind(response, text, status), IsRefused: false);
        }

        if (StatusRules.IsRedirect(response))
        {
            return new ErrorVerdict(Sora2ErrorKind.WrongEndpoint, IsRefused: true);
        }

        var isRefused = code.Acceptance == Acceptance.Refused || StatusRules.IsRefusal(status) || ReportsRefusal(response, text);
        if (status == 402)
        {
            return new ErrorVerdict(Sora2ErrorKind.InsufficientQuota, isRefused);
        }

        var phrases = new PhraseFinder(text.Texts, response.PromptTexts);
        var own = PhraseRules.OwnSentenceKind(response, text);
        var kind = code.Acceptance == Acceptance.Refused ? code.Kind ?? own : own ?? code.Kind;
        var isProven = isRefused || own is not null;
        if (kind is null && (isRefused || (status is >= 200 and <= 299 && !phrases.Has(RelayPhrases.Broken))))
        {
            kind = PhraseRules.RefusalKind(phrases, status);
            isProven |= kind is Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.ModelUnavailable
                or Sora2ErrorKind.Authentication or Sora2ErrorKind.PermissionDenied or Sora2ErrorKind.InputModeration;
        }

        if (kind is null && response.Kind == CallKind.Query && PhraseRules.Message(response, text).Begins(RelayPhrases.Tasks))
        {
            kind = Sora2ErrorKind.TaskNotFound;
        }

        kind ??= PhraseRules.TransientKind(phrases, status) ?? StatusRules.Kind(response, text, status);
        var isBlocked = kind == Sora2ErrorKind.PermissionDenied && phrases.Has(RelayPhrases.Accounts);
        return new ErrorVerdict(
            kind.Value, isProven || IsRefusedBySuccess(response, status, kind.Value), IsAccountBlocked: isBlocked);
    }

    /// <summary>Decides the meaning of a web page.</summary>
    /// <remarks>
    /// A page usually comes from a gateway on the way: only with a success or "not found" is it the web site at the address.
    /// </remarks>
    public static ErrorVerdict ForPage(ApiResponse response)
    {
        var status = (int)response.StatusCode;
        var kind = status switch
        {
            402 => Sora2ErrorKind.InsufficientQuota,
            404 when response.Kind == CallKind.Query => Sora2ErrorKind.WrongEndpoint,
            < 400 => Sora2ErrorKind.WrongEndpoint,
            _ => StatusRules.Kind(response, ErrorText.None, status),
        };
        return new ErrorVerdict(kind, StatusRules.IsRefusal(status) || IsRefusedBySuccess(response, status, kind));
    }

    /// <summary>Decides the meaning of an upstream's refusal that the relay passes on with the upstream's status.</summary>
    /// <remarks>
    /// Key, money and route are the relay's own there: its channel is broken, and the next attempt may use another one. Source: new-api,
    /// relay/relay_task.go, as of 2026-09.
    /// </remarks>
    private static ErrorVerdict ForUpstream(ApiResponse response, ErrorText text)
    {
        var isRefused = StatusRules.IsRefusal((int)response.StatusCode) || ReportsRefusal(response, text);
        var code = PhraseRules.FindCode(response, text);
        if (code.Acceptance == Acceptance.Unknown)
        {
            return new ErrorVerdict(Sora2ErrorKind.ServerError, IsRefused: false);
        }

        isRefused |= code.Acceptance == Acceptance.Refused;
        var phrases = new PhraseFinder(text.Texts, response.PromptTexts);
        var own = PhraseRules.OwnSentenceKind(response, text);
        if (code.Kind is Sora2ErrorKind.Authentication or Sora2ErrorKind.InsufficientQuota
            || own == Sora2ErrorKind.InsufficientQuota
            || (!phrases.Has(RelayPhrases.Moderation) && PhraseRules.Message(response, text).Begins(RelayPhrases.UpstreamKeys)))
        {
            return new ErrorVerdict(Sora2ErrorKind.Saturated, IsRefused: true, IsChannel: true);
        }

        var kind = own ?? code.Kind ?? (isRefused ? PhraseRules.RefusalKind(phrases, status: 400) : null);
        if (kind is Sora2ErrorKind.Authentication or Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.PermissionDenied)
        {
            return new ErrorVerdict(Sora2ErrorKind.Saturated, IsRefused: true, IsChannel: true);
        }

        kind ??= PhraseRules.TransientKind(phrases, status: 500);
        if (kind is not null)
        {
            return new ErrorVerdict(kind.Value, isRefused || own is not null, IsChannel: kind == Sora2ErrorKind.Saturated);
        }

        var status = (int)response.StatusCode;
        status = status is 400 or < 300 ? text.InnermostStatus ?? status : status;
        return status switch
        {
            404 when response.Kind == CallKind.Query && response.TaskId is not null =>
                new ErrorVerdict(Sora2ErrorKind.TaskNotFound, isRefused),
            (>= 300 and <= 399) or 401 or 402 or 403 or 404 or 405 or 407 =>
                new ErrorVerdict(Sora2ErrorKind.Saturated, isRefused, IsChannel: true),
            < 300 => new ErrorVerdict(Sora2ErrorKind.ServerError, isRefused),
            _ => new ErrorVerdict(StatusRules.Kind(response, text, status), isRefused),
        };
    }

    /// <summary>Returns whether the body reports a refusal, such as <c>{"id":"","status":"error"}</c>, with 500 as with 200.</summary>
    /// <remarks>A gateway that timed out cannot know.</remarks>
    private static bool ReportsRefusal(ApiResponse response, ErrorText text) =>
        text.IsRefusal && (int)response.StatusCode is not (408 or 499 or 502 or 504 or >= 520);

    /// <summary>Returns whether a success shows that nothing was created: a character without a name, or a page of the web site.</summary>
    private static bool IsRefusedBySuccess(ApiResponse response, int status, Sora2ErrorKind kind) =>
        status is >= 200 and <= 299
        && (kind is Sora2ErrorKind.WrongEndpoint
            || (response.Kind == CallKind.CreateCharacter && kind is not Sora2ErrorKind.UnreadableResponse));
}
