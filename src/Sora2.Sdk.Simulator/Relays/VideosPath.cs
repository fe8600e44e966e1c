using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary>A path under <c>/v1/videos</c>, the routes of OpenAI's video API on the platforms.</summary>
/// <param name="TaskId">The task id in the path, unescaped; null for the collection.</param>
/// <param name="Part">The part of the task, such as <c>content</c>; null for the task itself.</param>
internal sealed record VideosPath(string? TaskId, string? Part)
{
    /// <summary>Parses the path of a request; null when it is not under <c>/v1/videos</c>.</summary>
    public static VideosPath? TryParse(ReceivedRequest request) => request.Path.Split('/') switch
    {
        ["", "v1", "videos"] => new(null, null),
        ["", "v1", "videos", { Length: > 0 } id] => new(Uri.UnescapeDataString(id), null),
        ["", "v1", "videos", { Length: > 0 } id, var part] => new(Uri.UnescapeDataString(id), part),
        _ => null,
    };

    /// <summary>Returns the path of a task's video, without a leading slash.</summary>
    public static string ContentOf(SimulatedTask task) => $"v1/videos/{Uri.EscapeDataString(task.Id)}/content";
}
