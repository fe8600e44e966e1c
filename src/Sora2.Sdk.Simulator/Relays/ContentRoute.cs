namespace Sora2.Sdk.Simulator;

/// <summary><c>GET /v1/videos/{id}/content</c>, as in OpenAI's video API: a task's video on the platform's own host, for those who show it the key.</summary>
internal static class ContentRoute
{
    public static string PathOf(SimulatedTask task) => $"v1/videos/{Uri.EscapeDataString(task.Id)}/content";

    /// <summary>The id in the address, unescaped; null when it is the address of something else.</summary>
    public static string? AskedTask(ReceivedRequest request) =>
        request.Method is "GET" or "HEAD" && request.Path.Split('/') is ["", "v1", "videos", { Length: > 0 } id, "content"] ? Uri.UnescapeDataString(id) : null;

    public static Answer Read(ReceivedRequest request, string platform, World world)
    {
        var id = AskedTask(request)!;
        if (world.FindTask(id) is not { } task || task.Platform != platform)
        {
            return PlatformErrors.TaskNotExist(404) with { TaskId = id };
        }

        var answer = world.Options.VideoLinkKind == VideoLinkKind.RedirectingContent
            ? Answer.Empty(302).With("Location", world.Links.SignedVideoOf(task))
            : world.VideoOf(task, request.Fault).AnswerTo(request);
        return answer with { TaskId = id };
    }
}
