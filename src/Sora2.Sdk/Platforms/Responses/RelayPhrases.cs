using System.Collections.Frozen;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The phrases of the relays, by their meaning.</summary>
/// <remarks>
/// "…" in a phrase matches a few characters of the same clause. A phrase begins at the beginning of a word, unless it begins with "*".
/// Sources: both platform documents and captured traffic of 2025-09 to 2025-11; the source of new-api (types/error.go, relay/relay_task.go,
/// controller/relay.go, middleware/distributor.go, as of 2026-09), which most relays run; public clients of other relays up to 2026-11.
/// </remarks>
internal static class RelayPhrases
{
    /// <summary>Words in the field of a message that are no message.</summary>
    public static readonly FrozenSet<string> Fillers = new[]
    {
        "success", "succeed", "succeeded", "ok", "null", "none", "undefined", "nil", "false", "true", "n/a"
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The account is out of money. A refusal may contain any of these, whatever its status.</summary>
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

    /// <summary>The model does not exist, or no channel serves it.</summary>
    public static readonly string[] Models =
    [
        "无可用渠道", "no available channel", "model_not_found", "model not found", "模型不存在", "channel not found"
    ];

    /// <summary>The platform or its upstream has no capacity.</summary>
    public static readonly string[] Busy =
    [
        "负载…饱和", "负载…过高", "负载…较高", "负载…过大", "过载", "繁忙", "拥挤", "忙碌", "系统忙", "服务忙", "高峰", "压力过大", "人数过多", "资源紧张", "资源不足", "排队…过多", "排队…已满",
        "队列…已满", "可用渠道不存在", "可用渠道失败",
        "load…saturated", "heavy load", "high load", "overloaded", "high demand", "heavy traffic", "high traffic", "at capacity",
        "over capacity", "maximum capacity", "insufficient capacity", "no capacity", "resource exhausted", "resource_exhausted",
        "too busy",
        "server…busy", "service…busy", "system…busy", "currently busy", "is busy", "queue is full", "queue full",
    ];

    /// <summary>Too many requests in a short time.</summary>
    public static readonly string[] RateLimits =
    [
        "too many…requests", "too many requests", "并发…限制", "并发…超", "并发…过高", "rate limit", "rate_limit", "rate-limit", "请求过于频繁", "请求频繁",
        "请求过多", "访问频繁", "操作频繁", "限流", "频率…限制", "频率…超", "频率…过高"
    ];

    /// <summary>The task does not exist.</summary>
    public static readonly string[] Tasks = ["task_not_exist", "task not exist", "task_not_found", "task not found", "任务不存在"];

    /// <summary>The route does not exist.</summary>
    public static readonly string[] Routes = ["invalid url (get ", "invalid url (post ", "invalid url (head ", "invalid url (put "];

    /// <summary>The key is missing, wrong or expired.</summary>
    public static readonly string[] Keys =
    [
        "无效的令牌", "未提供令牌", "令牌…过期", "令牌…失效", "令牌状态不可用", "令牌…已被禁用", "令牌…已禁用",
        "密钥…无效", "无效的密钥", "密钥…过期", "密钥…已被禁用", "密钥…已禁用",
        "invalid api key", "invalid_api_key", "incorrect api key", "api key…invalid", "api key…not valid", "api key…expired",
        "api key is…disabled", "api key has been…disabled",
    ];

    /// <summary>The account is blocked, which neither money nor another request changes.</summary>
    /// <remarks>
    /// Only what has happened: "your account may be banned" is a warning of moderation. Sources: new-api (middleware/auth.go and
    /// i18n/locales, as of 2026-09); messages of OpenAI, Anthropic and Groq in public issues of 2023 to 2025.
    /// </remarks>
    public static readonly string[] Accounts =
    [
        .. Combinations(
            ["账户", "账号", "帐户", "帐号", "用户"],
            [
                "…已被封", "…已被冻结", "…已被禁用", "…已被停用", "…违规被封", "…违规被冻结", "…违规被禁用",
                "被封禁", "被封停", "被封号", "被冻结", "被禁用", "被停用", "已封禁", "已冻结", "已停用",
            ]),
        .. Combinations(["余额"], ["…已被冻结", "被冻结", "已冻结"]),
        .. Combinations(
            ["account is", "account was", "account has been", "user is", "user has been", "organization has been"],
            ["…banned", "…suspended", "…frozen", "…disabled", "…deactivated", "…terminated", "…blocked"]),
        .. Combinations(["account ", "account_", "user_"], ["banned", "suspended", "frozen", "disabled", "deactivated"]),
        "已被封号", "deactivated account", "suspended account", "api key has been deactivated", "organization has been restricted",
        "access was terminated", "access_terminated",
    ];

    /// <summary>The key, if the status is about it: with 400 a token may also be one of JSON or of an upload.</summary>
    public static readonly string[] Tokens = ["invalid token", "token…expired"];

    /// <summary>An upstream's phrases for a key: only inside <see cref="RelayCodes.Wrappers"/>, where the key is the relay's own.</summary>
    public static readonly string[] UpstreamKeys =
    [
        .. Keys, .. Tokens, .. Accounts,
        "401", "403", "unauthorized", "authentication", "forbidden", "permission denied", "user is required",
        "account…disabled", "account…deactivated", "account…suspended"
    ];

    /// <summary>Moderation refused or withheld something.</summary>
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

    /// <summary>Signs that moderation was about the finished video.</summary>
    public static readonly string[] Output =
    [
        "输出", "生成的视频", "生成的内容", "生成的图", "生成内容", "生成结果", "output", "generated…video", "generated…content", "generated…image",
        "generated…audio", "generated…result", "resulting video", "video…withheld",
    ];

    /// <summary>Signs that moderation was about the request.</summary>
    public static readonly string[] Input =
    [
        "输入", "提示词", "上传", "图片", "input", "prompt", "upload", "your image", "your text", "reference image"
    ];

    /// <summary>The response of an HTTPS port to plain HTTP: nginx, Apache and Go.</summary>
    public static readonly string[] PlainHttp =
    [
        "plain http request was sent to https port", "speaking plain http to an ssl", "sent an http request to an https server"
    ];

    /// <summary>Titles of pages of something between a client and the site: browser checks, firewalls, company filters.</summary>
    public static readonly string[] Barriers =
    [
        "just a moment", "attention required", "checking your browser", "verify you are human", "security check", "captcha",
        "ddos protection", "access denied", "access to this page", "request blocked", "web page blocked",
        "blocked", "web application firewall", "requested url could not be retrieved", "安全验证", "人机验证", "验证码", "访问…拦截", "访问…拒绝", "访问…禁止",
    ];

    /// <summary>Signs of a timeout or a broken connection between the relay and its upstream.</summary>
    public static readonly string[] Broken =
    [
        "timeout", "timed out", "time-out", "time out", "deadline exceeded", "超时", "connection reset", "connection refused",
        "disconnect/reset", "upstream connect error", "broken pipe", "unexpected eof"
    ];

    /// <summary>Sentences of the relay itself: an error that begins with one was not accepted, whatever the status.</summary>
    /// <remarks><see cref="Money"/> at the start of the message counts as well.</remarks>
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

    /// <summary>Openings that may precede such a sentence.</summary>
    public static readonly string[] Openings =
    [
        "error:", "error ", "错误：", "错误:", "sorry,", "抱歉，", "抱歉,", "用户", "您的", "你的", "您", "你", "当前", "账户", "账号", "帐户", "帐号", "该令牌", "令牌",
        "剩余",
        "your ", "the ", "user ", "account ", "user's ", "api key ", "token ", "has ", "have ", "is ", "you ", "credits ",
    ];

    /// <summary>The texts of media hosts for a video that is not finished yet; compared without case, anywhere in the body.</summary>
    public static readonly string[] NotReady =
    [
        "not ready", "not yet ready", "not yet available", "still processing", "尚未完成", "未就绪", "处理中", "生成中"
    ];

    private static IEnumerable<string> Combinations(string[] subjects, string[] endings) =>
        from subject in subjects
        from ending in endings
        select subject + ending;
}
