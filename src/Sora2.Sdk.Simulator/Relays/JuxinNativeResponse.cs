using System.Globalization;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>Juxin's nested response shape, with the fields of captured responses; outer and inner statuses use different words.</summary>
internal static class JuxinNativeResponse
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

    public static JsonObject Describe(SimulatedTask task, TaskSnapshot snapshot, SimulatorState state)
    {
        var status = StatusOf(task, snapshot);
        var detail = new JsonObject
        {
            ["id"] = InnerIdOf(task),
            ["input"] = InputOf(task),
            ["status"] = status,
            ["pending_info"] = PendingInfoOf(task, snapshot),
        };
        if (snapshot.Stage == TaskStage.Succeeded)
        {
            var video = state.Links.VideoOf(task);
            detail["url"] = video;
            detail["thumbnail_url"] = state.Links.ThumbnailOf(task);
            detail["draft_info"] = new JsonObject { ["url"] = video, ["downloadable_url"] = video };
        }

        return new JsonObject
        {
            ["id"] = task.Id,
            ["detail"] = detail,
            ["status"] = status,
            ["status_update_time"] = (snapshot.FinishedAt ?? state.Now).ToUnixTimeMilliseconds(),
        };
    }

    public static JsonObject PendingInfoOf(JsonObject response) => response["detail"]!["pending_info"]!.AsObject();

    private static JsonObject InputOf(SimulatedTask task) => new()
    {
        ["size"] = "small",
        ["model"] = task.Parameters.Model,
        ["images"] = new JsonArray([.. task.Parameters.Images.Select(image => (JsonNode?)image)]),
        ["prompt"] = task.Parameters.Prompt,
        ["orientation"] = task.Parameters.Portrait ? "portrait" : "landscape",
    };

    private static JsonObject PendingInfoOf(SimulatedTask task, TaskSnapshot snapshot) => new()
    {
        ["id"] = InnerIdOf(task),
        ["seed"] = null,
        ["type"] = "video_gen",
        ["title"] = "New Video",
        ["width"] = task.Parameters.Portrait ? 352 : 640,
        ["height"] = task.Parameters.Portrait ? 640 : 352,
        ["prompt"] = task.Parameters.Prompt,
        ["status"] = snapshot.Stage switch { TaskStage.Succeeded => "succeeded", TaskStage.Failed => "failed", _ => "processing" },
        ["n_frames"] = task.Parameters.Length * FramesPerSecond,
        ["created_at"] = task.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        ["n_variants"] = 1,
        ["generations"] = new JsonArray(),
        ["progress_pct"] = snapshot.Stage is TaskStage.Running or TaskStage.Succeeded ? snapshot.Fraction : null,
        ["is_storyboard"] = PromptText.IsStoryboard(task.Parameters.Prompt) ? true : null,
        ["failure_reason"] = snapshot.FailureReason,
        ["queue_status_message"] = null,
        ["estimated_queue_wait_time"] = null,
    };

    private static string StatusOf(SimulatedTask task, TaskSnapshot snapshot) => snapshot.Stage switch
    {
        TaskStage.NotStarted or TaskStage.Submitted => "pending",
        TaskStage.Queued => "queued",
        TaskStage.Succeeded => "completed",
        TaskStage.Failed => "failed",
        _ when snapshot.Fraction < ImagesDownloadedAt && task.Parameters.Images.Count > 0 => "image_downloading",
        _ when snapshot.Fraction < GeneratedAt => "video_generating",
        _ => "video_upsampling",
    };

    // The inner id is the outer id without the name of the channel.
    private static string InnerIdOf(SimulatedTask task) => task.Id[(task.Id.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
