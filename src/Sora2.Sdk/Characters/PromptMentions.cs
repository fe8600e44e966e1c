using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Characters;

/// <summary>A client's side of the character library: mentions are resolved before a create, and remembered as used once it was accepted.</summary>
internal sealed class PromptMentions(Sora2ClientOptions options, ClientTelemetry telemetry)
{
    /// <summary>How long the caller waits for a task's id on account of the library.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What is to be sent for a prompt; null to send it as it is.</summary>
    /// <exception cref="Sora2ValidationException">
    /// It mentions a name that <see cref="Sora2ClientOptions.UnresolvedMentions"/> does not let pass.
    /// </exception>
    public async ValueTask<MentionResolution?> ResolveAsync(string? prompt, CancellationToken cancellationToken) =>
        options.CharacterLibrary is { } library && MentionText.MayMention(prompt)
            ? Checked(await library.ResolveMentionsAsync(prompt!, cancellationToken).ConfigureAwait(false))
            : null;

    /// <summary>The storyboard to send, and what was replaced in it; null if it is as it was.</summary>
    /// <exception cref="Sora2ValidationException">
    /// It mentions a name that <see cref="Sora2ClientOptions.UnresolvedMentions"/> does not let pass.
    /// </exception>
    public async ValueTask<(Storyboard Storyboard, MentionResolution? Mentions)> ResolveAsync(
        Storyboard storyboard, CancellationToken cancellationToken)
    {
        if (options.CharacterLibrary is not { } library || !MayMention(storyboard))
        {
            return (storyboard, null);
        }

        var resolved = await library.ResolveMentionsAsync(storyboard, cancellationToken).ConfigureAwait(false);
        Checked(resolved.Mentions);
        return resolved;
    }

    /// <summary>Checks the mentions of a prompt, if the library can be read without waiting; a create checks them in any case.</summary>
    public void Check(string? prompt)
    {
        if (options.CharacterLibrary is not null && options.UnresolvedMentions != UnresolvedMentions.Send && MentionText.MayMention(prompt))
        {
            EndNow(ResolveAsync(prompt, CancellationToken.None).AsTask());
        }
    }

    /// <summary>The same for a storyboard.</summary>
    public void Check(Storyboard storyboard)
    {
        if (options.CharacterLibrary is not null && options.UnresolvedMentions != UnresolvedMentions.Send && MayMention(storyboard))
        {
            EndNow(ResolveAsync(storyboard, CancellationToken.None).AsTask());
        }
    }

    private static void EndNow(Task check)
    {
        // What is late, and what is wrong with the library, the create tells.
        _ = check.ContinueWith(
            static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        if (check is { IsFaulted: true, Exception.InnerException: Sora2ValidationException refusal })
        {
            throw refusal;
        }
    }

    private static bool MayMention(Storyboard storyboard) =>
        storyboard.Shots is { } shots && shots.All(shot => shot?.Scene is not null) // what is missing is told by the check that follows
        && shots.Any(shot => MentionText.MayMention(shot.Scene));

    private MentionResolution Checked(MentionResolution mentions)
    {
        var refused = options.UnresolvedMentions switch
        {
            UnresolvedMentions.Send => null,
            UnresolvedMentions.Refuse => mentions.Unknown.FirstOrDefault(unknown => unknown.Nearest is not null || !unknown.IsUsername),
            _ => mentions.Unknown.FirstOrDefault(unknown => unknown.Nearest is not null),
        };
        return refused is null ? mentions : throw Refusal(refused);
    }

    private static Sora2ValidationException Refusal(UnknownMention refused)
    {
        var nearest = refused.Nearest is { } name ? $"; the nearest name is \"@{LogSanitizer.SingleLine(name, 40)}\"" : "";
        return new Sora2ValidationException(
            $"The prompt mentions \"{LogSanitizer.SingleLine(refused.Text, 40)}\", which the character library does not know{nearest}. "
            + $"Nothing was sent. Correct the name, add the character to the library, or set {nameof(Sora2ClientOptions)}."
            + $"{nameof(Sora2ClientOptions.UnresolvedMentions)} to {nameof(UnresolvedMentions.Send)} to send it as it is.")
        {
            IsForEveryAccount = true,
        };
    }

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
