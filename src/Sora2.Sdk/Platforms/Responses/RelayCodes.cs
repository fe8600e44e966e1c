using System.Collections.Frozen;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>The codes of the relays, by their meaning; sources as for <see cref="RelayPhrases"/>.</summary>
internal static class RelayCodes
{
    /// <summary>Codes that wrap an upstream's refusal: everything inside is about the relay's own account there.</summary>
    public static readonly FrozenSet<string> Wrappers = new[]
    {
        "fail_to_fetch_task", "bad_response_status_code"
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Codes of the envelope of a success.</summary>
    public static readonly FrozenSet<string> Successes = new[]
    {
        "0", "200", "success", "succeed", "succeeded", "ok"
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, RelayCode> Codes =
        CreateTable().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the meaning of a word that is a known code.</summary>
    public static RelayCode? FindExact(string word) => Codes.TryGetValue(word, out var known) ? known : null;

    /// <summary>Returns the meaning of a code in a field of its own, or null if it is not known.</summary>
    public static RelayCode? Find(string code)
    {
        if (FindExact(code) is { } known)
        {
            return known;
        }

        if (code.AsSpan().ContainsAny(" \t\r\n"))
        {
            return null; // a sentence in the wrong field
        }

        // new-api's codes for a channel with a wrong setup or a used-up key: the next attempt may use another one.
        if (code.StartsWith("channel:", StringComparison.OrdinalIgnoreCase))
        {
            return new RelayCode(Sora2ErrorKind.Saturated, Acceptance.Refused);
        }

        // Volcengine's names: InputImageSensitiveContentDetected, OutputAudioSensitiveContentDetected.PrivacyInformation, …
        if (code.Contains("SensitiveContent", StringComparison.OrdinalIgnoreCase))
        {
            return code.StartsWith("Output", StringComparison.OrdinalIgnoreCase)
                ? new RelayCode(Sora2ErrorKind.OutputModeration)
                : new RelayCode(Sora2ErrorKind.InputModeration, Acceptance.Refused);
        }

        return null;
    }

    private static Dictionary<string, RelayCode> CreateTable()
    {
        var codes = new Dictionary<string, RelayCode>(StringComparer.OrdinalIgnoreCase);
        Add(
            new(Sora2ErrorKind.InsufficientQuota, Acceptance.Refused),
            "insufficient_user_quota", "pre_consume_token_quota_failed", "insufficient_quota", "insufficient_balance",
            "insufficient_credit", "insufficient_credits", "insufficient_funds", "insufficient_account_balance",
            "InsufficientBalance", "InsufficientCredits", "InsufficientQuota", "quota_not_enough", "user_quota_not_enough",
            "balance_not_enough", "not_enough_credits", "no_credits", "credits_exhausted",
            "payment_required", "billing_hard_limit_reached", "billing_not_active", "Arrearage", "AccountOverdueError",
            "AccountOverdue", "Account.Overdue");
        Add(
            new(Sora2ErrorKind.Authentication, Acceptance.Refused),
            "invalid_api_key", "InvalidApiKey", "invalid_token", "invalid_key", "missing_api_key", "token_expired", "api_key_expired",
            "authentication_error", "AuthenticationError");
        Add(
            new(Sora2ErrorKind.ModelUnavailable, Acceptance.Refused),
            "model_not_found", "ModelNotFound", "no_available_channel", "ModelNotOpen");

        // Before the upstream is involved: no channel is left for another attempt, or this relay's own machine is too busy.
        Add(
            new(Sora2ErrorKind.Saturated, Acceptance.Refused),
            "get_channel_failed", "system_cpu_overloaded", "system_memory_overloaded", "system_disk_overloaded", "no_channel_available",
            "upstream_saturated", "setup_locked_channel_failed");

        // Before the upstream is involved: the relay could not read, price or write the request. Its text has the reason.
        Add(
            new(null, Acceptance.Refused),
            "gen_relay_info_failed", "build_request_failed", "convert_request_failed", "read_request_body_failed", "bad_request_body",
            "count_token_failed", "model_price_error", "invalid_api_type", "invalid_api_platform",
            "access_denied", "get_user_quota_failed", "get_origin_task_failed", "missing_model", "invalid_multipart_form");

        // After the request was sent to the upstream: it may have been accepted.
        Add(
            new(Sora2ErrorKind.ServerError, Acceptance.Unknown),
            "do_request_failed", "read_response_body_failed", "unmarshal_response_body_failed", "marshal_response_body_failed",
            "copy_response_body_failed", "bad_response", "bad_response_body", "empty_response",
            "invalid_response", "fetch_task_failed", "insert_task_failed", "channel:response_time_exceeded");

        Add(
            new(Sora2ErrorKind.InputModeration, Acceptance.Refused),
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
