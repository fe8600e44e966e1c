using System.Globalization;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>Zhenzhen: one route creates videos and storyboards, lengths are strings, tasks are queried by path.</summary>
internal sealed class ZhenzhenRelay(SimulatorState state) : Relay(state, ModelsOf(state))
{
    private const string CreatePath = "/v2/videos/generations";
    private const string QueryPrefix = CreatePath + "/";

    public override string Name => "zhenzhen";

    protected override string WebsiteTitle => "贞贞的AI工坊";

    protected override SimulatorOperation RecogniseOwn(ReceivedRequest request)
    {
        if (request.Is("POST", CreatePath))
        {
            return RecogniseVideosCreate(request);
        }

        return request.Method == "GET"
            && request.Path.StartsWith(QueryPrefix, StringComparison.Ordinal)
            && QueriedTaskId(request) is { Length: > 0 }
            && !request.Path[QueryPrefix.Length..].Contains('/')
            ? SimulatorOperation.Query
            : SimulatorOperation.Unknown;
    }

    protected override SimulatorOperation RecogniseVideosCreate(ReceivedRequest request) =>
        PromptOf(request) is { } prompt && PromptText.IsStoryboard(prompt)
            ? SimulatorOperation.CreateStoryboard
            : SimulatorOperation.CreateVideo;

    protected override string QueriedTaskId(ReceivedRequest request) =>
        Uri.UnescapeDataString(request.Path[QueryPrefix.Length..]);

    protected override string NewTaskId() => OpaqueId.Zhenzhen();

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
            Portrait = fields.IsStrict
                ? fields.OptionalText("aspect_ratio", "16:9", "9:16") == "9:16"
                : fields.IsPortrait("aspect_ratio", "ratio", "orientation", "size"),
            Seconds = fields.OptionalSeconds("duration"),
            HighDefinition = fields.Flag("hd"),
            Images = fields.Images("images", required: false),
            SecondsField = "duration",
        };
        if (fields.IsStrict)
        {
            // The relay makes 10 s where the length is omitted, so a length that a client fails to send makes a wrong video instead of
            // an error. Strict rules reject it.
            Require(fields, "aspect_ratio", "duration");
        }

        fields.Flag("watermark");
        fields.Flag("private");
        fields.OptionalText("notify_hook");
        fields.OptionalNumber("seed");
        return Accept(request, fields, parameters);
    }

    protected override JsonObject DescribeAccepted(SimulatedTask task) => new() { ["task_id"] = task.Id };

    protected override JsonObject Describe(SimulatedTask task, TaskSnapshot snapshot) => new()
    {
        ["task_id"] = task.Id,
        ["platform"] = "openai",
        ["action"] = "sora-video",
        ["status"] = StatusOf(snapshot.Stage),
        ["fail_reason"] = snapshot.FailureReason ?? "",
        ["submit_time"] = task.CreatedAt.ToUnixTimeSeconds(),
        ["start_time"] = snapshot.StartedAt?.ToUnixTimeSeconds() ?? 0,
        ["finish_time"] = snapshot.FinishedAt?.ToUnixTimeSeconds() ?? 0,
        ["progress"] = ProgressOf(snapshot),
        ["data"] = snapshot.Stage == TaskStage.Succeeded ? new JsonObject { ["output"] = State.Links.VideoOf(task) } : null,
        ["search_item"] = "",
    };

    // The gateway's own shape: OpenAI's object, the id under a second name, and the address in the metadata. Clients of this platform
    // read video_url as well.
    protected override JsonObject DescribeAcceptedVideo(SimulatedTask task)
    {
        var response = OpenAiVideoResponse.Accepted(task);
        response["task_id"] = task.Id;
        return response;
    }

    protected override JsonObject DescribeVideo(SimulatedTask task, TaskSnapshot snapshot)
    {
        var response = OpenAiVideoResponse.Describe(task, snapshot, State);
        response["task_id"] = task.Id;
        if (snapshot.Stage == TaskStage.Succeeded)
        {
            response["metadata"] = new JsonObject { ["url"] = State.Links.VideoOf(task) };
        }

        return response;
    }

    protected override bool IsPortraitVideo(FieldReader fields)
    {
        if (!fields.IsStrict)
        {
            return fields.IsPortrait("size", "aspect_ratio");
        }

        var size = fields.OptionalText("size");
        var portrait = AspectRatioText.IsPortrait(size);
        if (size is not null && portrait is null)
        {
            fields.Reject("size", $"must read like 1280x720, not '{size}'");
        }

        return portrait == true;
    }

    protected override void Overwrite(JsonObject response, ScriptedStatus scripted)
    {
        SetRaw(response, "status", scripted.Status, absent: scripted.Status is null);
        if (scripted.Progress is { } progress)
        {
            SetRaw(response, "progress", progress, absent: progress == ScriptedStatus.Absent);
        }
    }

    private static void Require(JsonFields fields, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!fields.Has(name))
            {
                fields.Reject(name, "is required");
            }
        }
    }

    private static string StatusOf(TaskStage stage) => stage switch
    {
        TaskStage.NotStarted => "NOT_START",
        TaskStage.Submitted => "SUBMITTED",
        TaskStage.Queued => "QUEUED",
        TaskStage.Running => "IN_PROGRESS",
        TaskStage.Succeeded => "SUCCESS",
        _ => "FAILURE",
    };

    private static string ProgressOf(TaskSnapshot snapshot) => snapshot.Stage switch
    {
        TaskStage.Succeeded or TaskStage.Failed => "100%",
        TaskStage.Running => string.Create(CultureInfo.InvariantCulture, $"{(int)(snapshot.Fraction * 100)}%"),
        _ => "0%",
    };

    private static ModelLimits[] ModelsOf(SimulatorState state) =>
    [
        new("sora-2", [10, 15], []),
        new("sora-2-pro", [10, 15, 25], [10, 15]),
        new("sora-2-vip", [10], []),
        .. state.Options.ExtraZhenzhenModels.Select(ModelLimits.Unrestricted),
    ];
}
