namespace Sora2.Sdk;

internal sealed class StoryboardClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options, TaskJournal? journal) : IStoryboardClient
{
    public async Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var resolved = storyboard with { Model = DefaultModel.Of(storyboard.Model, options, platform) };
        VideoLimits.Check(platform, resolved, options.ValidateRequests);
        var prompt = resolved.ToPrompt();
        return await pipeline.Gate.SubmitAsync(
            token => journal is null ? SendAsync(token) : journal.SubmitAsync(TaskRecordKind.Storyboard, prompt, resolved.Model, resolved.TotalDuration, SendAsync, finishesOnceSent: false, token), waiting: null, cancellationToken).ConfigureAwait(false);

        Task<VideoTask> SendAsync(CancellationToken token) => pipeline.CreateAsync(platform.EncodeStoryboard(resolved), platform.DecodeTask, prompt, sourceTaskId: null, token);
    }
}
