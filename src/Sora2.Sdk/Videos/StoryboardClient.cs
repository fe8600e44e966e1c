using Sora2.Sdk.Characters;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Videos;

internal sealed class StoryboardClient(ApiPipeline pipeline, Sora2Platform platform, Sora2ClientOptions options, TaskJournal? journal, ClientTelemetry telemetry) : IStoryboardClient
{
    private readonly PromptMentions _mentions = new(options, telemetry);

    public async Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var (resolved, mentions) = await _mentions.ResolveAsync(Resolved(storyboard), cancellationToken).ConfigureAwait(false);
        RequestValidator.Validate(platform, resolved, options.ValidateRequests);
        var prompt = storyboard.ToPrompt(); // the caller's own words, to be found in the caller's own records
        var task = await pipeline.Gate.SubmitAsync(
            token => journal is null ? SendAsync(token) : journal.SubmitAsync(TaskRecordKind.Storyboard, prompt, resolved.Model, resolved.TotalDuration, SendAsync, token), waiting: null, cancellationToken).ConfigureAwait(false);
        await _mentions.UsedAsync(mentions).ConfigureAwait(false);
        return mentions is null && task.Model is not null ? task : task with { Mentions = mentions, Model = task.Model ?? resolved.Model };

        Task<VideoTask> SendAsync(CancellationToken token) => pipeline.CreateAsync(new PaidRequest(platform.EncodeStoryboard(resolved), prompt, resolved.Model, resolved.TotalDuration) { Words = [prompt, .. storyboard.Shots.Concat(resolved.Shots).Select(shot => shot.Scene), .. PaidRequest.TextsOf(storyboard.ExtraFields)] }, platform.DecodeTask, token);
    }

    public void Validate(Storyboard storyboard)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        RequestValidator.Validate(platform, Resolved(storyboard), options.ValidateRequests);
        _mentions.Check(storyboard);
    }

    /// <summary>With what the caller left open.</summary>
    private Storyboard Resolved(Storyboard storyboard) => storyboard with { Model = RequestDefaults.ResolveModel(storyboard.Model, options, platform) };
}
