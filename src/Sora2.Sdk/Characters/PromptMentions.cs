namespace Sora2.Sdk;

/// <summary>A client's side of the character library: mentions are resolved before a create, and remembered as used once it was accepted.</summary>
internal sealed class PromptMentions(Sora2ClientOptions options, ClientTelemetry telemetry)
{
    /// <summary>How long the caller waits for a task's id on account of the library.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What is to be sent for a prompt; null to send it as it is.</summary>
    public async ValueTask<MentionResolution?> ResolveAsync(string? prompt, CancellationToken cancellationToken) =>
        options.CharacterLibrary is { } library && MentionText.MayMention(prompt) ? await library.ResolveMentionsAsync(prompt!, cancellationToken).ConfigureAwait(false) : null;

    /// <summary>The storyboard to send, and what was replaced in it; null if it is as it was.</summary>
    public async ValueTask<(Storyboard Storyboard, MentionResolution? Mentions)> ResolveAsync(Storyboard storyboard, CancellationToken cancellationToken) =>
        options.CharacterLibrary is { } library
        && storyboard.Shots is { } shots && shots.All(shot => shot?.Scene is not null) // what is missing is told by the check that follows
        && shots.Any(shot => MentionText.MayMention(shot.Scene))
            ? await library.ResolveMentionsAsync(storyboard, cancellationToken).ConfigureAwait(false)
            : (storyboard, null);

    /// <summary>Remembers the characters of a create that was accepted. Never throws and never takes long: what was paid for is not lost over it. A slow library may be done later.</summary>
    public async Task UsedAsync(MentionResolution? mentions)
    {
        if (options.CharacterLibrary is not { } library || mentions is not { Resolved.Count: > 0 })
        {
            return;
        }

        // On a thread of its own: a store of the caller's may block.
        var kept = Task.Run(async () =>
        {
            try
            {
                await library.MarkUsedAsync(mentions.Resolved.Select(mention => mention.Username)).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // The task was accepted, and its id is worth more than the order of a list.
                telemetry.Log.CharactersNotMarked(telemetry.Reason(e));
            }
        });
        await kept.WaitAsync(Patience, options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
