namespace Sora2.Sdk.Simulator;

/// <summary><c>GET /v1/videos/{id}/content</c>, as in OpenAI's video API: a task's video or a picture of it on the platform's own host, for those who show it the key.</summary>
internal static class ContentRoute
{
    public static Answer Read(ReceivedRequest request, SimulatedTask task, World world)
    {
        if (!world.HasVideo(task))
        {
            return PlatformErrors.NotFinished(request);
        }

        var redirects = world.Options.VideoLinkKind == VideoLinkKind.RedirectingContent;
        return request.Query["variant"].ToString() switch
        {
            "thumbnail" or "spritesheet" => redirects ? RedirectTo(world.Links.ThumbnailOf(task)) : world.Files.Picture().AnswerTo(request),
            var variant when variant is "" or "video" || !world.Options.Strict =>
                redirects ? RedirectTo(world.Links.SignedVideoOf(task)) : world.VideoOf(task, request.Fault).AnswerTo(request),
            var variant => PlatformErrors.InvalidField(new FieldProblem("variant", $"must be one of video, thumbnail, spritesheet, not '{variant}'"), request),
        };
    }

    private static Answer RedirectTo(string link) => Answer.Empty(302).With("Location", link);
}
