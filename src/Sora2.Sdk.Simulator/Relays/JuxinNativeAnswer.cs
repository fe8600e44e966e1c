using System.Globalization;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>Juxin's nested dialect, field by field as captured; the outer status and the inner ones do not use the same words.</summary>
internal static class JuxinNativeAnswer
{
    private const int FramesPerSecond = 30;
    private const double ImagesDownloadedAt = 0.15;
    private const double GeneratedAt = 0.85;

    public static JsonObject Accepted(SimulatedTask task) => new()
    {
        ["id"] = task.Id,
        ["status"] = "pending",
        ["status_update_time"] = task.CreatedAt.ToUnixTimeMilliseconds(),
    };

    public static JsonObject Describe(SimulatedTask task, TaskMoment moment, World world)
    {
        var status = StatusOf(task, moment);
        var detail = new JsonObject
        {
            ["id"] = InnerIdOf(task),
            ["input"] = InputOf(task),
            ["status"] = status,
            ["pending_info"] = PendingInfoOf(task, moment),
        };
        if (moment.Stage == TaskStage.Succeeded)
        {
            var video = world.Links.VideoOf(task);
            detail["url"] = video;
            detail["thumbnail_url"] = world.Links.ThumbnailOf(task);
            detail["draft_info"] = new JsonObject { ["url"] = video, ["downloadable_url"] = video };
        }

        return new JsonObject
        {
            ["id"] = task.Id,
            ["detail"] = detail,
            ["status"] = status,
            ["status_update_time"] = (moment.FinishedAt ?? world.Now).ToUnixTimeMilliseconds(),
        };
    }

    public static JsonObject PendingInfoOf(JsonObject answer) => answer["detail"]!["pending_info"]!.AsObject();

    private static JsonObject InputOf(SimulatedTask task) => new()
    {
        ["size"] = "small",
        ["model"] = task.Order.Model,
        ["images"] = new JsonArray([.. task.Order.Images.Select(image => (JsonNode?)image)]),
        ["prompt"] = task.Order.Prompt,
        ["orientation"] = task.Order.Portrait ? "portrait" : "landscape",
    };

    private static JsonObject PendingInfoOf(SimulatedTask task, TaskMoment moment) => new()
    {
        ["id"] = InnerIdOf(task),
        ["seed"] = null,
        ["type"] = "video_gen",
        ["title"] = "New Video",
        ["width"] = task.Order.Portrait ? 352 : 640,
        ["height"] = task.Order.Portrait ? 640 : 352,
        ["prompt"] = task.Order.Prompt,
        ["status"] = moment.Stage switch { TaskStage.Succeeded => "succeeded", TaskStage.Failed => "failed", _ => "processing" },
        ["n_frames"] = task.Order.Length * FramesPerSecond,
        ["created_at"] = task.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        ["n_variants"] = 1,
        ["generations"] = new JsonArray(),
        ["progress_pct"] = moment.Stage is TaskStage.Running or TaskStage.Succeeded ? moment.Fraction : null,
        ["is_storyboard"] = PromptText.IsStoryboard(task.Order.Prompt) ? true : null,
        ["failure_reason"] = moment.FailureReason,
        ["queue_status_message"] = null,
        ["estimated_queue_wait_time"] = null,
    };

    private static string StatusOf(SimulatedTask task, TaskMoment moment) => moment.Stage switch
    {
        TaskStage.NotStarted or TaskStage.Submitted => "pending",
        TaskStage.Queued => "queued",
        TaskStage.Succeeded => "completed",
        TaskStage.Failed => "failed",
        _ when moment.Fraction < ImagesDownloadedAt && task.Order.Images.Count > 0 => "image_downloading",
        _ when moment.Fraction < GeneratedAt => "video_generating",
        _ => "video_upsampling",
    };

    // The inner id is the outer one without the channel's name.
    private static string InnerIdOf(SimulatedTask task) => task.Id[(task.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
