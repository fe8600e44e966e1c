namespace Sora2.Sdk;

internal sealed class StoryboardClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options) : IStoryboardClient
{
    public Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var resolved = storyboard with { Model = DefaultModel.Of(storyboard.Model, options, platform) };
        if (options.ValidateRequests)
        {
            VideoLimits.Check(platform, resolved);
        }

        return pipeline.Gate.SubmitAsync(token => pipeline.CreateAsync(platform.EncodeStoryboard(resolved), platform.DecodeTask, resolved.ToPrompt(), token), waiting: null, cancellationToken);
    }
}
