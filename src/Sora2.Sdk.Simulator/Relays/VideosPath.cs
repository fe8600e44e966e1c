namespace Sora2.Sdk.Simulator;

/// <summary>An address under <c>/v1/videos</c>, the routes that the platforms have from OpenAI's video API.</summary>
/// <param name="TaskId">The id in it, unescaped; null for the collection.</param>
/// <param name="Part">What of the task is meant, such as <c>content</c>; null for the task itself.</param>
internal sealed record VideosPath(string? TaskId, string? Part)
{
    /// <summary>Null when it is the address of something else.</summary>
    public static VideosPath? Of(ReceivedRequest request) => request.Path.Split('/') switch
    {
        ["", "v1", "videos"] => new(null, null),
        ["", "v1", "videos", { Length: > 0 } id] => new(Uri.UnescapeDataString(id), null),
        ["", "v1", "videos", { Length: > 0 } id, var part] => new(Uri.UnescapeDataString(id), part),
        _ => null,
    };

    /// <summary>The path of a task's video, without a slash in front.</summary>
    public static string ContentOf(SimulatedTask task) => $"v1/videos/{Uri.EscapeDataString(task.Id)}/content";
}
