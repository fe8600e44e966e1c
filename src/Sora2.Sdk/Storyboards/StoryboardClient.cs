namespace Sora2.Sdk;

internal sealed class StoryboardClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options) : IStoryboardClient
{
    public async Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var resolved = storyboard with { Model = DefaultModel.Of(storyboard.Model, options, platform) };
        VideoLimits.Check(platform, resolved, options.ValidateRequests);
        return await pipeline.Gate.SubmitAsync(token => pipeline.CreateAsync(platform.EncodeStoryboard(resolved), platform.DecodeTask, resolved.ToPrompt(), sourceTaskId: null, token), waiting: null, cancellationToken).ConfigureAwait(false);
    }
}
