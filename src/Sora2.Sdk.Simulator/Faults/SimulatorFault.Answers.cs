using System.Globalization;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <content>What goes wrong with the answer. Nothing is made or billed, unless <see cref="AfterAccept"/> says so.</content>
public sealed partial record SimulatorFault
{
    /// <summary>A complete HTTP answer whose JSON ends half way. The task is made and billed.</summary>
    public static SimulatorFault TruncatedJson() =>
        new(nameof(TruncatedJson)) { TakesRequest = true, Rewrite = usual => usual with { Body = usual.Body.First(0.5) } };

    /// <summary>Any answer at all.</summary>
    /// <param name="statusCode">The status code, 200 to 599.</param>
    /// <param name="body">The body, sent as UTF-8.</param>
    /// <param name="contentType">The content type.</param>
    /// <param name="headers">Further headers.</param>
    public static SimulatorFault Status(int statusCode, string body, string contentType = "application/json", IReadOnlyDictionary<string, string>? headers = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var answer = Answer.Text(statusCode, contentType, body) with { Headers = headers is null ? [] : [.. headers] };
        return Answering(Numbered(nameof(Status), statusCode), statusCode, _ => answer);
    }

    /// <summary>429 with <c>Retry-After</c> in whole seconds, or without the header.</summary>
    /// <param name="retryAfter">How long to wait; null leaves the header out.</param>
    public static SimulatorFault RateLimited(TimeSpan? retryAfter = null) =>
        RateLimited(retryAfter is { } wait ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null);

    /// <summary>429 with <c>Retry-After</c> as a date.</summary>
    /// <param name="retryAt">The date.</param>
    public static SimulatorFault RateLimited(DateTimeOffset retryAt) => RateLimited(retryAt.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>An error of the platform's own, in JSON.</summary>
    /// <param name="statusCode">The status code.</param>
    /// <param name="code">The error code in the body.</param>
    /// <param name="message">The text in the body.</param>
    public static SimulatorFault ServerError(int statusCode = 500, string code = "do_request_failed", string message = "上游服务出错，请稍后再试") =>
        Answering(Numbered(nameof(ServerError), statusCode), statusCode, request => PlatformErrors.NewApi(statusCode, message, code, request));

    /// <summary>An HTML page: a gateway's error, or with 200 the web site that a wrong path falls through to.</summary>
    /// <param name="statusCode">The status code.</param>
    /// <param name="title">The title of the page; null gives one that fits the status.</param>
    public static SimulatorFault Html(int statusCode = 502, string? title = null)
    {
        title ??= statusCode switch { 502 => "502 Bad Gateway", 504 => "504 Gateway Time-out", _ => "Relay console" };
        return Answering(Numbered(nameof(Html), statusCode), statusCode, _ => Answer.Html(statusCode, title, "nginx"));
    }

    /// <summary><c>{code, message, data}</c> whose message is JSON again, and so on.</summary>
    /// <param name="depth">How many times the text is wrapped in a JSON string, at least 1.</param>
    /// <param name="statusCode">The status code.</param>
    /// <param name="innermost">The text in the middle.</param>
    public static SimulatorFault NestedJsonError(int depth = 3, int statusCode = 500, string innermost = "生成失败：提示词为空")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        var message = innermost;
        for (var level = 1; level < depth; level++)
        {
            message = new JsonObject { ["error"] = new JsonObject { ["message"] = message } }.ToJsonString();
        }

        var body = new JsonObject { ["code"] = "fail_to_fetch_task", ["message"] = message, ["data"] = null };
        return Answering(Numbered(nameof(NestedJsonError), statusCode), statusCode, _ => Answer.Json(statusCode, body));
    }

    /// <summary>A refusal dressed as an answer: <c>{"id":"","status":"error","error":"…"}</c>.</summary>
    /// <param name="statusCode">The status code: 200 or 500.</param>
    /// <param name="error">The text.</param>
    public static SimulatorFault EmptyId(int statusCode = 200, string error = "任务提交失败，请重新发起请求") => Answering(
        Numbered(nameof(EmptyId), statusCode),
        statusCode,
        _ => Answer.Json(statusCode, new JsonObject { ["id"] = "", ["status"] = "error", ["error"] = error }));

    /// <summary>A redirect.</summary>
    /// <param name="statusCode">301, 302, 303, 307 or 308.</param>
    /// <param name="location">Where to.</param>
    public static SimulatorFault Redirect(int statusCode, Uri location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return Answering(Numbered(nameof(Redirect), statusCode), statusCode, _ => Answer.Empty(statusCode).With("Location", location.OriginalString));
    }

    /// <summary>The task is not known, or not yet: what replication lag looks like right after a create.</summary>
    /// <param name="statusCode">404 or 400.</param>
    public static SimulatorFault TaskNotFound(int statusCode = 404) =>
        Answering(Numbered(nameof(TaskNotFound), statusCode), statusCode, _ => PlatformErrors.TaskNotExist(statusCode));

    /// <summary>The upstream is saturated: it passes by itself, and the request was not taken.</summary>
    /// <param name="statusCode">429, 500, 502 or 503.</param>
    public static SimulatorFault Saturated(int statusCode = 429) =>
        Answering(Numbered(nameof(Saturated), statusCode), statusCode, _ => PlatformErrors.Saturated(statusCode));

    /// <summary>The account is empty.</summary>
    /// <param name="statusCode">403 or 429.</param>
    public static SimulatorFault QuotaExhausted(int statusCode = 403) =>
        Answering(Numbered(nameof(QuotaExhausted), statusCode), statusCode, request => PlatformErrors.QuotaExhausted(statusCode, request));

    /// <summary>No channel serves the model that was asked for.</summary>
    /// <param name="statusCode">The status code.</param>
    public static SimulatorFault NoChannel(int statusCode = 503) =>
        Answering(Numbered(nameof(NoChannel), statusCode), statusCode, request => PlatformErrors.NoChannel(statusCode, ModelOf(request), request));

    private static SimulatorFault RateLimited(string? retryAfter) => Answering(nameof(RateLimited), 429, request =>
    {
        var answer = PlatformErrors.NewApi(429, "请求过于频繁，请稍后再试", "rate_limit_exceeded", request);
        return retryAfter is null ? answer : answer.With("Retry-After", retryAfter);
    });

    private static SimulatorFault Answering(string name, int statusCode, Func<ReceivedRequest, Answer> instead)
    {
        if (statusCode is < 200 or > 599)
        {
            throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "A final status code is a number from 200 to 599.");
        }

        return new(name) { Instead = instead };
    }

    private static string ModelOf(ReceivedRequest request) =>
        request.Json is { ValueKind: System.Text.Json.JsonValueKind.Object } body && body.TryGetProperty("model", out var model)
            ? model.ToString()
            : request.Form?.Fields.GetValueOrDefault("model")?[0] ?? "sora-2";

    private static string Numbered(string name, int statusCode) => FormattableString.Invariant($"{name} {statusCode}");
}
