using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>Juxin: one model, lengths are numbers, tasks are queried by query string, storyboards are multipart.</summary>
internal sealed class JuxinRelay(SimulatorState state) : Relay(state, ModelsOf(state))
{
    private const string CreatePath = "/v1/video/create";
    private const string QueryPath = "/v1/video/query";

    public override string Name => "juxin";

    protected override string WebsiteTitle => "聚鑫 API";

    private bool IsNative => State.Options.JuxinResponseShape == JuxinResponseShape.Native;

    protected override SimulatorOperation RecogniseOwn(ReceivedRequest request) => (request.Method, request.Path) switch
    {
        ("POST", CreatePath) => SimulatorOperation.CreateVideo,
        ("GET", QueryPath) => SimulatorOperation.Query,
        _ => SimulatorOperation.Unknown,
    };

    protected override SimulatorOperation RecogniseVideosCreate(ReceivedRequest request) =>
        SimulatorOperation.CreateStoryboard;

    protected override string QueriedTaskId(ReceivedRequest request) => request.Query["id"].ToString();

    protected override string NewTaskId() => IsNative ? OpaqueId.JuxinNative() : OpaqueId.JuxinVideo();

    protected override JsonObject DescribeAccepted(SimulatedTask task) =>
        IsNative ? JuxinNativeResponse.Accepted(task) : OpenAiVideoResponse.Accepted(task);

    protected override JsonObject Describe(SimulatedTask task, TaskSnapshot snapshot) =>
        IsNative ? JuxinNativeResponse.Describe(task, snapshot, State) : OpenAiVideoResponse.Describe(task, snapshot, State);

    protected override JsonObject DescribeAcceptedVideo(SimulatedTask task) => DescribeAccepted(task);

    protected override JsonObject DescribeVideo(SimulatedTask task, TaskSnapshot snapshot) => Describe(task, snapshot);

    protected override bool IsPortraitVideo(FieldReader fields) =>
        fields.IsStrict
            ? fields.OptionalText("size", "16x9", "9x16") == "9x16"
            : fields.IsPortrait("size", "orientation", "aspect_ratio");

    protected override void Overwrite(JsonObject response, ScriptedStatus scripted)
    {
        SetRaw(response, "status", scripted.Status, absent: scripted.Status is null);
        if (scripted.Progress is { } progress)
        {
            var (target, field) = IsNative ? (JuxinNativeResponse.PendingInfoOf(response), "progress_pct") : (response, "progress");
            SetRaw(target, field, progress, absent: progress == ScriptedStatus.Absent);
        }
    }

    protected override SimulatedResponse Create(ReceivedRequest request)
    {
        if (ObjectOf(request) is not { } body)
        {
            return PlatformErrors.NotJson(request);
        }

        var fields = Read(body);
        var parameters = new VideoParameters
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
        return Accept(request, fields, parameters);
    }

    // Either field sets the orientation; a relay ignores a field that it does not know. Two fields that disagree would make a video
    // that the client did not ask for, so that is rejected.
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

    private static ModelLimits[] ModelsOf(SimulatorState state) =>
    [
        new("sora-2-all", [10, 15], []),
        .. state.Options.ExtraJuxinModels.Select(ModelLimits.Unrestricted),
    ];
}
