using Sora2.Sdk.Simulator.Serving;
using Sora2.Sdk.Simulator.Tasks;

namespace Sora2.Sdk.Simulator.Relays;

/// <summary><c>GET /v1/videos/{id}/content</c>, as in OpenAI's video API: a task's video or thumbnail on the platform's own host.</summary>
/// <remarks>The route requires the key.</remarks>
internal static class ContentRoute
{
    public static SimulatedResponse Read(ReceivedRequest request, SimulatedTask task, SimulatorState state)
    {
        if (!state.HasVideo(task))
        {
            return PlatformErrors.NotFinished(request);
        }

        var redirects = state.Options.VideoLinkKind == VideoLinkKind.RedirectingContent;
        return request.Query["variant"].ToString() switch
        {
            "thumbnail" or "spritesheet" => redirects
                ? RedirectTo(state.Links.ThumbnailOf(task))
                : state.Files.Picture().ToResponse(request),
            var variant when variant is "" or "video" || !state.Options.Strict => redirects
                ? RedirectTo(state.Links.SignedVideoOf(task))
                : state.VideoOf(task, request.Fault).ToResponse(request),
            var variant => PlatformErrors.InvalidField(
                new FieldProblem("variant", $"must be one of video, thumbnail, spritesheet, not '{variant}'"),
                request),
        };
    }

    private static SimulatedResponse RedirectTo(string link) => SimulatedResponse.Empty(302).With("Location", link);
}
