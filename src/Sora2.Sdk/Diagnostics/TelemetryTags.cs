namespace Sora2.Sdk.Diagnostics;

/// <summary>The names of attributes on spans and metrics: of the OpenTelemetry GenAI conventions if there is one, else our own.</summary>
internal static class TelemetryTags
{
    public const string Provider = "gen_ai.provider.name";
    public const string Operation = "gen_ai.operation.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string ResponseId = "gen_ai.response.id";
    public const string OutputType = "gen_ai.output.type";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";

    public const string Client = "sora2.client.name";
    public const string CallKind = "sora2.create.kind";
    public const string Outcome = "sora2.outcome";
    public const string Attempts = "sora2.attempts";
    public const string VideoSeconds = "sora2.video.duration";
    public const string TaskId = "sora2.task.id";
    public const string TaskStatus = "sora2.task.status";
    public const string RawStatus = "sora2.task.raw_status";
    public const string Progress = "sora2.task.progress";
    public const string Bytes = "sora2.download.size";
    public const string RequestId = "sora2.request.id";
}
