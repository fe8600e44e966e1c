using System.Globalization;
using System.Text.Json.Nodes;

namespace Sora2.Sdk.Simulator;

/// <summary>OpenAI's video object, which is Juxin's flat dialect: field by field as captured there.</summary>
internal static class OpenAiAnswer
{
    public static JsonObject Accepted(SimulatedTask task) => Remixed(task, new JsonObject
    {
        ["id"] = task.Id,
        ["object"] = "video",
        ["model"] = task.Order.Model,
        ["status"] = "queued",
        ["progress"] = 0,
        ["created_at"] = task.CreatedAt.ToUnixTimeSeconds(),
        ["seconds"] = SecondsOf(task),
        ["size"] = task.Order.Size,
    });

    public static JsonObject Describe(SimulatedTask task, TaskMoment moment, World world) => moment.Stage switch
    {
        TaskStage.Succeeded => Remixed(task, Completed(task, moment, world)),
        TaskStage.Failed => Remixed(task, Failed(task, moment)),
        _ => Running(task, moment),
    };

    private static JsonObject Remixed(SimulatedTask task, JsonObject answer)
    {
        if (task.Order.RemixedFrom is { } origin)
        {
            answer["remixed_from_video_id"] = origin;
        }

        return answer;
    }

    private static JsonObject Completed(SimulatedTask task, TaskMoment moment, World world) => new()
    {
        ["id"] = task.Id,
        ["size"] = task.Order.Size,
        ["model"] = task.Order.Model,
        ["object"] = "video",
        ["status"] = "completed",
        ["seconds"] = SecondsOf(task),
        ["progress"] = 100,
        ["video_url"] = world.Links.VideoOf(task),
        ["created_at"] = task.CreatedAt.ToUnixTimeSeconds(),
        ["completed_at"] = moment.FinishedAt?.ToUnixTimeSeconds(),
    };

    private static JsonObject Failed(SimulatedTask task, TaskMoment moment) => new()
    {
        ["id"] = task.Id,
        ["object"] = "video",
        ["model"] = task.Order.Model,
        ["status"] = "failed",
        ["progress"] = 0,
        ["error"] = new JsonObject { ["message"] = moment.FailureReason },
    };

    private static JsonObject Running(SimulatedTask task, TaskMoment moment)
    {
        var answer = Accepted(task);
        if (moment.Stage == TaskStage.Running)
        {
            answer["status"] = "in_progress";
            answer["progress"] = (int)(moment.Fraction * 100);
        }

        return answer;
    }

    private static string SecondsOf(SimulatedTask task) => task.Order.Length.ToString(CultureInfo.InvariantCulture);
}
