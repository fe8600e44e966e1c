using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sora2.Sdk.Common;
using Sora2.Sdk.Platforms;
using Sora2.Sdk.Platforms.Responses;

namespace Sora2.Sdk.Tests.Errors;

public sealed class ErrorClassifierTests
{
    [Theory]
    [InlineData(401, """{"error":{"message":"无效的令牌"}}""", Sora2ErrorKind.Authentication)]
    [InlineData(401, """{"error":{"message":"Invalid token"}}""", Sora2ErrorKind.Authentication)]
    [InlineData(401, """{"message":"未提供令牌"}""", Sora2ErrorKind.Authentication)]
    [InlineData(401, "{}", Sora2ErrorKind.Authentication)]
    [InlineData(401, """{"error":{"message":"该令牌额度已用尽"}}""", Sora2ErrorKind.InsufficientQuota)]
    [InlineData(403, """{"error":{"code":"insufficient_user_quota","message":"x"}}""", Sora2ErrorKind.InsufficientQuota)]
    [InlineData(429, """{"code":"pre_consume_token_quota_failed","message":"x","data":null}""", Sora2ErrorKind.InsufficientQuota)]
    [InlineData(403, """{"detail":"no access"}""", Sora2ErrorKind.PermissionDenied)]
    [InlineData(429, """{"error":{"message":"Too many requests"}}""", Sora2ErrorKind.RateLimited)]
    [InlineData(429, "", Sora2ErrorKind.RateLimited)]
    [InlineData(500, """{"error":{"message":"当前分组上游负载已饱和，请稍后再试"}}""", Sora2ErrorKind.Saturated)]
    [InlineData(502, """{"code":"x","message":"当前分组上游负载已饱和，请稍后再试","data":null}""", Sora2ErrorKind.Saturated)]
    [InlineData(503, """{"error":{"message":"No available channel for model sora-2"}}""", Sora2ErrorKind.ModelUnavailable)]
    [InlineData(404, """{"error":{"message":"channel not found"}}""", Sora2ErrorKind.ModelUnavailable)]
    [InlineData(404, """{"error":{"message":"Invalid URL (GET /v9/x)"}}""", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(400, """{"error":{"message":"content policy: this was flagged"}}""", Sora2ErrorKind.InputModeration)]
    [InlineData(400, """{"error":{"message":"bad size"}}""", Sora2ErrorKind.InvalidRequest)]
    [InlineData(200, """{"id":"","status":"error","error":"text"}""", Sora2ErrorKind.Unknown)]
    [InlineData(500, """{"error":{"message":"boom"}}""", Sora2ErrorKind.ServerError)]
    [InlineData(500, """{"error":{"message":"upstream returned an invalid token in JSON"}}""", Sora2ErrorKind.ServerError)]
    [InlineData(502, """{"error":{"message":"connection pool saturated, upstream response lost"}}""", Sora2ErrorKind.ServerError)]
    [InlineData(504, """{"error":{"message":"timeout waiting for upstream moderation"}}""", Sora2ErrorKind.ServerError)]
    [InlineData(400, """{"error":{"message":"bad prompt: a saturated sunset"}}""", Sora2ErrorKind.InvalidRequest)]
    [InlineData(408, "{}", Sora2ErrorKind.Timeout)]
    [InlineData(200, "<html><head><title>Relay</title></head></html>", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(502, "<html><title>502 Bad Gateway</title></html>", Sora2ErrorKind.ServerError)]
    [InlineData(404, "<!doctype html><p>x", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(500, "<html>", Sora2ErrorKind.ServerError)]
    [InlineData(408, "<html>", Sora2ErrorKind.Timeout)]
    [InlineData(429, "<html>", Sora2ErrorKind.RateLimited)]
    [InlineData(300, "", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(399, "{}", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(400, "{}", Sora2ErrorKind.InvalidRequest)]
    [InlineData(404, "{}", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(405, "{}", Sora2ErrorKind.WrongEndpoint)]
    [InlineData(200, "{}", Sora2ErrorKind.UnreadableResponse)]
    [InlineData(403, """{"message":"Invalid token"}""", Sora2ErrorKind.Authentication)]
    [InlineData(401, """{"message":"账号审核中"}""", Sora2ErrorKind.Authentication)]
    [InlineData(429, """{"message":"政策 limit"}""", Sora2ErrorKind.RateLimited)]
    [InlineData(500, """{"id":"","error":"提示词违反政策"}""", Sora2ErrorKind.InputModeration)]
    [InlineData(400, """{"code":"task_not_exist"}""", Sora2ErrorKind.TaskNotFound)]
    [InlineData(500, """{"code":"model_not_found","data":null}""", Sora2ErrorKind.ModelUnavailable)]
    public void Response_is_classified_by_its_text_before_its_status(int status, string body, Sora2ErrorKind kind) =>
        Assert.Equal(kind, Classify(status, body).Kind);

    [Fact]
    public void Query_of_a_task_with_404_means_that_the_task_is_not_known() =>
        Assert.Equal(Sora2ErrorKind.TaskNotFound, Classify(404, """{"error":{"message":"not here"}}""", CallKind.Query, "task-1").Kind);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]
    public void Message_is_the_innermost_text(int depth)
    {
        var body = "上游说不行";
        for (var i = 0; i < depth; i++)
        {
            var json = i % 2 == 0
                ? new JsonObject { ["error"] = new JsonObject { ["message"] = body } }
                : new JsonObject { ["code"] = "x", ["message"] = body };
            body = json.ToJsonString();
        }

        Assert.StartsWith("上游说不行", Classify(400, body).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_read()
    {
        var body = "x";
        for (var i = 0; i < 12; i++)
        {
            body = JsonValue.Create(body).ToJsonString();
        }

        Assert.NotEmpty(Classify(400, "{\"message\":" + body + "}").Message);
    }

    [Theory]
    [InlineData("""{"error":{"message":"quota of sk-fake***key is used up 额度不足"}}""")]
    [InlineData("""{"message":"token sk-test-fake-0000 不足"}""")]
    public void Key_like_text_is_redacted_everywhere(string body)
    {
        var error = Classify(403, body);

        Assert.DoesNotContain("sk-fake", error.ToString() + error.RawBody, StringComparison.Ordinal);
        Assert.DoesNotContain("fake-0000", error.ToString() + error.RawBody, StringComparison.Ordinal);
        Assert.Contains("sk-***", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("该令牌sk-fake-key-0000额度已用尽")]
    [InlineData("token_sk-fake-key-0000")]
    [InlineData("key SK-fake-key-0000 is wrong")]
    public void Key_between_Chinese_letters_is_redacted(string text)
    {
        var error = Classify(403, new JsonObject { ["message"] = text }.ToJsonString());

        Assert.DoesNotContain("fake-key", error.ToString() + error.RawBody, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":{"message":"key 0123abcd-fake is not known"}}""")]
    [InlineData("<html><title>0123abcd-fake</title></html>")]
    public void Own_key_of_any_format_is_redacted(string body)
    {
        var error = ErrorClassifier.Classify(Response(401, body, CallKind.CreateVideo, null) with { Key = "0123abcd-fake" });

        Assert.DoesNotContain("0123abcd", error.ToString() + error.RawBody, StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_errors_are_read_in_one_pass()
    {
        var body = string.Concat(Enumerable.Repeat("{\"error\":", 60)) + "\"deep\"" + new string('}', 60);

        Assert.StartsWith("deep", Classify(400, body).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_character_is_not_charged_and_a_broken_response_is_unknown()
    {
        Assert.Equal(false, Classify(200, """{"error":"no"}""", CallKind.CreateCharacter).MayHaveBeenCharged);
        Assert.Null(Classify(200, "", CallKind.CreateCharacter).MayHaveBeenCharged);
        Assert.Null(Classify(500, """{"error":"no"}""", CallKind.CreateCharacter).MayHaveBeenCharged);
    }

    [Fact]
    public void Query_without_a_task_costs_nothing()
    {
        Assert.Equal(false, Classify(500, "{}", CallKind.Query).MayHaveBeenCharged);
        Assert.Equal(true, Classify(500, "{}", CallKind.Query, "t").MayHaveBeenCharged);
        Assert.Equal(Sora2ErrorKind.WrongEndpoint, Classify(404, "{}", CallKind.Query).Kind);
    }

    [Theory]
    [InlineData("""{"code":"x","data":{"message":"inner"}}""", "inner")]
    [InlineData("""{"message":"outer","data":{"message":"inner"}}""", "outer")]
    [InlineData("""{"error":[{"nothing":1},{"message":"second"}]}""", "second")]
    [InlineData("""{"message":"{not json"}""", "{not json")]
    [InlineData("""{"message":"[\"of a list\"]"}""", "of a list")]
    [InlineData("""{"error":{"message":"en","message_zh":"中文"}}""", "中文")]
    [InlineData("""{"detail":"why"}""", "why")]
    [InlineData("""{"message":"","error":"why"}""", "why")]
    public void Most_useful_text_is_found(string body, string text) =>
        Assert.StartsWith(text, Classify(400, body).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"message":"  "}""")]
    [InlineData("""{"message":" (request id: 5)"}""")]
    public void Response_without_a_text_names_the_call(string body) =>
        Assert.StartsWith("POST https://h/path returned 400 ", Classify(400, body).Message, StringComparison.Ordinal);

    [Fact]
    public void Request_id_in_the_text_wins_over_the_header()
    {
        Assert.Equal(
            "5",
            ErrorClassifier.Classify(
                Response(400, """{"message":"x (request id: 5)"}""", CallKind.CreateVideo, null) with { RequestId = "6" }).RequestId);
        Assert.Equal(
            "6",
            ErrorClassifier.Classify(Response(400, """{"message":"x"}""", CallKind.CreateVideo, null) with { RequestId = "6" }).RequestId);
    }

    [Fact]
    public void Missing_model_lists_the_known_models_of_a_known_platform()
    {
        const string Body = """{"message":"无可用渠道"}""";

        Assert.EndsWith("sora-2-all.", Classify(503, Body).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Known to this SDK",
            ErrorClassifier.Classify(Response(503, Body, CallKind.CreateVideo, null) with { Platform = "acme" }).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_account_reports_no_charge_only_for_a_create()
    {
        const string Body = """{"message":"额度不足"}""";

        Assert.Contains("nothing was charged", Classify(403, Body).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was charged", Classify(403, Body, CallKind.Query, "t").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("用户已被封禁")]
    [InlineData("该用户已被禁用")]
    [InlineData("User has been banned")]
    [InlineData("您的账户已被冻结，请联系客服")]
    [InlineData("账号因违规被封禁")]
    [InlineData("您的账号因多次违规，账号已被封号")]
    [InlineData("帐户被停用")]
    [InlineData("账户余额已冻结")]
    [InlineData("Your account has been suspended for violating our content policy.")]
    [InlineData("Your account is temporarily disabled")]
    [InlineData("This key is associated with a deactivated account.")]
    [InlineData("The OpenAI account associated with this API key has been deactivated.")]
    [InlineData("This organization has been disabled.")]
    [InlineData("Your access was terminated due to violation of our policies, please check your email.")]
    public void Blocked_account_is_neither_an_empty_one_nor_a_refused_prompt(string words)
    {
        foreach (var status in (int[])[400, 401, 403, 429, 200])
        {
            var error = Classify(status, new JsonObject { ["error"] = new JsonObject { ["message"] = words } }.ToJsonString());

            Assert.Equal((Sora2ErrorKind.PermissionDenied, (bool?)false), (error.Kind, error.MayHaveBeenCharged));
            Assert.Contains("support", error.Message, StringComparison.Ordinal);
            Assert.DoesNotMatch("(?i)top up|API key of|group|Change the prompt", error.Message);
            Assert.DoesNotMatch("(?i)top up|change the prompt", error.Advice);
        }
    }

    [Theory]
    [InlineData("账户欠费，已被停用", Sora2ErrorKind.InsufficientQuota)]
    [InlineData("Account suspended: insufficient balance, please top up", Sora2ErrorKind.InsufficientQuota)]
    [InlineData("您的账号存在违规，继续提交账号将被封禁", Sora2ErrorKind.InputModeration)]
    [InlineData("This violates our content policy; your account may be suspended", Sora2ErrorKind.InputModeration)]
    [InlineData("该令牌已被禁用", Sora2ErrorKind.Authentication)]
    [InlineData("This API key has been disabled", Sora2ErrorKind.Authentication)]
    [InlineData("该渠道已被禁用", Sora2ErrorKind.PermissionDenied)]
    [InlineData("the user is restricted to 10 s", Sora2ErrorKind.PermissionDenied)]
    public void Text_near_that_of_a_blocked_account_keeps_its_kind(string words, Sora2ErrorKind kind)
    {
        var error = Classify(403, new JsonObject { ["message"] = words }.ToJsonString());

        Assert.Equal(kind, error.Kind);
        Assert.DoesNotContain("The account is blocked", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocked_account_of_the_relay_at_its_upstream_is_not_the_callers()
    {
        var error = Classify(401, """{"code":"fail_to_fetch_task","message":"Your account has been suspended","data":null}""");

        Assert.Equal((Sora2ErrorKind.Saturated, (bool?)false), (error.Kind, error.MayHaveBeenCharged));
    }

    [Theory]
    [InlineData("<html><body>x", "a web page instead")]
    [InlineData("<html><title>  </title>", "a web page instead")]
    public void Page_without_a_title_is_reported_without_one(string body, string words) =>
        Assert.Contains(words, Classify(200, body).Message, StringComparison.Ordinal);

    [Fact]
    public void Page_of_a_gateway_does_not_blame_the_base_address()
    {
        var message = Classify(504, "<html><title>504</title>").Message;

        Assert.Contains("a gateway in front of Juxin", message, StringComparison.Ordinal);
        Assert.DoesNotContain("BaseAddress", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_title_is_truncated() =>
        Assert.Contains(
            $"\"{new string('t', 200)}\"", Classify(200, $"<title>{new string('t', 300)}</title>").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("refused", "refused.")]
    [InlineData("refused. ", "refused.")]
    [InlineData("why?", "why?")]
    [InlineData("no!", "no!")]
    [InlineData("请稍后再试。", "请稍后再试。")]
    [InlineData("好！", "好！")]
    [InlineData("吗？", "吗？")]
    [InlineData("more…", "more…")]
    [InlineData("", "")]
    public void Foreign_text_gets_a_period(string text, string sentence) => Assert.Equal(sentence, MessageText.EnsurePeriod(text));

    [Fact]
    public void Page_in_place_of_a_task_is_a_wrong_endpoint() =>
        Assert.Equal(
            Sora2ErrorKind.WrongEndpoint,
            Assert.Throws<Sora2ApiException>(() =>
                Sora2Platform.Juxin.DecodeTask(Response(200, "<html><title>x</title>", CallKind.Query, "t"))).Kind);

    [Fact]
    public void Raw_body_is_capped() =>
        Assert.Equal(4096, Classify(400, "{\"message\":\"" + new string('字', 9000) + "\"}").RawBody!.Length);

    [Fact]
    public void Web_page_reports_address_title_and_next_step()
    {
        var error = Classify(200, "<html><title> 聚鑫 API &amp; more </title></html>");

        Assert.Contains("POST https://h/path", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"聚鑫 API & more\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("BaseAddress", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Redirect_reports_both_addresses_without_the_query()
    {
        var location = new Uri("https://other.example.com/p?token=secret");

        var error = ErrorClassifier.Classify(Response(307, "", CallKind.CreateVideo, null) with { Location = location });

        Assert.Equal((Sora2ErrorKind.WrongEndpoint, false), (error.Kind, error.MayHaveBeenCharged));
        Assert.Contains("https://h/path", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://other.example.com/p", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"bad"}}""", false)]
    [InlineData(500, """{"id":"","status":"error","error":"x"}""", false)]
    [InlineData(200, """{"id":"","status":"error","error":"x"}""", false)]
    [InlineData(503, """{"error":{"message":"无可用渠道"}}""", false)]
    [InlineData(500, """{"error":{"message":"boom"}}""", null)]
    [InlineData(500, """{"error":{"message":"error"}}""", null)]
    [InlineData(502, "<html>", null)]
    [InlineData(504, "", null)]
    [InlineData(408, "{}", null)]
    [InlineData(200, "", null)]
    [InlineData(200, "{}", null)]
    [InlineData(200, "<html>", false)]
    [InlineData(300, "", false)]
    [InlineData(399, "", false)]
    [InlineData(400, "", false)]
    [InlineData(498, "", false)]
    [InlineData(499, "", null)]
    [InlineData(500, """{"id":"","error":"x"}""", false)]
    [InlineData(500, """{"status":"ERROR","error":"x"}""", false)]
    [InlineData(500, """{"id":"","task_id":"t","error":"x"}""", null)]
    [InlineData(500, """{"id":"","taskId":"t","error":"x"}""", null)]
    [InlineData(500, """{"id":"t","error":"x"}""", null)]
    [InlineData(500, """{"id":7,"status":3,"error":"x"}""", null)]
    [InlineData(500, """{"status":"failed","error":"x"}""", null)]
    [InlineData(500, """[{"id":""}]""", null)]
    [InlineData(500, """{"error":{"message":"upstream returned an invalid token in JSON"}}""", null)]
    [InlineData(502, """{"error":{"message":"connection pool saturated"}}""", null)]
    [InlineData(200, """{"error":{"message":"timeout waiting for upstream"}}""", null)]
    [InlineData(200, """{"code":1,"message":"提交成功","result":"t1"}""", null)]
    public void Create_is_refused_only_if_the_response_proves_it(int status, string body, bool? mayHaveBeenCharged) =>
        Assert.Equal(mayHaveBeenCharged, Classify(status, body).MayHaveBeenCharged);

    [Theory]
    [InlineData("输入的提示词或视频的输出内容违反了OpenAI的相关服务政策", Sora2ErrorKind.InputModeration)]
    [InlineData("生成的视频违反政策", Sora2ErrorKind.OutputModeration)]
    [InlineData("The output may violate our content policy", Sora2ErrorKind.OutputModeration)]
    [InlineData("上传的图片含有写实人物", Sora2ErrorKind.InputModeration)]
    [InlineData("This may violate our guardrails concerning similarity to third-party content", Sora2ErrorKind.InputModeration)]
    [InlineData("审核不通过", Sora2ErrorKind.InputModeration)]
    [InlineData("文件上传失败，请重新发起请求", Sora2ErrorKind.TaskFailed)]
    [InlineData("无可用渠道", Sora2ErrorKind.ModelUnavailable)]
    [InlineData("该账号因违规已被封禁", Sora2ErrorKind.TaskFailed)] // the relay's own account
    [InlineData("内容违规，多次违规账号将被封禁", Sora2ErrorKind.InputModeration)]
    [InlineData(null, Sora2ErrorKind.TaskFailed)]
    public void Failed_tasks_reason_decides_the_kind(string? reason, Sora2ErrorKind kind) =>
        Assert.Equal(kind, TaskFailureClassifier.Classify(reason));

    private static Sora2ApiException Classify(int status, string body, CallKind call = CallKind.CreateVideo, string? taskId = null) =>
        ErrorClassifier.Classify(Response(status, body, call, taskId));

    private static ApiResponse Response(int status, string body, CallKind call, string? taskId) =>
        new()
        {
            Platform = "juxin",
            Kind = call,
            StatusCode = (HttpStatusCode)status,
            Body = Encoding.UTF8.GetBytes(body),
            TaskId = taskId,
            Method = HttpMethod.Post,
            Address = new Uri("https://h/path"),
        };
}
