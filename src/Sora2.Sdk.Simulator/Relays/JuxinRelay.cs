using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>Juxin: one model, lengths are numbers, tasks are asked for by query string, storyboards come as multipart.</summary>
internal sealed class JuxinRelay(World world) : Relay(world, ModelsOf(world))
{
    private const string CreatePath = "/v1/video/create";
    private const string QueryPath = "/v1/video/query";

    public override string Name => "juxin";

    protected override string SiteTitle => "聚鑫 API";

    private bool IsNative => World.Options.JuxinAnswerShape == JuxinAnswerShape.Native;

    protected override SimulatorOperation RecogniseOwn(ReceivedRequest request) => (request.Method, request.Path) switch
    {
        ("POST", CreatePath) => SimulatorOperation.CreateVideo,
        ("GET", QueryPath) => SimulatorOperation.Query,
        _ => SimulatorOperation.Unknown,
    };

    protected override SimulatorOperation RecogniseVideosCreate(ReceivedRequest request) => SimulatorOperation.CreateStoryboard;

    protected override string AskedTask(ReceivedRequest request) => request.Query["id"].ToString();

    protected override string NewTaskId() => IsNative ? OpaqueId.JuxinNative() : OpaqueId.JuxinVideo();

    protected override JsonObject DescribeAccepted(SimulatedTask task) =>
        IsNative ? JuxinNativeAnswer.Accepted(task) : OpenAiAnswer.Accepted(task);

    protected override JsonObject Describe(SimulatedTask task, TaskMoment moment) =>
        IsNative ? JuxinNativeAnswer.Describe(task, moment, World) : OpenAiAnswer.Describe(task, moment, World);

    protected override JsonObject DescribeAcceptedVideo(SimulatedTask task) => DescribeAccepted(task);

    protected override JsonObject DescribeVideo(SimulatedTask task, TaskMoment moment) => Describe(task, moment);

    protected override bool IsPortraitVideo(FieldReader fields) =>
        fields.IsStrict ? fields.OptionalText("size", "16x9", "9x16") == "9x16" : fields.IsPortrait("size", "orientation", "aspect_ratio");

    protected override void Overwrite(JsonObject answer, ScriptedStatus scripted)
    {
        SetRaw(answer, "status", scripted.Status, absent: scripted.Status is null);
        if (scripted.Progress is { } progress)
        {
            var (target, field) = IsNative ? (JuxinNativeAnswer.PendingInfoOf(answer), "progress_pct") : (answer, "progress");
            SetRaw(target, field, progress, absent: progress == ScriptedStatus.Absent);
        }
    }

    protected override Answer Create(ReceivedRequest request)
    {
        if (ObjectOf(request) is not { } body)
        {
            return NotJson(request);
        }

        var fields = Read(body);
        var order = new VideoOrder
        {
            Model = fields.Model(),
            Prompt = fields.RequiredPrompt(),
            Seconds = fields.Seconds("duration"),
            Portrait = IsPortrait(fields),
            Images = fields.Images("images", required: true),
            SecondsField = "duration",
        };
        fields.OptionalText("size", "small", "large");
        fields.Flag("watermark");
        fields.Flag("private");
        return Accept(request, fields, order);
    }

    // Either field names the frame; a relay that does not know one ignores it. Two that disagree would make a video nobody asked for.
    private static bool IsPortrait(JsonFields fields)
    {
        if (!fields.IsStrict)
        {
            return fields.IsPortrait("orientation", "aspect_ratio", "ratio", "size");
        }

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
