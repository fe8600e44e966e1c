using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>The errors of the platforms, word for word where they were captured.</summary>
internal static class PlatformErrors
{
    public const string PolicyViolation = "输入的提示词或视频的输出内容违反了OpenAI的相关服务政策，请调整提示词后进行重试";

    public static Answer BadKey(ReceivedRequest request) => NewApi(401, "无效的令牌", "", request);

    public static Answer InvalidUrl(ReceivedRequest request) => Error(404, $"Invalid URL ({request.Method} {request.Path})", "invalid_request_error", "", "");

    public static Answer InvalidField(FieldProblem problem, ReceivedRequest request) =>
        Error(400, $"{problem.Field} {problem.Message} (request id: {request.Id})", "invalid_request_error", problem.Field, "invalid_parameter");

    public static Answer NoChannel(int statusCode, string model, ReceivedRequest request) =>
        NewApi(statusCode, $"分组 auto 下模型 {model} 无可用渠道（distributor）", "model_not_found", request);

    /// <summary>A request without a model: the distributor took another family's, which nobody serves.</summary>
    public static Answer NoModel(ReceivedRequest request) =>
        NewApi(503, "No available channels for model veo2-fast in group default", "model_not_found", request);

    public static Answer ChannelNotFound(ReceivedRequest request) => NewApi(404, "channel not found", "", request);

    public static Answer QuotaExhausted(int statusCode, ReceivedRequest request) =>
        NewApi(statusCode, "用户额度不足, 剩余额度: ＄0.000000", "insufficient_user_quota", request);

    public static Answer TaskNotExist(int statusCode) => Plain(statusCode, "task_not_exist", "task_not_exist");

    /// <summary>The same on the routes from OpenAI's video API, in both forms: the gateway's own, and the one that OpenAI's packages read.</summary>
    public static Answer VideoNotExist(int statusCode) => Answer.Json(statusCode, new JsonObject
    {
        ["code"] = "task_not_exist",
        ["message"] = "task_not_exist",
        ["data"] = null,
        ["error"] = ErrorObject("task_not_exist", "invalid_request_error", "", "task_not_exist"),
    });

    public static Answer NotFinished(ReceivedRequest request) =>
        Error(400, $"Task is not completed yet (request id: {request.Id})", "invalid_request_error", "", "task_not_completed");

    public static Answer Saturated(int statusCode) => Plain(statusCode, "rate_limited", "当前分组上游负载已饱和，请稍后再试");

    public static Answer NewApi(int statusCode, string message, string code, ReceivedRequest request) =>
        Error(statusCode, $"{message} (request id: {request.Id})", "new_api_error", "", code);

    private static Answer Plain(int statusCode, string code, string message) =>
        Answer.Json(statusCode, new JsonObject { ["code"] = code, ["message"] = message, ["data"] = null });

    private static Answer Error(int statusCode, string message, string type, string field, string code) => Answer.Json(statusCode, new JsonObject
    {
        ["error"] = ErrorObject(message, type, field, code),
    });

    private static JsonObject ErrorObject(string message, string type, string field, string code) =>
        new() { ["message"] = message, ["type"] = type, ["param"] = field, ["code"] = code };
}
