namespace Sora2.Sdk.Submissions;

/// <summary>Resolves what a request leaves open.</summary>
internal static class RequestDefaults
{
    /// <summary>Returns the request with its model, and the duration that a known model makes without one.</summary>
    /// <remarks>A remix has those of its source.</remarks>
    public static GenerationRequest Resolve(GenerationRequest request, Sora2ClientOptions options, Sora2Platform platform)
    {
        if (request is RemixRequest)
        {
            return request;
        }

        var model = ResolveModel(request.Model, options, platform);
        return request is VideoRequest { Duration: null } video
            && platform.FindModel(model)?.GetDurations(video.HighDefinition == true).Contains(VideoFormat.DefaultDuration) == true
                ? video with { Model = model, Duration = VideoFormat.DefaultDuration }
                : request with { Model = model };
    }

    /// <summary>Returns the model: the request's, the client's default, or the platform's first.</summary>
    private static string ResolveModel(string? requested, Sora2ClientOptions options, Sora2Platform platform) =>
        NotBlank(requested) ?? NotBlank(options.DefaultModel) ?? (platform.Models is [var first, ..] ? first.Name : null)
        ?? throw new Sora2ValidationException(
            $"{platform.Title} has no default model. Name one in the request or in Sora2ClientOptions.DefaultModel.");

    private static string? NotBlank(string? name) => string.IsNullOrWhiteSpace(name) ? null : name;
}
