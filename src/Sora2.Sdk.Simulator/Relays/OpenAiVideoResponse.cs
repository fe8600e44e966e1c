using System.Globalization;
using System.Text.Json.Nodes;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>OpenAI's video object, which is Juxin's flat response shape, with the fields captured there.</summary>
internal static class OpenAiVideoResponse
{
    public static JsonObject Accepted(SimulatedTask task) => Remixed(task, new JsonObject
    {
        ["id"] = task.Id,
        ["object"] = "video",
        ["model"] = task.Parameters.Model,
        ["status"] = "queued",
        ["progress"] = 0,
        ["created_at"] = task.CreatedAt.ToUnixTimeSeconds(),
        ["seconds"] = SecondsOf(task),
        ["size"] = task.Parameters.Size,
    });

    public static JsonObject Describe(SimulatedTask task, TaskSnapshot snapshot, SimulatorState state) => snapshot.Stage switch
    {
        TaskStage.Succeeded => Remixed(task, Completed(task, snapshot, state)),
        TaskStage.Failed => Remixed(task, Failed(task, snapshot)),
        _ => Running(task, snapshot),
    };

    private static JsonObject Remixed(SimulatedTask task, JsonObject response)
    {
        if (task.Parameters.RemixedFrom is { } origin)
        {
            response["remixed_from_video_id"] = origin;
        }

        return response;
    }

    private static JsonObject Completed(SimulatedTask task, TaskSnapshot snapshot, SimulatorState state) => new()
    {
        ["id"] = task.Id,
        ["size"] = task.Parameters.Size,
        ["model"] = task.Parameters.Model,
        ["object"] = "video",
        ["status"] = "completed",
        ["seconds"] = SecondsOf(task),
        ["progress"] = 100,
        ["video_url"] = state.Links.VideoOf(task),
        ["created_at"] = task.CreatedAt.ToUnixTimeSeconds(),
        ["completed_at"] = snapshot.FinishedAt?.ToUnixTimeSeconds(),
    };

    private static JsonObject Failed(SimulatedTask task, TaskSnapshot snapshot) => new()
    {
        ["id"] = task.Id,
        ["object"] = "video",
        ["model"] = task.Parameters.Model,
        ["status"] = "failed",
        ["progress"] = 0,
        ["error"] = new JsonObject { ["message"] = snapshot.FailureReason },
    };

    private static JsonObject Running(SimulatedTask task, TaskSnapshot snapshot)
    {
        var response = Accepted(task);
        if (snapshot.Stage == TaskStage.Running)
        {
            response["status"] = "in_progress";
            response["progress"] = (int)(snapshot.Fraction * 100);
        }

        return response;
    }

    private static string SecondsOf(SimulatedTask task) => task.Parameters.Length.ToString(CultureInfo.InvariantCulture);
}
