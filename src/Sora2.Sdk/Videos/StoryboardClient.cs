using Sora2.Sdk.Characters;
using Sora2.Sdk.Submissions;
using Sora2.Sdk.Transport;

namespace Sora2.Sdk.Videos;

internal sealed class StoryboardClient(ClientContext context, SubmissionPipeline submissions) : IStoryboardClient
{
    private readonly PromptMentions _mentions = new(context.Options, context.Telemetry);

    public async Task<VideoTask> CreateAsync(Storyboard storyboard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        var (resolved, mentions) = await _mentions.ResolveAsync(Resolved(storyboard), cancellationToken).ConfigureAwait(false);
        RequestValidator.Validate(context.Platform, resolved, context.Options.ValidateRequests);
        var paid = PaidRequest.ForStoryboard(context.Platform, storyboard, resolved);
        var task = await submissions.SubmitAsync(paid, context.Platform.DecodeTask, cancellationToken).ConfigureAwait(false);
        await _mentions.UsedAsync(mentions).ConfigureAwait(false);
        return VideoClient.WithRequested(task, paid.Model, mentions);
    }

    public void Validate(Storyboard storyboard)
    {
        ArgumentNullException.ThrowIfNull(storyboard);
        RequestValidator.Validate(context.Platform, Resolved(storyboard), context.Options.ValidateRequests);
        _mentions.Check(storyboard);
    }

    /// <summary>With the client's defaults.</summary>
    private Storyboard Resolved(Storyboard storyboard) =>
        storyboard with { Model = RequestDefaults.ResolveModel(storyboard.Model, context.Options, context.Platform) };
}
