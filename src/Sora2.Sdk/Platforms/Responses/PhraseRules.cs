namespace Sora2.Sdk.Platforms.Responses;

/// <summary>What the codes and phrases of an error response mean.</summary>
internal static class PhraseRules
{
    /// <summary>Returns the meaning of the outermost known code that the caller's own texts do not contain.</summary>
    public static RelayCode FindCode(ApiResponse response, ErrorText text)
    {
        foreach (var word in text.Codes)
        {
            if (RelayCodes.Find(word) is { } code && !response.PromptTexts.Contains(word))
            {
                return code;
            }
        }

        // {"error":"insufficient_quota"}
        return text.Message is { } message && RelayCodes.FindExact(message) is { } exact && !response.PromptTexts.Contains(message)
            ? exact
            : default;
    }

    /// <summary>Returns the kind of the relay's own sentence at the start of the message: the upstream was not involved.</summary>
    public static Sora2ErrorKind? OwnSentenceKind(ApiResponse response, ErrorText text)
    {
        var message = Message(response, text);
        foreach (var (kind, beginnings) in RelayPhrases.OwnSentences)
        {
            if (message.Begins(beginnings))
            {
                return kind;
            }
        }

        return message.Begins(RelayPhrases.Money) ? Sora2ErrorKind.InsufficientQuota : null;
    }

    public static PhraseFinder Message(ApiResponse response, ErrorText text) => new(text.Message ?? "", response.PromptTexts);

    /// <summary>Returns the kind of a refusal by phrases anywhere in its texts.</summary>
    public static Sora2ErrorKind? RefusalKind(PhraseFinder phrases, int status) =>
        Kind(phrases) is { } kind ? kind
        : phrases.Has(RelayPhrases.Accounts) ? Sora2ErrorKind.PermissionDenied // before moderation, which may be the reason
        : status < 500 && phrases.Has(RelayPhrases.Keys) ? Sora2ErrorKind.Authentication
        : status is < 500 and not (400 or 422) && phrases.Has(RelayPhrases.Tokens) ? Sora2ErrorKind.Authentication
        : status is not (401 or 407 or 429) && phrases.Has(RelayPhrases.Moderation) ? ModerationKind(phrases)
        : null;

    public static Sora2ErrorKind? Kind(PhraseFinder phrases) =>
        phrases.Has(RelayPhrases.Money) ? Sora2ErrorKind.InsufficientQuota
        : phrases.Has(RelayPhrases.Models) ? Sora2ErrorKind.ModelUnavailable
        : phrases.Has(RelayPhrases.Busy) ? Sora2ErrorKind.Saturated
        : phrases.Has(RelayPhrases.Tasks) ? Sora2ErrorKind.TaskNotFound
        : phrases.Has(RelayPhrases.Routes) ? Sora2ErrorKind.WrongEndpoint
        : null;

    // "the prompt or the output violates …" names both; then the prompt is what the caller can change.
    public static Sora2ErrorKind ModerationKind(PhraseFinder phrases) =>
        phrases.Has(RelayPhrases.Output) && !phrases.Has(RelayPhrases.Input)
            ? Sora2ErrorKind.OutputModeration
            : Sora2ErrorKind.InputModeration;

    /// <summary>Returns the kind of a transient error by phrases that do not prove that a create was not accepted.</summary>
    public static Sora2ErrorKind? TransientKind(PhraseFinder phrases, int status) =>
        status is 401 or 403 or 404 or 405 or 408 or 429 ? null
        : phrases.Has(RelayPhrases.Busy) ? Sora2ErrorKind.Saturated
        // Under 400 and 422 the phrase may be about a frame rate.
        : status is not (400 or 422) && phrases.Has(RelayPhrases.RateLimits) ? Sora2ErrorKind.RateLimited
        : status is >= 200 and <= 299 && phrases.Has(RelayPhrases.Broken) ? Sora2ErrorKind.ServerError
        : null;
}
