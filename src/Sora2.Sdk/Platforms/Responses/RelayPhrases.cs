using System.Collections.Frozen;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>
/// The codes and phrases of the relays, by what they mean. "…" in a phrase stands for a few characters of the same clause; a phrase begins
/// where a word begins, unless "*" stands before it.
/// </summary>
/// <remarks>
/// Sources: both platform documents and captured traffic of 2025-09 to 2025-11; the source of new-api (types/error.go, relay/relay_task.go,
/// controller/relay.go, middleware/distributor.go, as of 2026-09), which most relays run; public clients of other relays up to 2026-11.
/// </remarks>
internal static class RelayPhrases
{
    /// <summary>Codes that wrap an upstream's refusal as it came: what stands below them is about the relay's own account there.</summary>
    public static readonly FrozenSet<string> Wrappers = new[]
    {
        "fail_to_fetch_task", "bad_response_status_code"
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Codes of an envelope in which all is well.</summary>
    public static readonly FrozenSet<string> Successes = new[]
    {
        "0", "200", "success", "succeed", "succeeded", "ok"
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Texts in the place of a message that say nothing.</summary>
    public static readonly FrozenSet<string> Fillers = new[]
    {
        "success", "succeed", "succeeded", "ok", "null", "none", "undefined", "nil", "false", "true", "n/a"
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Money. Any of these words may stand in a refusal, whatever its status.</summary>
    public static readonly string[] Money =
    [
        "insufficient…balance", "insufficient…credit", "insufficient…quota", "insufficient…fund", "insufficient_user_quota",
        "pre_consume_token_quota_failed",
        "balance…insufficient", "credits…insufficient", "credit…insufficient", "quota…insufficient", "funds…insufficient",
        "balance…not enough", "quota…not enough", "credit…not enough", "credits…not enough", "not enough…balance", "not enough…credit",
        "not enough…quota", "not enough…fund",
        "balance…too low", "balance…exhausted", "quota…exhausted", "credits…exhausted", "credit…exhausted", "out of credit", "no credit",
        "no remaining credit", "more credits", "add credit", "exceeded your current quota", "spending limit", "budget…exceeded",
        "billing limit", "billing hard limit",
        "top up", "top-up", "please recharge", "recharge your", "payment required", "arrearage", "in arrears", "overdue payment",
        "account…overdue",
        "余额…不足", "余额…不够", "余额…用尽", "余额…耗尽", "余额…用完", "积分…不足", "积分…不够", "积分…用完", "额度…不足", "额度…不够", "额度…用尽", "额度…耗尽", "额度…用完",
        "余额为0", "余额为 0", "配额…不足", "配额…用尽", "配额…用完", "点数…不足", "点数…不够", "点券…不足", "金币…不足", "资金…不足", "费用不足", "预扣费…失败", "预扣…失败", "欠费", "请充值",
        "请先充值",
    ];

    /// <summary>The model, or a channel that serves it, is not there.</summary>
    public static readonly string[] Models =
    [
        "无可用渠道", "no available channel", "model_not_found", "model not found", "模型不存在", "channel not found"
    ];

    /// <summary>Load.</summary>
    public static readonly string[] Busy =
    [
        "负载…饱和", "负载…过高", "负载…较高", "负载…过大", "过载", "繁忙", "拥挤", "忙碌", "系统忙", "服务忙", "高峰", "压力过大", "人数过多", "资源紧张", "资源不足", "排队…过多", "排队…已满",
        "队列…已满", "可用渠道不存在", "可用渠道失败",
        "load…saturated", "heavy load", "high load", "overloaded", "high demand", "heavy traffic", "high traffic", "at capacity",
        "over capacity", "maximum capacity", "insufficient capacity", "no capacity", "resource exhausted", "resource_exhausted",
        "too busy",
        "server…busy", "service…busy", "system…busy", "currently busy", "is busy", "queue is full", "queue full",
    ];

    /// <summary>Pace.</summary>
    public static readonly string[] Pace =
    [
        "too many…requests", "too many requests", "并发…限制", "并发…超", "并发…过高", "rate limit", "rate_limit", "rate-limit", "请求过于频繁", "请求频繁",
        "请求过多", "访问频繁", "操作频繁", "限流", "频率…限制", "频率…超", "频率…过高"
    ];

    /// <summary>The task.</summary>
    public static readonly string[] Tasks = ["task_not_exist", "task not exist", "task_not_found", "task not found", "任务不存在"];

    /// <summary>The address.</summary>
    public static readonly string[] Routes = ["invalid url (get ", "invalid url (post ", "invalid url (head ", "invalid url (put "];

    /// <summary>The key.</summary>
    public static readonly string[] Keys =
    [
        "无效的令牌", "未提供令牌", "令牌…过期", "令牌…失效", "令牌状态不可用", "密钥…无效", "无效的密钥", "密钥…过期",
        "invalid api key", "invalid_api_key", "incorrect api key", "api key…invalid", "api key…not valid", "api key…expired",
    ];

    /// <summary>The key, where the status is about it: with 400 a token may as well be one of JSON or of an upload.</summary>
    public static readonly string[] Tokens = ["invalid token", "token…expired"];

    /// <summary>What an upstream says of a key: only below <see cref="Wrappers"/>, where the key is the relay's own.</summary>
    public static readonly string[] UpstreamKeys =
    [
        .. Keys, .. Tokens, "401", "403", "unauthorized", "authentication", "forbidden", "permission denied", "user is required",
        "account…disabled",
        "account…deactivated", "account…suspended"
    ];

    /// <summary>Moderation.</summary>
    public static readonly string[] Moderation =
    [
        "违反", "违规", "违禁", "政策", "审核", "敏感", "风控", "写实人物", "真人", "人脸", "未成年", "名人", "色情", "血腥", "暴力", "涉黄", "涉政", "政治人物", "肖像", "版权",
        "侵权", "不合规", "不当内容", "内容安全", "安全检", "安全策略", "不安全的内容", "不安全内容",
        "content polic", "content filter", "content_filter", "content_policy", "usage polic", "usage guideline", "community guideline",
        "guardrail", "moderation", "similarity to third-party",
        "violat…polic", "violat…guideline", "violat…terms", "safety filter", "safety system", "safety polic", "by safety",
        "safety reason", "prohibited content", "harmful content", "inappropriate", "nsfw",
        "sensitive…content", "sensitive…information", "sensitive…word", "sensitive_words_detected", "prompt_blocked",
        "*sensitivecontentdetected", "datainspectionfailed", "real people", "real person", "public figure", "celebrit",
        "flagged", "unsafe content", "unsafe image", "unsafe prompt", "sexual", "graphic violence", "child safety", "likeness", "copyright",
    ];

    /// <summary>Signs that moderation looked at what was made.</summary>
    public static readonly string[] Output =
    [
        "输出", "生成的视频", "生成的内容", "生成的图", "生成内容", "生成结果", "output", "generated…video", "generated…content", "generated…image",
        "generated…audio", "generated…result", "resulting video", "video…withheld",
    ];

    /// <summary>Signs that moderation looked at what was sent.</summary>
    public static readonly string[] Input =
    [
        "输入", "提示词", "上传", "图片", "input", "prompt", "upload", "your image", "your text", "reference image"
    ];

    /// <summary>A request over plain HTTP at a port for HTTPS: nginx, Apache and Go.</summary>
    public static readonly string[] PlainHttp =
    [
        "plain http request was sent to https port", "speaking plain http to an ssl", "sent an http request to an https server"
    ];

    /// <summary>Titles of pages that stand between a client and the site: checks for browsers, firewalls, filters of companies.</summary>
    public static readonly string[] Barriers =
    [
        "just a moment", "attention required", "checking your browser", "verify you are human", "security check", "captcha",
        "ddos protection", "access denied", "access to this page", "request blocked", "web page blocked",
        "blocked", "web application firewall", "requested url could not be retrieved", "安全验证", "人机验证", "验证码", "访问…拦截", "访问…拒绝", "访问…禁止",
    ];

    /// <summary>Signs of a time-out or a break between the relay and its upstream.</summary>
    public static readonly string[] Broken =
    [
        "timeout", "timed out", "time-out", "time out", "deadline exceeded", "超时", "connection reset", "connection refused",
        "disconnect/reset", "upstream connect error", "broken pipe", "unexpected eof"
    ];

    /// <summary>
    /// Sentences of the relay itself: where an error begins with one, the request was not taken, whatever the status. <see cref="Money"/>
    /// at the start of a sentence counts likewise.
    /// </summary>
    public static readonly (Sora2ErrorKind Kind, string[] Beginnings)[] OwnSentences =
    [
        (Sora2ErrorKind.ModelUnavailable,
        [
            "无可用渠道", "当前分组…无可用渠道", "分组…无可用渠道", "no available channel", "model_not_found", "channel not found"
        ]),
        (Sora2ErrorKind.Saturated,
        [
            "负载已饱和", "当前分组…负载已饱和", "上游负载已饱和", "上游负载饱和", "the upstream load of the current group is saturated",
            "upstream load…saturated", "分组…可用渠道不存在", "分组…可用渠道失败", "当前分组…可用渠道不存在", "当前分组…可用渠道失败", "获取…可用渠道失败", "获取…可用渠道不存在", "可用渠道不存在",
            "可用渠道失败", "failed to get available channel", "system_cpu_overloaded", "get_channel_failed"
        ]),
        (Sora2ErrorKind.InputModeration,
        [
            "sensitive_words_detected", "sensitive words detected", "user sensitive words detected", "input contains sensitive word",
            "prompt_blocked", "检测到敏感", "输入…敏感", "提示词…敏感"
        ]),
    ];

    /// <summary>What may stand before such a sentence and changes nothing about it.</summary>
    public static readonly string[] Openings =
    [
        "error:", "error ", "错误：", "错误:", "sorry,", "抱歉，", "抱歉,", "用户", "您的", "你的", "您", "你", "当前", "账户", "账号", "帐户", "帐号", "该令牌", "令牌",
        "剩余",
        "your ", "the ", "user ", "account ", "user's ", "api key ", "token ", "has ", "have ", "is ", "you ", "credits ",
    ];

    /// <summary>The codes, as they stand in a field of their own.</summary>
    private static readonly FrozenDictionary<string, RelayCode> Codes = CodeTable().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a word stands for that is nothing but a known code.</summary>
    public static RelayCode? Named(string word) => Codes.TryGetValue(word, out var known) ? known : null;

    /// <summary>What a code in a field of its own stands for, if it is known.</summary>
    public static RelayCode? CodeOf(string code)
    {
        if (Named(code) is { } known)
        {
            return known;
        }

        if (code.AsSpan().ContainsAny(" \t\r\n"))
        {
            return null; // A sentence in the wrong field.
        }

        // new-api's codes for a channel that is set up wrongly or whose key is used up: the next try may meet another one.
        if (code.StartsWith("channel:", StringComparison.OrdinalIgnoreCase))
        {
            return new RelayCode(Sora2ErrorKind.Saturated, SendProof.NotTaken);
        }

        // Volcengine's names: InputImageSensitiveContentDetected, OutputAudioSensitiveContentDetected.PrivacyInformation, …
        if (code.Contains("SensitiveContent", StringComparison.OrdinalIgnoreCase))
        {
            return code.StartsWith("Output", StringComparison.OrdinalIgnoreCase)
                ? new RelayCode(Sora2ErrorKind.OutputModeration)
                : new RelayCode(Sora2ErrorKind.InputModeration, SendProof.NotTaken);
        }

        return null;
    }

    private static Dictionary<string, RelayCode> CodeTable()
    {
        var codes = new Dictionary<string, RelayCode>(StringComparer.OrdinalIgnoreCase);
        Add(
            new(Sora2ErrorKind.InsufficientQuota, SendProof.NotTaken),
            "insufficient_user_quota", "pre_consume_token_quota_failed", "insufficient_quota", "insufficient_balance",
            "insufficient_credit", "insufficient_credits", "insufficient_funds", "insufficient_account_balance",
            "InsufficientBalance", "InsufficientCredits", "InsufficientQuota", "quota_not_enough", "user_quota_not_enough",
            "balance_not_enough", "not_enough_credits", "no_credits", "credits_exhausted",
            "payment_required", "billing_hard_limit_reached", "billing_not_active", "Arrearage", "AccountOverdueError",
            "AccountOverdue", "Account.Overdue");
        Add(
            new(Sora2ErrorKind.Authentication, SendProof.NotTaken),
            "invalid_api_key", "InvalidApiKey", "invalid_token", "invalid_key", "missing_api_key", "token_expired", "api_key_expired",
            "authentication_error", "AuthenticationError");
        Add(
            new(Sora2ErrorKind.ModelUnavailable, SendProof.NotTaken),
            "model_not_found", "ModelNotFound", "no_available_channel", "ModelNotOpen");

        // Before the upstream is asked: no channel is left for another try, or this relay's own machine is too busy.
        Add(
            new(Sora2ErrorKind.Saturated, SendProof.NotTaken),
            "get_channel_failed", "system_cpu_overloaded", "system_memory_overloaded", "system_disk_overloaded", "no_channel_available",
            "upstream_saturated", "setup_locked_channel_failed");

        // Before the upstream is asked: the relay could not read, price or write the request. Why, its words tell.
        Add(
            new(null, SendProof.NotTaken),
            "gen_relay_info_failed", "build_request_failed", "convert_request_failed", "read_request_body_failed", "bad_request_body",
            "count_token_failed", "model_price_error", "invalid_api_type", "invalid_api_platform",
            "access_denied", "get_user_quota_failed", "get_origin_task_failed", "missing_model", "invalid_multipart_form");

        // After the upstream was asked: it may have taken the request.
        Add(
            new(Sora2ErrorKind.ServerError, SendProof.Open),
            "do_request_failed", "read_response_body_failed", "unmarshal_response_body_failed", "marshal_response_body_failed",
            "copy_response_body_failed", "bad_response", "bad_response_body", "empty_response",
            "invalid_response", "fetch_task_failed", "insert_task_failed", "channel:response_time_exceeded");

        Add(
            new(Sora2ErrorKind.InputModeration, SendProof.NotTaken),
            "sensitive_words_detected", "prompt_blocked", "violation_fee.grok.csam", "content_policy_violation", "moderation_blocked",
            "input_moderation", "DataInspectionFailed", "data_inspection_failed",
            "SensitiveContentDetected", "nsfw", "nsfw_content", "nsfw_detected", "content_filter", "content_filtered",
            "content_violation", "content_moderation_failed", "ContentPolicyViolation", "policy_violation",
            "prohibited_content", "safety_violation", "risk_control");
        Add(new(Sora2ErrorKind.OutputModeration), "output_moderation", "output_blocked");
        Add(new(Sora2ErrorKind.TaskNotFound), "task_not_exist", "task_not_found");
        Add(
            new(Sora2ErrorKind.RateLimited),
            "rate_limit", "rate_limited", "rate_limit_exceeded", "rate_limit_error", "too_many_requests", "RateLimitExceeded",
            "RequestLimitExceeded", "Throttling");
        Add(
            new(Sora2ErrorKind.Saturated),
            "overloaded", "overloaded_error", "server_overloaded", "ServerOverloaded", "model_overloaded", "engine_overloaded",
            "system_busy", "server_busy", "service_busy", "no_capacity");
        return codes;

        void Add(RelayCode meaning, params string[] names)
        {
            foreach (var name in names)
            {
                codes[name] = meaning;
            }
        }
    }
}
