using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>What became of the mentions in a prompt.</summary>
public sealed record MentionResolution
{
    /// <summary>The prompt with usernames in place of aliases, as it is sent; of a storyboard, its whole text.</summary>
    public required string Prompt { get; init; }

    /// <summary>The mentions of characters that the library knows, in the order of the prompt; a username that stood there already is among them.</summary>
    public IReadOnlyList<ResolvedMention> Resolved { get; init => field = value ?? []; } = [];

    /// <summary>
    /// What looks like a mention and was left as it was, in the order of the prompt: <c>@words</c> that the library does not know, as far as the word goes, and whole e-mail addresses. What
    /// has the form of a username (<c>@hfspncadz.mooflapand</c>) is not among them: it may well be a character that is not in this library.
    /// </summary>
    public IReadOnlyList<string> Unresolved { get; init => field = value ?? []; } = [];

    /// <summary>
    /// The different words after an <c>@</c> that the library does not know, those with the form of a username among them, and the name
    /// that each is nearly.
    /// </summary>
    internal IReadOnlyList<UnknownMention> Unknown { get; init; } = [];

    /// <summary>One readable line: the first mentions and what became of them; never the prompt.</summary>
    public override string ToString()
    {
        const int Shown = 3;
        var mentions = Resolved.Select(mention => mention.ToString()).Concat(Unresolved.Select(word => $"{LogSanitizer.SingleLine(word, 40)} left as it is"));
        var more = Resolved.Count + Unresolved.Count - Shown;
        return Resolved.Count + Unresolved.Count == 0 ? "no mentions" : DisplayFormat.Join([.. mentions.Take(Shown), more > 0 ? FormattableString.Invariant($"{more} more") : null]);
    }
}
