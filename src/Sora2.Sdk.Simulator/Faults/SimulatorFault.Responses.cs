using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Relays;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator;

/// <content>Faults of the response. Nothing is created or billed, except with <see cref="AfterAccept"/>.</content>
public sealed partial record SimulatorFault
{
    /// <summary>Sends a complete HTTP response whose JSON ends half way. The task is created and billed.</summary>
    public static SimulatorFault TruncatedJson() =>
        new(nameof(TruncatedJson)) { ProcessesRequest = true, Transform = usual => usual with { Body = usual.Body.First(0.5) } };

    /// <summary>Sends any response.</summary>
    /// <param name="statusCode">The status code, 200 to 599.</param>
    /// <param name="body">The body, sent as UTF-8.</param>
    /// <param name="contentType">The content type.</param>
    /// <param name="headers">Further headers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status code is out of range.</exception>
    public static SimulatorFault Status(
        int statusCode,
        string body,
        string contentType = "application/json",
        IReadOnlyDictionary<string, string>? headers = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var response = SimulatedResponse.Text(statusCode, contentType, body) with { Headers = headers is null ? [] : [.. headers] };
        return RespondWith(Numbered(nameof(Status), statusCode), statusCode, _ => response);
    }

    /// <summary>Responds 429 with <c>Retry-After</c> in whole seconds, or without the header.</summary>
    /// <param name="retryAfter">The time to wait; null omits the header.</param>
    public static SimulatorFault RateLimited(TimeSpan? retryAfter = null) =>
        RateLimited(retryAfter is { } wait ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null);

    /// <summary>Responds 429 with <c>Retry-After</c> as a date.</summary>
    /// <param name="retryAt">The date.</param>
    public static SimulatorFault RateLimited(DateTimeOffset retryAt) => RateLimited(retryAt.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Responds with a JSON error in the platform's format.</summary>
    /// <param name="statusCode">The status code.</param>
    /// <param name="code">The error code in the body.</param>
    /// <param name="message">The message in the body.</param>
    public static SimulatorFault ServerError(
        int statusCode = 500,
        string code = "do_request_failed",
        string message = "上游服务出错，请稍后再试") => RespondWith(
        Numbered(nameof(ServerError), statusCode),
        statusCode,
        request => PlatformErrors.NewApi(statusCode, message, code, request));

    /// <summary>Responds with an HTML page: a gateway's error page or, with 200, the web site that is served for a wrong path.</summary>
    /// <param name="statusCode">The status code.</param>
    /// <param name="title">The title of the page; null uses one that matches the status code.</param>
    public static SimulatorFault Html(int statusCode = 502, string? title = null)
    {
        title ??= statusCode switch { 502 => "502 Bad Gateway", 504 => "504 Gateway Time-out", _ => "Relay console" };
        return RespondWith(Numbered(nameof(Html), statusCode), statusCode, _ => SimulatedResponse.Html(statusCode, title, "nginx"));
    }

    /// <summary>Responds with <c>{code, message, data}</c> whose message contains further levels of JSON.</summary>
    /// <param name="depth">The number of times that the message is wrapped in a JSON string, at least 1.</param>
    /// <param name="statusCode">The status code.</param>
    /// <param name="innermost">The innermost message.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth is less than 1.</exception>
    public static SimulatorFault NestedJsonError(int depth = 3, int statusCode = 500, string innermost = "生成失败：提示词为空")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        var message = innermost;
        for (var level = 1; level < depth; level++)
        {
            message = new JsonObject { ["error"] = new JsonObject { ["message"] = message } }.ToJsonString();
        }

        var body = new JsonObject { ["code"] = "fail_to_fetch_task", ["message"] = message, ["data"] = null };
        return RespondWith(Numbered(nameof(NestedJsonError), statusCode), statusCode, _ => SimulatedResponse.Json(statusCode, body));
    }

    /// <summary>Responds with an error in the format of a task: <c>{"id":"","status":"error","error":"…"}</c>.</summary>
    /// <param name="statusCode">The status code: 200 or 500.</param>
    /// <param name="error">The error message.</param>
    public static SimulatorFault EmptyId(int statusCode = 200, string error = "任务提交失败，请重新发起请求") => RespondWith(
        Numbered(nameof(EmptyId), statusCode),
        statusCode,
        _ => SimulatedResponse.Json(statusCode, new JsonObject { ["id"] = "", ["status"] = "error", ["error"] = error }));

    /// <summary>Responds with a redirect.</summary>
    /// <param name="statusCode">301, 302, 303, 307 or 308.</param>
    /// <param name="location">The target of the redirect.</param>
    public static SimulatorFault Redirect(int statusCode, Uri location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return RespondWith(
            Numbered(nameof(Redirect), statusCode),
            statusCode,
            _ => SimulatedResponse.Empty(statusCode).With("Location", location.OriginalString));
    }

    /// <summary>Responds that the task does not exist, as a platform with replication lag does right after a create.</summary>
    /// <param name="statusCode">404 or 400.</param>
    public static SimulatorFault TaskNotFound(int statusCode = 404) =>
        RespondWith(Numbered(nameof(TaskNotFound), statusCode), statusCode, _ => PlatformErrors.TaskNotExist(statusCode));

    /// <summary>Responds that the upstream is saturated: a transient error, and the request was not accepted.</summary>
    /// <param name="statusCode">429, 500, 502 or 503.</param>
    public static SimulatorFault Saturated(int statusCode = 429) =>
        RespondWith(Numbered(nameof(Saturated), statusCode), statusCode, _ => PlatformErrors.Saturated(statusCode));

    /// <summary>Responds that the account has no balance left.</summary>
    /// <param name="statusCode">403 or 429.</param>
    public static SimulatorFault QuotaExhausted(int statusCode = 403) => RespondWith(
        Numbered(nameof(QuotaExhausted), statusCode),
        statusCode,
        request => PlatformErrors.QuotaExhausted(statusCode, request));

    /// <summary>Responds that no channel serves the requested model.</summary>
    /// <param name="statusCode">The status code.</param>
    public static SimulatorFault NoChannel(int statusCode = 503) => RespondWith(
        Numbered(nameof(NoChannel), statusCode),
        statusCode,
        request => PlatformErrors.NoChannel(statusCode, ModelOf(request), request));

    private static SimulatorFault RateLimited(string? retryAfter) => RespondWith(nameof(RateLimited), 429, request =>
    {
        var response = PlatformErrors.NewApi(429, "请求过于频繁，请稍后再试", "rate_limit_exceeded", request);
        return retryAfter is null ? response : response.With("Retry-After", retryAfter);
    });

    private static SimulatorFault RespondWith(string name, int statusCode, Func<ReceivedRequest, SimulatedResponse> replacement)
    {
        if (statusCode is < 200 or > 599)
        {
            throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "A final status code must be 200 to 599.");
        }

        return new(name) { Replacement = replacement };
    }

    private static string ModelOf(ReceivedRequest request) =>
        request.Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("model", out var model)
            ? model.ToString()
            : request.Form?.Fields.GetValueOrDefault("model")?[0] ?? "sora-2";

    private static string Numbered(string name, int statusCode) => FormattableString.Invariant($"{name} {statusCode}");
}
