using Sora2.Sdk.Common;
using Sora2.Sdk.Diagnostics;

namespace Sora2.Sdk.Characters;

/// <summary>Resolves mentions before a create, and marks the characters as used once it was accepted.</summary>
internal sealed class PromptMentions(Sora2ClientOptions options, ClientTelemetry telemetry)
{
    /// <summary>How long the library may delay the id of an accepted task.</summary>
    private static readonly TimeSpan MarkTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Returns the request to send and its mentions, or no mentions if it is unchanged.</summary>
    /// <exception cref="Sora2ValidationException">
    /// A text mentions a name that <see cref="Sora2ClientOptions.UnresolvedMentions"/> refuses.
    /// </exception>
    public async ValueTask<(GenerationRequest Request, MentionResolution? Mentions)> ResolveAsync(
        GenerationRequest request, CancellationToken cancellationToken)
    {
        if (options.CharacterLibrary is not { } library || !MayMention(request))
        {
            return (request, null);
        }

        var resolved = await library.ResolveMentionsAsync(request, cancellationToken).ConfigureAwait(false);
        Check(resolved.Mentions);
        return resolved;
    }

    /// <summary>Checks the mentions if the library can be read without waiting; a create always checks them.</summary>
    /// <inheritdoc cref="ResolveAsync" path="/exception"/>
    public void Check(GenerationRequest request)
    {
        if (RefusesSome && MayMention(request))
        {
            ThrowIfRefused(ResolveAsync(request, CancellationToken.None).AsTask());
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

    private static bool MayMention(GenerationRequest request) => request is Storyboard storyboard
        ? storyboard.Shots is { } shots && shots.All(shot => shot?.Scene is not null) // the validator reports what is missing
            && shots.Any(shot => MentionText.MayMention(shot.Scene))
        : MentionText.MayMention(request.GetPrompt());

    private void Check(MentionResolution mentions)
    {
        var refused = options.UnresolvedMentions switch
        {
            UnresolvedMentions.Send => null,
            UnresolvedMentions.Refuse => mentions.Unknown.FirstOrDefault(unknown => unknown.Nearest is not null || !unknown.IsUsername),
            _ => mentions.Unknown.FirstOrDefault(unknown => unknown.Nearest is not null),
        };
        if (refused is not null)
        {
            throw Refusal(refused);
        }
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
    /// <inheritdoc cref="LibraryUpdates.RunAsync" path="/remarks"/>
    public Task UsedAsync(MentionResolution? mentions) =>
        options.CharacterLibrary is not { } library || mentions is not { Resolved.Count: > 0 }
            ? Task.CompletedTask
            : LibraryUpdates.RunAsync(
                () => library.MarkUsedAsync(mentions.Resolved.Select(mention => mention.Username)),
                e => telemetry.Log.CharactersNotMarked(telemetry.Reason(e)),
                MarkTimeout,
                options.TimeProvider);
}
