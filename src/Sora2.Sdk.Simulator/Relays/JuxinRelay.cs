using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>Juxin: one model, lengths are numbers, tasks are asked for by query string, storyboards come as multipart.</summary>
internal sealed class JuxinRelay(World world) : Relay(world, ModelsOf(world))
{
    private const string CreatePath = "/v1/video/create";
    private const string QueryPath = "/v1/video/query";
    private const string StoryboardPath = "/v1/videos";

    public override string Name => "juxin";

    private bool IsNative => World.Options.JuxinAnswerShape == JuxinAnswerShape.Native;

    protected override SimulatorOperation RecogniseOwn(ReceivedRequest request) => (request.Method, request.Path) switch
    {
        ("POST", CreatePath) => SimulatorOperation.CreateVideo,
        ("POST", StoryboardPath) => SimulatorOperation.CreateStoryboard,
        ("GET", QueryPath) => SimulatorOperation.Query,
        _ => SimulatorOperation.Unknown,
    };

    // Only the relay's own paths know errors; everything else falls through to the web site.
    protected override Answer NoRoute(ReceivedRequest request) =>
        request.Path.StartsWith("/v1/", StringComparison.Ordinal) || request.Path.StartsWith("/sora/", StringComparison.Ordinal)
            ? PlatformErrors.InvalidUrl(request)
            : Answer.Html(200, "聚鑫 API", "统一的大模型接口网关");

    protected override string AskedTask(ReceivedRequest request) => request.Query["id"].ToString();

    protected override string NewTaskId() => IsNative ? OpaqueId.JuxinNative() : OpaqueId.JuxinVideo();

    protected override Answer Create(ReceivedRequest request, SimulatorOperation operation) =>
        operation == SimulatorOperation.CreateStoryboard ? CreateStoryboard(request) : CreateVideo(request);

    protected override JsonObject DescribeAccepted(SimulatedTask task) =>
        IsNative ? JuxinNativeAnswer.Accepted(task) : JuxinOpenAiAnswer.Accepted(task);

    protected override JsonObject Describe(SimulatedTask task, TaskMoment moment) =>
        IsNative ? JuxinNativeAnswer.Describe(task, moment, World) : JuxinOpenAiAnswer.Describe(task, moment, World);

    protected override void Overwrite(JsonObject answer, ScriptedStatus scripted)
    {
        SetRaw(answer, "status", scripted.Status, absent: scripted.Status is null);
        if (scripted.Progress is { } progress)
        {
            var (target, field) = IsNative ? (JuxinNativeAnswer.PendingInfoOf(answer), "progress_pct") : (answer, "progress");
            SetRaw(target, field, progress, absent: progress == ScriptedStatus.Absent);
        }
    }

    private Answer CreateVideo(ReceivedRequest request)
    {
        if (ObjectOf(request) is not { } body)
        {
            return NotJson(request);
        }

        var fields = new JsonFields(body);
        var order = new VideoOrder
        {
            Model = fields.RequiredText("model"),
            Prompt = fields.RequiredPrompt(),
            Seconds = fields.RequiredNumber("duration"),
            Portrait = IsPortrait(fields),
            Images = fields.Images("images", required: true),
            SecondsField = "duration",
        };
        fields.OptionalText("size", "small", "large");
        fields.Flag("watermark");
        fields.Flag("private");
        return Accept(request, fields, order);
    }

    private Answer CreateStoryboard(ReceivedRequest request)
    {
        if (request.Form is not { } form)
        {
            return PlatformErrors.InvalidField(new FieldProblem("body", "must be multipart/form-data"), request);
        }

        var fields = new FormFields(form);
        var order = new VideoOrder
        {
            Model = fields.RequiredText("model"),
            Prompt = fields.RequiredPrompt(),
            Seconds = fields.OptionalSeconds("seconds"),
            Portrait = fields.OptionalText("size", "16x9", "9x16") == "9x16",
            Images = fields.Images("input_reference"),
            SecondsField = "seconds",
        };
        fields.OptionalText("watermark", "true", "false");
        fields.OptionalText("private", "true", "false");
        return Accept(request, fields, order);
    }

    // Either field names the frame; a relay that does not know one ignores it. Two that disagree would make a video nobody asked for.
    private static bool IsPortrait(JsonFields fields)
    {
        var aspectRatio = fields.OptionalText("aspect_ratio", "16:9", "9:16");
        var orientation = fields.OptionalText("orientation", "landscape", "portrait");
        if (aspectRatio is null && orientation is null)
        {
            fields.Reject("orientation", "is required");
        }
        else if (aspectRatio is not null && orientation is not null && (aspectRatio == "9:16") != (orientation == "portrait"))
        {
            fields.Reject("orientation", $"'{orientation}' contradicts the aspect_ratio '{aspectRatio}'");
        }

        return orientation == "portrait" || aspectRatio == "9:16";
    }

    private static ModelLimits[] ModelsOf(World world) =>
    [
        new("sora-2-all", [10, 15], []),
        .. world.Options.ExtraJuxinModels.Select(ModelLimits.Anything),
    ];
}
