using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Serving;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>The error responses of the platforms, word for word where they were captured.</summary>
internal static class PlatformErrors
{
    public const string PolicyViolation = "输入的提示词或视频的输出内容违反了OpenAI的相关服务政策，请调整提示词后进行重试";

    public static SimulatedResponse BadKey(ReceivedRequest request) => NewApi(401, "无效的令牌", "", request);

    public static SimulatedResponse InvalidUrl(ReceivedRequest request) =>
        Error(404, $"Invalid URL ({request.Method} {request.Path})", "invalid_request_error", "", "");

    public static SimulatedResponse InvalidField(FieldProblem problem, ReceivedRequest request) => Error(
        400,
        $"{problem.Field} {problem.Message} (request id: {request.Id})",
        "invalid_request_error",
        problem.Field,
        "invalid_parameter");

    public static SimulatedResponse NotJson(ReceivedRequest request) =>
        InvalidField(new FieldProblem("body", "must be a JSON object with the content type application/json"), request);

    public static SimulatedResponse NoChannel(int statusCode, string model, ReceivedRequest request) =>
        NewApi(statusCode, $"分组 auto 下模型 {model} 无可用渠道（distributor）", "model_not_found", request);

    /// <summary>The error for a request without a model.</summary>
    /// <remarks>The distributor then chooses a model of another family, which no channel serves.</remarks>
    public static SimulatedResponse NoModel(ReceivedRequest request) =>
        NewApi(503, "No available channels for model veo2-fast in group default", "model_not_found", request);

    public static SimulatedResponse ChannelNotFound(ReceivedRequest request) =>
        NewApi(404, "channel not found", "", request);

    public static SimulatedResponse QuotaExhausted(int statusCode, ReceivedRequest request) =>
        NewApi(statusCode, "用户额度不足, 剩余额度: ＄0.000000", "insufficient_user_quota", request);

    public static SimulatedResponse TaskNotExist(int statusCode) => Plain(statusCode, "task_not_exist", "task_not_exist");

    /// <summary>The same error on the routes from OpenAI's video API.</summary>
    /// <remarks>It has two forms: the gateway's own and the one that OpenAI's packages read.</remarks>
    public static SimulatedResponse VideoNotExist(int statusCode) => SimulatedResponse.Json(statusCode, new JsonObject
    {
        ["code"] = "task_not_exist",
        ["message"] = "task_not_exist",
        ["data"] = null,
        ["error"] = ErrorObject("task_not_exist", "invalid_request_error", "", "task_not_exist"),
    });

    public static SimulatedResponse NotFinished(ReceivedRequest request) => Error(
        400,
        $"Task is not completed yet (request id: {request.Id})",
        "invalid_request_error",
        "",
        "task_not_completed");

    public static SimulatedResponse Saturated(int statusCode) => Plain(statusCode, "rate_limited", "当前分组上游负载已饱和，请稍后再试");

    public static SimulatedResponse NewApi(int statusCode, string message, string code, ReceivedRequest request) =>
        Error(statusCode, $"{message} (request id: {request.Id})", "new_api_error", "", code);

    private static SimulatedResponse Plain(int statusCode, string code, string message) =>
        SimulatedResponse.Json(statusCode, new JsonObject { ["code"] = code, ["message"] = message, ["data"] = null });

    private static SimulatedResponse Error(int statusCode, string message, string type, string field, string code) =>
        SimulatedResponse.Json(statusCode, new JsonObject { ["error"] = ErrorObject(message, type, field, code) });

    private static JsonObject ErrorObject(string message, string type, string field, string code) =>
        new() { ["message"] = message, ["type"] = type, ["param"] = field, ["code"] = code };
}
