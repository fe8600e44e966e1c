using System.Text;
using Sora2.Sdk.Common;
using Sora2.Sdk.Errors;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>
/// The one place that says what an answer means that is not what was asked for. Codes in fields of their own count before sentences, and
/// both before the status, because the relays use statuses loosely: an empty account has been seen as 401, 403 and 429. The codes and
/// phrases are those of <see cref="RelayPhrases"/>.
/// </summary>
/// <remarks>
/// Of a create, a status of 3xx or 4xx proves that it was not taken, and then any phrase may tell why. Where the status proves nothing
/// (408, 499, 5xx), a phrase counts only at the start of the message, where the relay's own sentence stands, and never if the caller's own
/// words contain it. Whether the answer names a task is decided before, by whoever reads tasks; see <see cref="Classify"/>.
/// </remarks>
internal static class ErrorClassifier
{
    private const int RawBodyLength = 4096;
    private const int MaxWords = 500;

    /// <summary>The error that an answer stands for.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="namedTask">The task that the answer of a paid call names, if it does: then it may have been charged, whatever else the
    /// answer says.</param>
    public static Sora2ApiException Classify(ApiResponse response, string? namedTask = null)
    {
        if (namedTask is not null && Paid(response.Kind))
        {
            response = response with { TaskId = namedTask };
        }

        if (response.IsSuccess && response.Body.IsEmpty)
        {
            return Unreadable(response, "The answer has no body.");
        }

        var isPage = IsHtml(response.Body.Span);
        var text = isPage ? new ErrorText(null, null, "", []) : ErrorText.Parse(response.Body, response.Charset);
        var verdict = isPage ? OfPage(response) : OfText(response, text);
        bool? ofCreate = namedTask is null && verdict.NotTaken ? false : null;
        var charged = MayHaveBeenCharged(response.Kind, response.TaskId, verdict.Kind, ofCreate);
        var message = isPage ? ErrorExplanation.OfPage(response, verdict.Kind) : ErrorExplanation.Create(response, verdict, text, charged);
        return Create(response, verdict.Kind, message, text.RequestId, charged);
    }

    /// <summary>An answer that cannot be read as what was asked for.</summary>
    public static Sora2ApiException Unreadable(ApiResponse response, string what, Exception? cause = null)
    {
        if (IsHtml(response.Body.Span))
        {
            return Classify(response);
        }

        var isText = response.Body.Span.TrimStart(" \t\r\n"u8) is not ([] or [(byte)'{' or (byte)'[', ..]);
        var said = isText ? Words(response.Body, response.Charset) : "";
        return Create(
            response,
            Sora2ErrorKind.UnreadableResponse,
            $"{what} ({response.Request} answered {(int)response.StatusCode}{(said.Length == 0 ? "." : $": {MessageText.EnsurePeriod(said)}")})",
            requestId: null,
            MayHaveBeenCharged(response.Kind, response.TaskId, Sora2ErrorKind.UnreadableResponse, null),
            cause);
    }

    /// <summary>What a failed task failed of, by the platform's words and codes.</summary>
    public static Sora2ErrorKind KindOfFailure(VideoTask task)
    {
        var kind = KindOfFailure(task.FailureReason);
        if (kind != Sora2ErrorKind.TaskFailed || task.RawResponse.Json.IsEmpty)
        {
            return kind;
        }

        var ofCodes = ErrorText.Parse(task.RawResponse.Json).Codes.Select(code => RelayPhrases.CodeOf(code)?.Kind);
        return ofCodes.FirstOrDefault(IsOfFailures) ?? kind;

        static bool IsOfFailures(Sora2ErrorKind? kind) =>
            kind is Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration or Sora2ErrorKind.InsufficientQuota;
    }

    /// <summary>What a failed task failed of, by the platform's words.</summary>
    public static Sora2ErrorKind KindOfFailure(string? reason)
    {
        var words = new PhraseFinder(reason ?? "", PromptTexts.None);
        return words.Has(RelayPhrases.Moderation) ? KindOfModeration(words)
            : RelayPhrases.CodeOf(reason?.Trim() ?? "")?.Kind is { } ofCode ? ofCode
            : KindOfWords(words) ?? Sora2ErrorKind.TaskFailed;
    }

    /// <summary>Whether a call of this kind costs money when it is accepted.</summary>
    public static bool Paid(CallKind kind) => kind is not (CallKind.Query or CallKind.Media);

    /// <summary>A body as it may be shown: capped, and without the key or anything that looks like one.</summary>
    public static string RawBody(ReadOnlyMemory<byte> body, string? key, string? charset = null)
    {
        var text = Redaction.Mask(BodyText.Beginning(body, charset, RawBodyLength * 4), key);
        return text.Length > RawBodyLength ? text[..RawBodyLength] : text;
    }

    /// <summary>What a body that should not be there says, in a few words.</summary>
    public static string Words(ReadOnlyMemory<byte> body, string? charset = null)
    {
        if (ErrorExplanation.Title(body.Span) is { } title)
        {
            return $"a web page titled \"{title}\"";
        }

        var words = ErrorText.Parse(body, charset).Message ?? RawBody(body, key: null, charset).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        return words.Length > MaxWords ? words[..MaxWords] + "…" : words;
    }

    /// <summary>
    /// What an error says about money: of a create what its answer proves; of a question that its task was accepted, unless the platform
    /// does not know it.
    /// </summary>
    public static bool? MayHaveBeenCharged(CallKind call, string? taskId, Sora2ErrorKind kind, bool? ofCreate) =>
        Paid(call) ? ofCreate
        : taskId is null ? false
        : kind == Sora2ErrorKind.TaskNotFound ? null
        : true;

    private static ErrorVerdict OfText(ApiResponse response, ErrorText text)
    {
        if (text.IsFromUpstream)
        {
            return OfUpstream(response, text);
        }

        var status = StatusOf(response, text);
        var code = CodeOf(response, text);
        if (code.SendProof == SendProof.Open)
        {
            return new ErrorVerdict(status < 400 ? code.Kind!.Value : KindOfStatus(response, text, status), NotTaken: false);
        }

        if (IsRedirect(response))
        {
            return new ErrorVerdict(Sora2ErrorKind.WrongEndpoint, NotTaken: true);
        }

        var isRefused = code.SendProof == SendProof.NotTaken || IsRefusal(status) || SaysRefused(response, text);
        if (status == 402)
        {
            return new ErrorVerdict(Sora2ErrorKind.InsufficientQuota, isRefused);
        }

        var words = new PhraseFinder(text.Texts, response.PromptTexts);
        var own = OwnSentence(response, text);
        var kind = code.SendProof == SendProof.NotTaken ? code.Kind ?? own : own ?? code.Kind;
        var isProven = isRefused || own is not null;
        if (kind is null && (isRefused || (status is >= 200 and <= 299 && !words.Has(RelayPhrases.Broken))))
        {
            kind = KindOfRefusal(words, status);
            isProven |= kind is Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.ModelUnavailable
                or Sora2ErrorKind.Authentication or Sora2ErrorKind.InputModeration;
        }

        if (kind is null && response.Kind == CallKind.Query && MessageOf(response, text).Begins(RelayPhrases.Tasks))
        {
            kind = Sora2ErrorKind.TaskNotFound;
        }

        kind ??= KindOfPassing(words, status) ?? KindOfStatus(response, text, status);
        return new ErrorVerdict(kind.Value, isProven || IsRefusedBySuccess(response, status, kind.Value));
    }

    /// <summary>
    /// What an upstream refused and the relay passes on, with the upstream's status. Key, money and route are the relay's own there: its
    /// channel is broken, and the next try may meet another one. Source: new-api, relay/relay_task.go, as of 2026-09.
    /// </summary>
    private static ErrorVerdict OfUpstream(ApiResponse response, ErrorText text)
    {
        var refused = IsRefusal((int)response.StatusCode) || SaysRefused(response, text);
        var code = CodeOf(response, text);
        if (code.SendProof == SendProof.Open)
        {
            return new ErrorVerdict(Sora2ErrorKind.ServerError, NotTaken: false);
        }

        refused |= code.SendProof == SendProof.NotTaken;
        var words = new PhraseFinder(text.Texts, response.PromptTexts);
        var own = OwnSentence(response, text);
        if (code.Kind is Sora2ErrorKind.Authentication or Sora2ErrorKind.InsufficientQuota
            || own == Sora2ErrorKind.InsufficientQuota
            || (!words.Has(RelayPhrases.Moderation) && MessageOf(response, text).Begins(RelayPhrases.UpstreamKeys)))
        {
            return new ErrorVerdict(Sora2ErrorKind.Saturated, NotTaken: true, IsChannel: true);
        }

        var kind = own ?? code.Kind ?? (refused ? KindOfRefusal(words, status: 400) : null);
        if (kind is Sora2ErrorKind.Authentication or Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.PermissionDenied)
        {
            return new ErrorVerdict(Sora2ErrorKind.Saturated, NotTaken: true, IsChannel: true);
        }

        kind ??= KindOfPassing(words, status: 500);
        if (kind is not null)
        {
            return new ErrorVerdict(kind.Value, refused || own is not null, IsChannel: kind == Sora2ErrorKind.Saturated);
        }

        var status = (int)response.StatusCode is 400 or < 300 ? text.InnermostStatus ?? (int)response.StatusCode : (int)response.StatusCode;
        return status switch
        {
            404 when response.Kind == CallKind.Query && response.TaskId is not null =>
                new ErrorVerdict(Sora2ErrorKind.TaskNotFound, refused),
            (>= 300 and <= 399) or 401 or 402 or 403 or 404 or 405 or 407 =>
                new ErrorVerdict(Sora2ErrorKind.Saturated, NotTaken: refused, IsChannel: true),
            < 300 => new ErrorVerdict(Sora2ErrorKind.ServerError, NotTaken: refused),
            _ => new ErrorVerdict(KindOfStatus(response, text, status), refused),
        };
    }

    /// <summary>What the outermost known code stands for. One that may be a quote of the caller's words does not count.</summary>
    private static RelayCode CodeOf(ApiResponse response, ErrorText text)
    {
        foreach (var word in text.Codes)
        {
            if (RelayPhrases.CodeOf(word) is { } code && !response.PromptTexts.Contains(word))
            {
                return code;
            }
        }

        // {"error":"insufficient_quota"}
        return text.Message is { } message && RelayPhrases.Named(message) is { } named && !response.PromptTexts.Contains(message)
            ? named
            : default;
    }

    /// <summary>
    /// What the relay's own sentence at the start of the message says: such an answer comes before the upstream is asked.
    /// </summary>
    private static Sora2ErrorKind? OwnSentence(ApiResponse response, ErrorText text)
    {
        var message = MessageOf(response, text);
        foreach (var (kind, beginnings) in RelayPhrases.OwnSentences)
        {
            if (message.Begins(beginnings))
            {
                return kind;
            }
        }

        return message.Begins(RelayPhrases.Money) ? Sora2ErrorKind.InsufficientQuota : null;
    }

    private static PhraseFinder MessageOf(ApiResponse response, ErrorText text) => new(text.Message ?? "", response.PromptTexts);

    /// <summary>Why a request was refused, by words anywhere in an answer that refuses it.</summary>
    private static Sora2ErrorKind? KindOfRefusal(PhraseFinder words, int status) =>
        KindOfWords(words) is { } kind ? kind
        : status < 500 && words.Has(RelayPhrases.Keys) ? Sora2ErrorKind.Authentication
        : status is < 500 and not (400 or 422) && words.Has(RelayPhrases.Tokens) ? Sora2ErrorKind.Authentication
        : status is not (401 or 407 or 429) && words.Has(RelayPhrases.Moderation) ? KindOfModeration(words)
        : null;

    private static Sora2ErrorKind? KindOfWords(PhraseFinder words) =>
        words.Has(RelayPhrases.Money) ? Sora2ErrorKind.InsufficientQuota
        : words.Has(RelayPhrases.Models) ? Sora2ErrorKind.ModelUnavailable
        : words.Has(RelayPhrases.Busy) ? Sora2ErrorKind.Saturated
        : words.Has(RelayPhrases.Tasks) ? Sora2ErrorKind.TaskNotFound
        : words.Has(RelayPhrases.Routes) ? Sora2ErrorKind.WrongEndpoint
        : null;

    // "the prompt or the output violates …" names both; then the prompt is what the caller can change.
    private static Sora2ErrorKind KindOfModeration(PhraseFinder words) =>
        words.Has(RelayPhrases.Output) && !words.Has(RelayPhrases.Input) ? Sora2ErrorKind.OutputModeration : Sora2ErrorKind.InputModeration;

    /// <summary>What passes by itself, by words that only name it: they do not prove that a create was not taken.</summary>
    private static Sora2ErrorKind? KindOfPassing(PhraseFinder words, int status) =>
        status is 401 or 403 or 404 or 405 or 408 or 429 ? null
        : words.Has(RelayPhrases.Busy) ? Sora2ErrorKind.Saturated
        : status is not (400 or 422) && words.Has(RelayPhrases.Pace) ? Sora2ErrorKind.RateLimited // with these it may be a frame rate
        : status is >= 200 and <= 299 && words.Has(RelayPhrases.Broken) ? Sora2ErrorKind.ServerError
        : null;

    private static Sora2ErrorKind KindOfStatus(ApiResponse response, ErrorText text, int status) => status switch
    {
        401 or 407 => Sora2ErrorKind.Authentication,
        403 or 451 => Sora2ErrorKind.PermissionDenied,
        404 when response.Kind == CallKind.Query && response.TaskId is not null => Sora2ErrorKind.TaskNotFound,
        400 when IsPlainHttp(response) => Sora2ErrorKind.WrongEndpoint,
        404 or 405 => Sora2ErrorKind.WrongEndpoint,
        408 => Sora2ErrorKind.Timeout,
        429 => Sora2ErrorKind.RateLimited,
        455 => Sora2ErrorKind.ServerError, // "under maintenance", in envelopes of 2026
        >= 500 => Sora2ErrorKind.ServerError,
        >= 400 => Sora2ErrorKind.InvalidRequest,
        >= 300 => Sora2ErrorKind.WrongEndpoint,
        // A success status over an error body: the body says it was refused, not why.
        _ => text.Message is null && text.EnvelopeCode is null ? Sora2ErrorKind.UnreadableResponse : Sora2ErrorKind.Unknown,
    };

    /// <summary>The status that an answer stands for: under a success, and under a bare 400, that of the envelope.</summary>
    private static int StatusOf(ApiResponse response, ErrorText text)
    {
        var status = (int)response.StatusCode;
        return text.EnvelopeCode is not (> 0 and var code) ? status
            : response.IsSuccess ? code
            : status == 400 && code is 401 or 402 or 403 or 429 ? code
            : status;
    }

    /// <summary>
    /// Whether a status proves that a create was not taken. A bare 5xx proves nothing: the relay may have passed the request on.
    /// </summary>
    private static bool IsRefusal(int status) => status is >= 300 and <= 499 and not (408 or 499);

    /// <summary>{"id":"","status":"error"} is a refusal, with 500 as with 200. A gateway that gave up waiting does not know.</summary>
    private static bool SaysRefused(ApiResponse response, ErrorText text) =>
        text.IsRefusal && (int)response.StatusCode is not (408 or 499 or 502 or 504 or >= 520);

    /// <summary>
    /// A success that shows that nothing was made: a character without a name. A task is not made by a page of the web site, either.
    /// </summary>
    private static bool IsRefusedBySuccess(ApiResponse response, int status, Sora2ErrorKind kind) =>
        status is >= 200 and <= 299
        && (kind is Sora2ErrorKind.WrongEndpoint
            || (response.Kind == CallKind.CreateCharacter && kind is not Sora2ErrorKind.UnreadableResponse));

    public static bool IsRedirect(ApiResponse response) => (int)response.StatusCode is >= 300 and <= 399;

    public static bool IsPlainHttp(ApiResponse response) =>
        new PhraseFinder(BodyText.Beginning(response.Body, response.Charset, 4096), response.PromptTexts).Has(RelayPhrases.PlainHttp);

    /// <summary>
    /// A page comes from something on the way, as a rule: only with a success or "not found" is it the web site that stands at the address.
    /// </summary>
    private static ErrorVerdict OfPage(ApiResponse response)
    {
        var status = (int)response.StatusCode;
        var kind = status switch
        {
            402 => Sora2ErrorKind.InsufficientQuota,
            404 when response.Kind == CallKind.Query => Sora2ErrorKind.WrongEndpoint,
            < 400 => Sora2ErrorKind.WrongEndpoint,
            _ => KindOfStatus(response, new ErrorText(null, null, "", []), status),
        };
        return new ErrorVerdict(kind, IsRefusal(status) || IsRefusedBySuccess(response, status, kind));
    }

    private static Sora2ApiException Create(
        ApiResponse response, Sora2ErrorKind kind, string message, string? requestId, bool? mayHaveBeenCharged, Exception? cause = null) =>
        new(kind, Redaction.Mask(message, response.Key), RedactedCause.Redact(cause, text => Redaction.Mask(text, response.Key)))
        {
            IsTransient = ErrorKindDefaults.IsTransient(kind),
            MayHaveBeenCharged = mayHaveBeenCharged,
            Platform = response.Platform,
            TaskId = response.TaskId,
            RequestId = requestId ?? response.RequestId,
            Request = $"{response.Method} {response.Address.AbsolutePath}",
            StatusCode = response.StatusCode,
            RetryAfter = response.RetryAfter,
            RawBody = RawBody(response.Body, response.Key, response.Charset),
        };

    /// <summary>A page, and not a notice of PHP before the JSON that was asked for.</summary>
    private static bool IsHtml(ReadOnlySpan<byte> body)
    {
        var start = body.TrimStart("\uFEFF \t\r\n"u8);
        return start.StartsWith("<"u8) && (start.IndexOf("{\""u8) < 0 || Begins(start, "<html"u8) || Begins(start, "<!doctype"u8));

        static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> beginning) =>
            text.Length >= beginning.Length && Ascii.EqualsIgnoreCase(text[..beginning.Length], beginning);
    }
}
