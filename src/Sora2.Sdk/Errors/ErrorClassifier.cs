using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk;

/// <summary>
/// The one place that says what an answer means that is not what was asked for. It goes by text before status, because the relays use statuses loosely:
/// an empty account has been seen as 401, 403 and 429. Source: both platform documents and captured traffic of 2025-09 to 2025-11.
/// </summary>
internal static partial class ErrorClassifier
{
    private const int RawBodyLength = 4096;
    private const int MaxWords = 500;

    private static readonly string[] QuotaWords = ["insufficient_user_quota", "pre_consume_token_quota_failed", "insufficient_quota", "额度不足", "额度已用尽", "余额不足"];
    private static readonly string[] SaturatedWords = ["负载已饱和"];
    private static readonly string[] ModelWords = ["无可用渠道", "no available channel", "model_not_found", "channel not found"];
    private static readonly string[] TaskWords = ["task_not_exist", "task not exist", "task_not_found", "任务不存在"];
    private static readonly string[] KeyWords = ["无效的令牌", "invalid token", "未提供令牌", "invalid api key", "invalid_api_key"];
    private static readonly string[] RouteWords = ["invalid url ("];
    private static readonly string[] ModerationWords = ["违反", "政策", "审核", "写实人物", "未成年", "名人", "content polic", "guardrail", "moderation", "similarity to third-party"];
    private static readonly string[] OutputWords = ["输出", "output", "生成的视频", "generated video"];
    private static readonly string[] InputWords = ["输入", "提示词", "input", "prompt", "upload", "图片"];

    /// <summary>The error that an answer stands for.</summary>
    public static Sora2ApiException Classify(ApiResponse response)
    {
        if (response.IsSuccess && response.Body.IsEmpty)
        {
            return Unreadable(response, "The answer has no body.");
        }

        var html = IsHtml(response.Body.Span);
        var text = html ? new ErrorText(null, null, "") : ErrorText.Of(response.Body);
        var kind = html ? KindOfHtml(response) : KindOf(response, text);
        return Create(response, kind, Explain(response, kind, text, html), text.RequestId, MayHaveBeenCharged(response.Kind, response.TaskId, kind, OfCreate(response, kind, text)));
    }

    /// <summary>An answer that cannot be read as what was asked for.</summary>
    public static Sora2ApiException Unreadable(ApiResponse response, string what, Exception? cause = null) =>
        IsHtml(response.Body.Span)
            ? Classify(response)
            : Create(response, Sora2ErrorKind.UnreadableAnswer, $"{what} ({response.Request} answered {(int)response.StatusCode}.)", null, MayHaveBeenCharged(response.Kind, response.TaskId, Sora2ErrorKind.UnreadableAnswer, null), cause);

    /// <summary>What a failed task failed of, by the platform's words.</summary>
    public static Sora2ErrorKind KindOfFailure(string? reason)
    {
        var words = reason?.ToLowerInvariant() ?? "";
        return !Holds(words, ModerationWords) ? KindOfText(words) ?? Sora2ErrorKind.TaskFailed
            // "the prompt or the output violates …" names both; then the prompt is what the caller can change.
            : Holds(words, OutputWords) && !Holds(words, InputWords) ? Sora2ErrorKind.OutputModeration
            : Sora2ErrorKind.InputModeration;
    }

    public static bool IsTransient(Sora2ErrorKind kind) => kind is
        Sora2ErrorKind.RateLimited or Sora2ErrorKind.Saturated or Sora2ErrorKind.ServerError or Sora2ErrorKind.UnreadableAnswer or Sora2ErrorKind.Network or Sora2ErrorKind.Timeout;

    /// <summary>Whether a call of this kind costs money when it is accepted.</summary>
    public static bool Paid(CallKind kind) => kind is not (CallKind.Query or CallKind.Media);

    /// <summary>A body as it may be shown: capped, and without the key or anything that looks like one.</summary>
    public static string RawBody(ReadOnlyMemory<byte> body, string? key)
    {
        var text = Redaction.Mask(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, RawBodyLength * 4)]), key);
        return text.Length > RawBodyLength ? text[..RawBodyLength] : text;
    }

    /// <summary>What a body that should not be there says, in a few words.</summary>
    public static string Words(ReadOnlyMemory<byte> body)
    {
        if (Title(body.Span) is { } title)
        {
            return $"a web page titled \"{title}\"";
        }

        var words = ErrorText.Of(body).Message ?? RawBody(body, key: null).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        return words.Length > MaxWords ? words[..MaxWords] + "…" : words;
    }

    private static Sora2ErrorKind KindOf(ApiResponse response, ErrorText text) =>
        (int)response.StatusCode is >= 300 and <= 399 ? Sora2ErrorKind.WrongEndpoint
        : KindOfText(text.Evidence) ?? KindOfRefusal(response, text) ?? KindOfStatus(response, text);

    /// <summary>Words that a gateway or an upstream also uses when it breaks down: they count only in an answer that refuses.</summary>
    private static Sora2ErrorKind? KindOfRefusal(ApiResponse response, ErrorText text) =>
        (int)response.StatusCode >= 500 && !text.IsRefusal ? null
        : Holds(text.Evidence, KeyWords) ? Sora2ErrorKind.Authentication
        : Holds(text.Evidence, ModerationWords) && (int)response.StatusCode is not 401 and not 429 ? Sora2ErrorKind.InputModeration
        : null;

    private static Sora2ErrorKind? KindOfText(string words) =>
        Holds(words, QuotaWords) ? Sora2ErrorKind.InsufficientQuota
        : Holds(words, ModelWords) ? Sora2ErrorKind.ModelUnavailable
        : Holds(words, SaturatedWords) ? Sora2ErrorKind.Saturated
        : Holds(words, TaskWords) ? Sora2ErrorKind.TaskNotFound
        : Holds(words, RouteWords) ? Sora2ErrorKind.WrongEndpoint
        : null;

    private static Sora2ErrorKind KindOfStatus(ApiResponse response, ErrorText text) => (int)response.StatusCode switch
    {
        401 => Sora2ErrorKind.Authentication,
        403 => Sora2ErrorKind.PermissionDenied,
        404 when response.Kind == CallKind.Query && response.TaskId is not null => Sora2ErrorKind.TaskNotFound,
        404 or 405 => Sora2ErrorKind.WrongEndpoint,
        408 => Sora2ErrorKind.Timeout,
        429 => Sora2ErrorKind.RateLimited,
        >= 500 => Sora2ErrorKind.ServerError,
        >= 400 => Sora2ErrorKind.InvalidRequest,
        // A success status over an error body: the body says it was refused, not why.
        _ => text.Message is null ? Sora2ErrorKind.UnreadableAnswer : Sora2ErrorKind.Unknown,
    };

    private static Sora2ErrorKind KindOfHtml(ApiResponse response) => (int)response.StatusCode switch
    {
        408 => Sora2ErrorKind.Timeout,
        429 => Sora2ErrorKind.RateLimited,
        >= 500 => Sora2ErrorKind.ServerError,
        _ => Sora2ErrorKind.WrongEndpoint,
    };

    /// <summary>What an error says about money: of a create what its answer proves; of a question that its task was accepted, unless the platform does not know it.</summary>
    public static bool? MayHaveBeenCharged(CallKind call, string? taskId, Sora2ErrorKind kind, bool? ofCreate) =>
        Paid(call) ? ofCreate
        : taskId is null ? false
        : kind == Sora2ErrorKind.TaskNotFound ? null
        : true;

    /// <summary>
    /// Of a create: false when the answer proves that it was not taken, null otherwise. A bare 5xx proves nothing: the relay may have passed the request on.
    /// </summary>
    private static bool? OfCreate(ApiResponse response, Sora2ErrorKind kind, ErrorText text)
    {
        if (kind is Sora2ErrorKind.InsufficientQuota or Sora2ErrorKind.ModelUnavailable or Sora2ErrorKind.Saturated or Sora2ErrorKind.Authentication or Sora2ErrorKind.InputModeration)
        {
            return false;
        }

        return (int)response.StatusCode switch
        {
            408 or 499 => null,
            >= 300 and <= 499 => false,
            // The web site's page answers where there is no such route; a character without a name was not made.
            >= 200 and <= 299 when kind is Sora2ErrorKind.WrongEndpoint || (response.Kind == CallKind.CreateCharacter && kind is not Sora2ErrorKind.UnreadableAnswer) => false,
            // {"id":"","status":"error"} is a refusal, with 500 as with 200.
            _ => text.IsRefusal ? false : null,
        };
    }

    private static string Explain(ApiResponse response, Sora2ErrorKind kind, ErrorText text, bool html)
    {
        var status = (int)response.StatusCode;
        if (html)
        {
            var title = Title(response.Body.Span);
            var page = title is null ? "a web page" : $"a web page titled \"{title}\"";
            return kind is Sora2ErrorKind.WrongEndpoint
                ? $"{response.Request} answered {status} with {page} instead of JSON. Check Sora2ClientOptions.BaseAddress: it has to be the address of {response.PlatformTitle}'s API, without a path of its own."
                : $"{response.Request} answered {status} with {page}: a gateway before {response.PlatformTitle} is in trouble.";
        }

        if (status is >= 300 and <= 399)
        {
            return $"{response.Request} was redirected ({status}) to {(response.Location is null ? "nowhere" : Redaction.WithoutQuery(response.Location))}. Redirects are not followed, so that neither the key nor a paid request goes astray. If the new address is right, set Sora2ClientOptions.BaseAddress to it.";
        }

        var said = Sentence.Ended(text.Message ?? $"{response.Request} answered {status} without a reason.");
        var platform = response.PlatformTitle;
        return kind switch
        {
            Sora2ErrorKind.Authentication => $"{said} Check the API key of {platform} (Sora2ClientOptions.ApiKey).",
            Sora2ErrorKind.PermissionDenied => $"{said} The key is known to {platform} but may not do this: check the key's group.",
            Sora2ErrorKind.InsufficientQuota => $"{said} Top up the account or raise the key's budget at {platform}{(Paid(response.Kind) ? "; nothing was charged" : "")}.",
            Sora2ErrorKind.RateLimited => $"{said} {platform} wants fewer requests{(response.RetryAfter is { } wait ? string.Create(CultureInfo.InvariantCulture, $": try again in {wait.TotalSeconds:0} s") : "")}.",
            Sora2ErrorKind.Saturated => $"{said} The request was not taken; try again in a little while.",
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
        RawBody = RawBody(response.Body, response.Key),
    };

    private static bool Holds(string text, string[] words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHtml(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8).StartsWith("<"u8);

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
