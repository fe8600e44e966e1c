using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk;

/// <summary>
/// The one place that says what an answer means that is not what was asked for. Codes in fields of their own count before sentences, and both before the status, because the relays use
/// statuses loosely: an empty account has been seen as 401, 403 and 429. The codes and phrases are those of <see cref="RelayPhrases"/>.
/// </summary>
/// <remarks>
/// Of a create, a status of 3xx or 4xx proves that it was not taken, and then any phrase may tell why. Where the status proves nothing (408, 499, 5xx), a phrase counts only at the start of
/// the message, where the relay's own sentence stands, and never if the caller's own words contain it.
/// Whether the answer names a task is decided before, by whoever reads tasks; see <see cref="Classify"/>.
/// </remarks>
internal static partial class ErrorClassifier
{
    private const int RawBodyLength = 4096;
    private const int MaxWords = 500;

    /// <summary>What an answer means.</summary>
    /// <param name="Kind">What went wrong.</param>
    /// <param name="NotTaken">Whether it proves that a create was not taken.</param>
    /// <param name="IsChannel">Whether it is about what is between the relay and its upstream.</param>
    private readonly record struct Verdict(Sora2ErrorKind Kind, bool NotTaken, bool IsChannel = false);

    /// <summary>The error that an answer stands for.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="namedTask">The task that the answer of a paid call names, if it does: then it may have been charged, whatever else the answer says.</param>
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
        var text = isPage ? new ErrorText(null, null, "", []) : ErrorText.Of(response.Body, response.Charset);
        var verdict = isPage ? OfPage(response) : OfText(response, text);
        var charged = MayHaveBeenCharged(response.Kind, response.TaskId, verdict.Kind, namedTask is null && verdict.NotTaken ? false : null);
        return Create(response, verdict.Kind, isPage ? ExplainPage(response, verdict.Kind) : Explain(response, verdict, text, charged), text.RequestId, charged);
    }

    /// <summary>An answer that cannot be read as what was asked for.</summary>
    public static Sora2ApiException Unreadable(ApiResponse response, string what, Exception? cause = null)
    {
        if (IsHtml(response.Body.Span))
        {
            return Classify(response);
        }

        var said = response.Body.Span.TrimStart(" \t\r\n"u8) is [] or [(byte)'{' or (byte)'[', ..] ? null : Words(response.Body, response.Charset);
        return Create(
            response, Sora2ErrorKind.UnreadableAnswer, $"{what} ({response.Request} answered {(int)response.StatusCode}{(string.IsNullOrEmpty(said) ? "." : $": {Sentence.Ended(said)}")})", null,
            MayHaveBeenCharged(response.Kind, response.TaskId, Sora2ErrorKind.UnreadableAnswer, null), cause);
    }

    /// <summary>What a failed task failed of, by the platform's words and codes.</summary>
    public static Sora2ErrorKind KindOfFailure(VideoTask task)
    {
        var kind = KindOfFailure(task.FailureReason);
        return kind != Sora2ErrorKind.TaskFailed || task.RawAnswer.Json.IsEmpty ? kind
            : ErrorText.Of(task.RawAnswer.Json).Codes.Select(RelayPhrases.Of).FirstOrDefault(code => code?.Kind is Sora2ErrorKind.InputModeration or Sora2ErrorKind.OutputModeration or Sora2ErrorKind.InsufficientQuota)?.Kind ?? kind;
    }

    /// <summary>What a failed task failed of, by the platform's words.</summary>
    public static Sora2ErrorKind KindOfFailure(string? reason)
    {
        var words = new PhraseFinder(reason ?? "", CallerWords.None);
        return words.Has(RelayPhrases.Moderation) ? KindOfModeration(words)
            : RelayPhrases.Of(reason?.Trim() ?? "")?.Kind is { } ofCode ? ofCode
            : KindOfWords(words) ?? Sora2ErrorKind.TaskFailed;
    }

    public static bool IsTransient(Sora2ErrorKind kind) => kind is
        Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated or Sora2ErrorKind.ServerError or Sora2ErrorKind.UnreadableAnswer or Sora2ErrorKind.Network or Sora2ErrorKind.Timeout;

    /// <summary>What <see cref="Sora2Exception.MayHaveBeenCharged"/> is for a kind of which nothing else is known; the table of docs/errors.md.</summary>
    public static bool? MayHaveBeenCharged(Sora2ErrorKind kind) => kind switch
    {
        Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.Authentication or Sora2ErrorKind.PermissionDenied or Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated
            or Sora2ErrorKind.ModelUnavailable or Sora2ErrorKind.TaskNotFound or Sora2ErrorKind.InputModeration or Sora2ErrorKind.WrongEndpoint => false,
        Sora2ErrorKind.WaitTimeout or Sora2ErrorKind.Download => true,
        _ => null,
    };

    /// <summary>Whether a call of this kind costs money when it is accepted.</summary>
    public static bool Paid(CallKind kind) => kind is not CallKind.Query;

    /// <summary>A body as it may be shown: capped, and without the key or anything that looks like one.</summary>
    public static string RawBody(ReadOnlyMemory<byte> body, string? key, string? charset = null)
    {
        var text = Redaction.Mask(BodyText.Beginning(body, charset, RawBodyLength * 4), key);
        return text.Length > RawBodyLength ? text[..RawBodyLength] : text;
    }

    /// <summary>What a body that should not be there says, in a few words.</summary>
    public static string Words(ReadOnlyMemory<byte> body, string? charset = null)
    {
        if (Title(body.Span) is { } title)
        {
            return $"a web page titled \"{title}\"";
        }

        var words = ErrorText.Of(body, charset).Message ?? RawBody(body, key: null, charset).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        return words.Length > MaxWords ? words[..MaxWords] + "…" : words;
    }

    /// <summary>What an error says about money: of a create what its answer proves; of a question that its task was accepted, unless the platform does not know it.</summary>
    public static bool? MayHaveBeenCharged(CallKind call, string? taskId, Sora2ErrorKind kind, bool? ofCreate) =>
        Paid(call) ? ofCreate
        : taskId is null ? false
        : kind == Sora2ErrorKind.TaskNotFound ? null
        : true;

    private static Verdict OfText(ApiResponse response, ErrorText text)
    {
        if (text.IsFromUpstream)
        {
            return OfUpstream(response, text);
        }

        var status = StatusOf(response, text);
        var code = CodeOf(response, text);
        if (code.Proof == Proof.Open)
        {
            return new Verdict(status < 400 ? code.Kind!.Value : KindOfStatus(response, text, status), NotTaken: false);
        }

        if (IsRedirect(response))
        {
            return new Verdict(Sora2ErrorKind.WrongEndpoint, NotTaken: true);
        }

        var isRefused = code.Proof == Proof.NotTaken || IsRefusal(status) || SaysRefused(response, text);
        if (status == 402)
        {
            return new Verdict(Sora2ErrorKind.InsufficientQuota, isRefused);
        }

        var words = new PhraseFinder(text.Texts, response.CallerWords);
        var own = OwnSentence(response, text);
        var kind = code.Proof == Proof.NotTaken ? code.Kind ?? own : own ?? code.Kind;
        var isProven = isRefused || own is not null;
        if (kind is null && (isRefused || (status is >= 200 and <= 299 && !words.Has(RelayPhrases.Broken))))
        {
            kind = KindOfRefusal(words, status);
            isProven |= kind is Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.ModelUnavailable or Sora2ErrorKind.Authentication or Sora2ErrorKind.InputModeration;
        }

        if (kind is null && response.Kind == CallKind.Query && new PhraseFinder(text.Message ?? "", response.CallerWords).Begins(RelayPhrases.Tasks))
        {
            kind = Sora2ErrorKind.TaskNotFound;
        }

        kind ??= KindOfPassing(words, status) ?? KindOfStatus(response, text, status);
        return new Verdict(kind.Value, isProven || IsRefusedBySuccess(response, status, kind.Value));
    }

    /// <summary>
    /// What an upstream refused and the relay passes on, with the upstream's status. Key, money and route are the relay's own there: its channel is broken, and the next try may meet another
    /// one. Source: new-api, relay/relay_task.go, as of 2026-09.
    /// </summary>
    private static Verdict OfUpstream(ApiResponse response, ErrorText text)
    {
        var refused = IsRefusal((int)response.StatusCode) || SaysRefused(response, text);
        var code = CodeOf(response, text);
        if (code.Proof == Proof.Open)
        {
            return new Verdict(Sora2ErrorKind.ServerError, NotTaken: false);
        }

        refused |= code.Proof == Proof.NotTaken;
        var words = new PhraseFinder(text.Texts, response.CallerWords);
        var beginning = new PhraseFinder(text.Message ?? "", response.CallerWords);
        var own = OwnSentence(response, text);
        if (code.Kind is Sora2ErrorKind.Authentication or Sora2ErrorKind.InsufficientQuota || own == Sora2ErrorKind.InsufficientQuota || (!words.Has(RelayPhrases.Moderation) && beginning.Begins(RelayPhrases.UpstreamKeys)))
        {
            return new Verdict(Sora2ErrorKind.Saturated, NotTaken: true, IsChannel: true);
        }

        var kind = own ?? code.Kind ?? (refused ? KindOfRefusal(words, status: 400) : null);
        if (kind is Sora2ErrorKind.Authentication or Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.PermissionDenied)
        {
            return new Verdict(Sora2ErrorKind.Saturated, NotTaken: true, IsChannel: true);
        }

        kind ??= KindOfPassing(words, (int)response.StatusCode);
        if (kind is not null)
        {
            return new Verdict(kind.Value, refused || own is not null, IsChannel: kind == Sora2ErrorKind.Saturated);
        }

        var status = text.Codes.Select(word => int.TryParse(word, CultureInfo.InvariantCulture, out var number) && number is >= 400 and <= 599 ? number : 0).LastOrDefault(number => number != 0) is not 0 and var inner && (int)response.StatusCode is 400 or < 300
            ? inner
            : (int)response.StatusCode;
        return status switch
        {
            404 when response.Kind == CallKind.Query && response.TaskId is not null => new Verdict(Sora2ErrorKind.TaskNotFound, refused),
            (>= 300 and <= 399) or 401 or 402 or 403 or 404 or 405 or 407 => new Verdict(Sora2ErrorKind.Saturated, NotTaken: refused, IsChannel: true),
            < 300 => new Verdict(Sora2ErrorKind.ServerError, NotTaken: refused),
            _ => new Verdict(KindOfStatus(response, text, status), refused),
        };
    }

    /// <summary>What the outermost known code stands for. One that may be a quote of the caller's words does not count.</summary>
    private static RelayCode CodeOf(ApiResponse response, ErrorText text)
    {
        foreach (var word in text.Codes)
        {
            if (RelayPhrases.Of(word) is { } code && !response.CallerWords.Contain(word))
            {
                return code;
            }
        }

        // {"error":"insufficient_quota"}
        return text.Message is { } message && RelayPhrases.Named(message) is { } named && !response.CallerWords.Contain(message) ? named : default;
    }

    /// <summary>What the relay's own sentence at the start of the message says: such an answer comes before the upstream is asked.</summary>
    private static Sora2ErrorKind? OwnSentence(ApiResponse response, ErrorText text)
    {
        var message = new PhraseFinder(text.Message ?? "", response.CallerWords);
        foreach (var (kind, beginnings) in RelayPhrases.OwnSentences)
        {
            if (message.Begins(beginnings))
            {
                return kind;
            }
        }

        return message.Begins(RelayPhrases.Money) ? Sora2ErrorKind.InsufficientQuota : null;
    }

    /// <summary>Why a request was refused, by words anywhere in an answer that refuses it.</summary>
    private static Sora2ErrorKind? KindOfRefusal(PhraseFinder words, int status) =>
        KindOfWords(words) is { } kind ? kind
        : status < 500 && words.Has(RelayPhrases.Keys) ? Sora2ErrorKind.Authentication
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
        : words.Has(RelayPhrases.Pace) ? Sora2ErrorKind.RateLimited
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
        _ => text.Message is null && text.EnvelopeCode is null ? Sora2ErrorKind.UnreadableAnswer : Sora2ErrorKind.Unknown,
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

    /// <summary>Whether a status proves that a create was not taken. A bare 5xx proves nothing: the relay may have passed the request on.</summary>
    private static bool IsRefusal(int status) => status is >= 300 and <= 499 and not (408 or 499);

    /// <summary>{"id":"","status":"error"} is a refusal, with 500 as with 200. A gateway that gave up waiting does not know.</summary>
    private static bool SaysRefused(ApiResponse response, ErrorText text) => text.IsRefusal && (int)response.StatusCode is not (408 or 499 or 502 or 504 or >= 520);

    /// <summary>A success that shows that nothing was made: a character without a name. A task is not made by a page of the web site, either.</summary>
    private static bool IsRefusedBySuccess(ApiResponse response, int status, Sora2ErrorKind kind) =>
        status is >= 200 and <= 299 && (kind is Sora2ErrorKind.WrongEndpoint || (response.Kind == CallKind.CreateCharacter && kind is not Sora2ErrorKind.UnreadableAnswer));

    private static bool IsRedirect(ApiResponse response) => (int)response.StatusCode is >= 300 and <= 399;

    private static bool IsPlainHttp(ApiResponse response) => new PhraseFinder(BodyText.Beginning(response.Body, response.Charset, 4096), response.CallerWords).Has(RelayPhrases.PlainHttp);

    /// <summary>A page comes from something on the way, as a rule: only with a success or "not found" is it the web site that stands at the address.</summary>
    private static Verdict OfPage(ApiResponse response)
    {
        var status = (int)response.StatusCode;
        var kind = status switch
        {
            402 => Sora2ErrorKind.InsufficientQuota,
            404 when response.Kind == CallKind.Query => Sora2ErrorKind.WrongEndpoint,
            < 400 => Sora2ErrorKind.WrongEndpoint,
            _ => KindOfStatus(response, new ErrorText(null, null, "", []), status),
        };
        return new Verdict(kind, IsRefusal(status) || IsRefusedBySuccess(response, status, kind));
    }

    private static string ExplainPage(ApiResponse response, Sora2ErrorKind kind)
    {
        if (IsRedirect(response) && response.Location is not null)
        {
            return Redirected(response);
        }

        var status = (int)response.StatusCode;
        var platform = response.PlatformTitle;
        var title = Title(response.Body.Span);
        var said = $"{response.Request} answered {status} with {(title is not null ? $"a web page titled \"{title}\"" : XmlText(response) is { } xml ? $"XML that says \"{xml}\"" : "a web page")} instead of JSON";
        if (Special(response) is { } special)
        {
            return $"{said}. {special}";
        }

        if (title is not null && kind is Sora2ErrorKind.WrongEndpoint or Sora2ErrorKind.ServerError && new PhraseFinder(title, CallerWords.None).Has(RelayPhrases.Barriers))
        {
            kind = Sora2ErrorKind.PermissionDenied; // for the advice; of a create it stays unknown what became of it
        }

        return kind switch
        {
            Sora2ErrorKind.WrongEndpoint => $"{said}. Check Sora2ClientOptions.BaseAddress: it has to be the address of {platform}'s API.",
            Sora2ErrorKind.Authentication => $"{said}. Check the API key of {platform} (Sora2ClientOptions.ApiKey), and whether something on the way asks for a login.",
            Sora2ErrorKind.InsufficientQuota => $"{said}. Top up the account or raise the key's budget at {platform}{(Paid(response.Kind) ? "; nothing was charged" : "")}.",
            Sora2ErrorKind.PermissionDenied => $"{said}. The request was blocked on the way, before {platform}'s API: by a firewall, a proxy or a check for browsers. Try from another network, or ask {platform} to let this address in.",
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
        $"{response.Request} was redirected ({(int)response.StatusCode}) to {Redaction.WithoutQuery(response.Location!)}. Redirects are not followed, so that neither the key nor a paid request goes astray. If the new address is right, set Sora2ClientOptions.BaseAddress to it.";

    /// <summary>What a status means that has one cause, whoever answered it.</summary>
    private static string? Special(ApiResponse response) => (int)response.StatusCode switch
    {
        400 when IsPlainHttp(response) => "The request went over plain HTTP to a port for HTTPS: Sora2ClientOptions.BaseAddress has to begin with https://.",
        407 => "A proxy on the way asks for credentials: set them on the handler's proxy (docs/hosting.md).",
        413 => $"The request is too large for {response.PlatformTitle} or a gateway before it{SizeOf(response.Sent)}. Send {(response.Sent is { Images: 0 } ? "a shorter prompt" : "smaller or fewer images, or images by address")}.",
        414 => "The address of the request is too long.",
        431 => "The headers of the request are too large; the key is the longest of them.",
        _ => null,
    };

    private static string SizeOf(SentSize? sent) => sent is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $": its body has {sent.Bytes:N0} bytes{(sent.Images == 0 ? "" : $", with {OneLine.Count(sent.Images, "image")} of {sent.ImageBytes:N0} bytes")}");

    private static string Explain(ApiResponse response, Verdict verdict, ErrorText text, bool? charged)
    {
        var (kind, _, isChannel) = verdict;
        var status = (int)response.StatusCode;
        if (IsRedirect(response) && !isChannel)
        {
            return response.Location is not null ? Redirected(response)
                : Sentence.Ended(text.Message ?? $"{response.Request} answered {status} and no address to go to") + " Check Sora2ClientOptions.BaseAddress.";
        }

        var said = Sentence.Ended(text.Message ?? $"{response.Request} answered {status}{(text.EnvelopeCode is { } code ? string.Create(CultureInfo.InvariantCulture, $" with code {code}") : "")} without a reason.");
        var platform = response.PlatformTitle;
        if (Special(response) is { } special && kind is Sora2ErrorKind.InvalidRequest or Sora2ErrorKind.WrongEndpoint or Sora2ErrorKind.Authentication)
        {
            return $"{said} {special}";
        }

        return kind switch
        {
            Sora2ErrorKind.Authentication => $"{said} Check the API key of {platform} (Sora2ClientOptions.ApiKey).",
            Sora2ErrorKind.PermissionDenied when !IsJson(response) => $"{said} Either the key may not do this (check its group at {platform}), or something on the way blocked the request.",
            Sora2ErrorKind.PermissionDenied => $"{said} The key is known to {platform} but may not do this: check the key's group.",
            Sora2ErrorKind.InsufficientQuota => $"{said} Top up the account or raise the key's budget at {platform}{(Paid(response.Kind) && charged == false ? "; nothing was charged" : "")}.",
            Sora2ErrorKind.RateLimited => $"{said} {platform} wants fewer requests{(response.RetryAfter is { } wait ? string.Create(CultureInfo.InvariantCulture, $": try again in {wait.TotalSeconds:0} s") : "")}.",
            Sora2ErrorKind.Saturated when isChannel => $"{said} The trouble is between {platform} and its own upstream, not with your key or balance.{(charged is null ? "" : " The request was not taken;")} {(charged is null ? "Try" : "try")} again in a little while.",
            Sora2ErrorKind.Saturated when charged == false => $"{said} The request was not taken; try again in a little while.",
            Sora2ErrorKind.Saturated => $"{said} {platform} is busy.",
            Sora2ErrorKind.ModelUnavailable when response.Kind == CallKind.CreateCharacter => $"{said} No channel of {platform} makes characters for this key: check the key's group, or use another key.",
            Sora2ErrorKind.ModelUnavailable => $"{said} No channel of {platform} serves this model for this key: check the model's name and the key's group, or choose another model.{KnownModels(response.Platform)}",
            Sora2ErrorKind.TaskNotFound => $"{said} {platform} does not know task {response.TaskId}: check the id, and that it was created with this platform and key.",
            Sora2ErrorKind.WrongEndpoint => $"{said} {response.Request} is not a route there: check Sora2ClientOptions.BaseAddress.",
            Sora2ErrorKind.InputModeration => $"{said} Change the prompt or the images.",
            _ => said,
        };
    }

    private static string KnownModels(string platform) =>
        Sora2Platform.BuiltIn.FirstOrDefault(known => known.Name == platform) is { } known ? $" Known to this SDK are {string.Join(", ", known.Models.Select(model => model.Name))}." : "";

    private static Sora2ApiException Create(ApiResponse response, Sora2ErrorKind kind, string message, string? requestId, bool? mayHaveBeenCharged, Exception? cause = null) => new(kind, Redaction.Mask(message, response.Key), cause)
    {
        IsTransient = IsTransient(kind),
        MayHaveBeenCharged = mayHaveBeenCharged,
        Platform = response.Platform,
        TaskId = response.TaskId,
        RequestId = requestId ?? response.RequestId,
        Request = $"{response.Method} {response.Address.AbsolutePath}",
        StatusCode = response.StatusCode,
        RetryAfter = response.RetryAfter,
        RawBody = RawBody(response.Body, response.Key, response.Charset),
    };

    private static bool IsJson(ApiResponse response) => response.Body.Span.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{' or (byte)'[' or (byte)'"', ..];

    /// <summary>A page, and not a notice of PHP before the JSON that was asked for.</summary>
    private static bool IsHtml(ReadOnlySpan<byte> body)
    {
        var start = body.TrimStart("\uFEFF \t\r\n"u8);
        return start.StartsWith("<"u8)
            && (start.IndexOf("{\""u8) < 0 || Ascii.EqualsIgnoreCase(start[..Math.Min(5, start.Length)], "<html"u8) || Ascii.EqualsIgnoreCase(start[..Math.Min(9, start.Length)], "<!doctype"u8));
    }

    private static string? Title(ReadOnlySpan<byte> body)
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
