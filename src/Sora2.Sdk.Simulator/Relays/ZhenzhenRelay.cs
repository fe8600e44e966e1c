using System.Globalization;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>Zhenzhen: one route makes videos and storyboards, lengths are strings, tasks are asked for by path.</summary>
internal sealed class ZhenzhenRelay(World world) : Relay(world, ModelsOf(world))
{
    private const string CreatePath = "/v2/videos/generations";
    private const string QueryPrefix = CreatePath + "/";

    public override string Name => "zhenzhen";

    protected override string SiteTitle => "贞贞的AI工坊";

    protected override SimulatorOperation RecogniseOwn(ReceivedRequest request)
    {
        if (request.Is("POST", CreatePath))
        {
            return RecogniseVideosCreate(request);
        }

        return request.Method == "GET" && request.Path.StartsWith(QueryPrefix, StringComparison.Ordinal) && AskedTask(request) is { Length: > 0 }
            && !request.Path[QueryPrefix.Length..].Contains('/')
            ? SimulatorOperation.Query
            : SimulatorOperation.Unknown;
    }

    protected override SimulatorOperation RecogniseVideosCreate(ReceivedRequest request) =>
        PromptOf(request) is { } prompt && PromptText.IsStoryboard(prompt) ? SimulatorOperation.CreateStoryboard : SimulatorOperation.CreateVideo;

    protected override string AskedTask(ReceivedRequest request) => Uri.UnescapeDataString(request.Path[QueryPrefix.Length..]);

    protected override string NewTaskId() => OpaqueId.Zhenzhen();

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
            Portrait = fields.IsStrict ? fields.OptionalText("aspect_ratio", "16:9", "9:16") == "9:16" : fields.IsPortrait("aspect_ratio", "ratio", "orientation", "size"),
            Seconds = fields.OptionalSeconds("duration"),
            HighDefinition = fields.Flag("hd"),
            Images = fields.Images("images", required: false),
            SecondsField = "duration",
        };
        if (fields.IsStrict)
        {
            // The relay makes 10 s where the length is left out, so a length that is lost on the way shows as a wrong video, not as an error: be strict.
            Require(fields, "aspect_ratio", "duration");
        }

        fields.Flag("watermark");
        fields.Flag("private");
        fields.OptionalText("notify_hook");
        fields.OptionalNumber("seed");
        return Accept(request, fields, order);
    }

    protected override JsonObject DescribeAccepted(SimulatedTask task) => new() { ["task_id"] = task.Id };

    protected override JsonObject Describe(SimulatedTask task, TaskMoment moment) => new()
    {
        ["task_id"] = task.Id,
        ["platform"] = "openai",
        ["action"] = "sora-video",
        ["status"] = StatusOf(moment.Stage),
        ["fail_reason"] = moment.FailureReason ?? "",
        ["submit_time"] = task.CreatedAt.ToUnixTimeSeconds(),
        ["start_time"] = moment.StartedAt?.ToUnixTimeSeconds() ?? 0,
        ["finish_time"] = moment.FinishedAt?.ToUnixTimeSeconds() ?? 0,
        ["progress"] = ProgressOf(moment),
        ["data"] = moment.Stage == TaskStage.Succeeded ? new JsonObject { ["output"] = World.Links.VideoOf(task) } : null,
        ["search_item"] = "",
    };

    // The gateway's own: OpenAI's object, the id under a second name, and the address in the metadata. Clients of this platform read video_url as well.
    protected override JsonObject DescribeAcceptedVideo(SimulatedTask task)
    {
        var answer = OpenAiAnswer.Accepted(task);
        answer["task_id"] = task.Id;
        return answer;
    }

    protected override JsonObject DescribeVideo(SimulatedTask task, TaskMoment moment)
    {
        var answer = OpenAiAnswer.Describe(task, moment, World);
        answer["task_id"] = task.Id;
        if (moment.Stage == TaskStage.Succeeded)
        {
            answer["metadata"] = new JsonObject { ["url"] = World.Links.VideoOf(task) };
        }

        return answer;
    }

    protected override bool IsPortraitVideo(FieldReader fields)
    {
        if (!fields.IsStrict)
        {
            return fields.IsPortrait("size", "aspect_ratio");
        }

        var size = fields.OptionalText("size");
        var portrait = FrameText.IsPortrait(size);
        if (size is not null && portrait is null)
        {
            fields.Reject("size", $"must read like 1280x720, not '{size}'");
        }

        return portrait == true;
    }

    protected override void Overwrite(JsonObject answer, ScriptedStatus scripted)
    {
        SetRaw(answer, "status", scripted.Status, absent: scripted.Status is null);
        if (scripted.Progress is { } progress)
        {
            SetRaw(answer, "progress", progress, absent: progress == ScriptedStatus.Absent);
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

    private static string ProgressOf(TaskMoment moment) => moment.Stage switch
    {
        TaskStage.Succeeded or TaskStage.Failed => "100%",
        TaskStage.Running => string.Create(CultureInfo.InvariantCulture, $"{(int)(moment.Fraction * 100)}%"),
        _ => "0%",
    };

    private static ModelLimits[] ModelsOf(World world) =>
    [
        new("sora-2", [10, 15], []),
        new("sora-2-pro", [10, 15, 25], [10, 15]),
        new("sora-2-vip", [10], []),
        .. world.Options.ExtraZhenzhenModels.Select(ModelLimits.Anything),
    ];
}
