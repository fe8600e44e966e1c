using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Characters;

/// <summary>Resolves mentions before a create, and marks the characters as used once it was accepted.</summary>
internal sealed class PromptMentions(Sora2ClientOptions options, ClientTelemetry telemetry)
{
    /// <summary>How long the library may delay the id of an accepted task.</summary>
    private static readonly TimeSpan MarkTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Returns the prompt to send, or null to send it unchanged.</summary>
    /// <exception cref="Sora2ValidationException">
    /// The prompt mentions a name that <see cref="Sora2ClientOptions.UnresolvedMentions"/> refuses.
    /// </exception>
    public async ValueTask<MentionResolution?> ResolveAsync(string? prompt, CancellationToken cancellationToken) =>
        options.CharacterLibrary is { } library && MentionText.MayMention(prompt)
            ? Checked(await library.ResolveMentionsAsync(prompt!, cancellationToken).ConfigureAwait(false))
            : null;

    /// <summary>Returns the storyboard to send and its mentions, or no mentions if it is unchanged.</summary>
    /// <exception cref="Sora2ValidationException">
    /// A scene mentions a name that <see cref="Sora2ClientOptions.UnresolvedMentions"/> refuses.
    /// </exception>
    public async ValueTask<(Storyboard Storyboard, MentionResolution? Mentions)> ResolveAsync(
        Storyboard storyboard,
        CancellationToken cancellationToken)
    {
        if (options.CharacterLibrary is not { } library || !MayMention(storyboard))
        {
            return (storyboard, null);
        }

        var resolved = await library.ResolveMentionsAsync(storyboard, cancellationToken).ConfigureAwait(false);
        Checked(resolved.Mentions);
        return resolved;
    }

    /// <summary>Checks the mentions of a prompt if the library can be read without waiting; a create always checks them.</summary>
    /// <inheritdoc cref="ResolveAsync(string, CancellationToken)" path="/exception"/>
    public void Check(string? prompt)
    {
        if (RefusesSome && MentionText.MayMention(prompt))
        {
            ThrowIfRefused(ResolveAsync(prompt, CancellationToken.None).AsTask());
        }
    }

    /// <summary>Checks the mentions of a storyboard if the library can be read without waiting; a create always checks them.</summary>
    /// <inheritdoc cref="ResolveAsync(Storyboard, CancellationToken)" path="/exception"/>
    public void Check(Storyboard storyboard)
    {
        if (RefusesSome && MayMention(storyboard))
        {
            ThrowIfRefused(ResolveAsync(storyboard, CancellationToken.None).AsTask());
        }
    }

    private bool RefusesSome => options.CharacterLibrary is not null && options.UnresolvedMentions != UnresolvedMentions.Send;

    private static void ThrowIfRefused(Task check)
    {
        // A late result and a failing library are left to the create; the exception only has to be observed.
        _ = check.ContinueWith(
            static faulted => faulted.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        if (check is { IsFaulted: true, Exception.InnerException: Sora2ValidationException refusal })
        {
            throw refusal;
        }
    }

    private static bool MayMention(Storyboard storyboard) =>
        storyboard.Shots is { } shots && shots.All(shot => shot?.Scene is not null) // the validator reports what is missing
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
            $"The prompt mentions \"{LogSanitizer.SingleLine(refused.Text, 40)}\", which is not in the character library{nearest}. "
            + $"Nothing was sent. Correct the name, add the character to the library, or set {nameof(Sora2ClientOptions)}."
            + $"{nameof(Sora2ClientOptions.UnresolvedMentions)} to {nameof(UnresolvedMentions.Send)} to send it unchanged.")
        {
            IsForEveryAccount = true,
        };
    }

    /// <summary>Marks the characters of an accepted create as used.</summary>
    /// <remarks>
    /// Never throws and waits for one second at most, so that the id of a paid task is not lost; a slow library may finish later.
    /// </remarks>
    public async Task UsedAsync(MentionResolution? mentions)
    {
        if (options.CharacterLibrary is not { } library || mentions is not { Resolved.Count: > 0 })
        {
            return;
        }

        // On another thread, as an application's own store may block.
        var marked = Task.Run(async () =>
        {
            try
            {
                await library.MarkUsedAsync(mentions.Resolved.Select(mention => mention.Username)).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // The task was accepted: returning its id matters more than the list of recently used characters.
                telemetry.Log.CharactersNotMarked(telemetry.Reason(e));
            }
        });
        await marked.WaitAsync(MarkTimeout, options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
