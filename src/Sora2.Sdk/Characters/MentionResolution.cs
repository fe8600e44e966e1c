using Sora2.Sdk.Characters;
using Sora2.Sdk.Common;

namespace Sora2.Sdk;

/// <summary>The mentions in a prompt: which were replaced with usernames and which were not.</summary>
public sealed record MentionResolution
{
    /// <summary>The prompt as it is sent, with usernames in place of aliases; the whole text for a storyboard.</summary>
    public required string Prompt { get; init; }

    /// <summary>The mentions of characters that the library has, by alias or by username, in the order of the prompt.</summary>
    public IReadOnlyList<ResolvedMention> Resolved { get; init => field = value ?? []; } = [];

    /// <summary>The text that looks like a mention and is sent unchanged, in the order of the prompt.</summary>
    /// <value>
    /// <c>@words</c> that the library does not have, and e-mail and web addresses with an <c>@</c>. A word in the form of a username
    /// (<c>@hfspncadz.mooflapand</c>) is not included, as it may be a character that is not in this library.
    /// </value>
    public IReadOnlyList<string> Unresolved { get; init => field = value ?? []; } = [];

    /// <summary>
    /// The distinct <c>@words</c> that the library does not have, also in the form of a username, with the similar name of each.
    /// </summary>
    internal IReadOnlyList<UnknownMention> Unknown { get; init; } = [];

    /// <summary>Returns one line with the first mentions; never the prompt.</summary>
    public override string ToString()
    {
        const int Shown = 3;
        var mentions = Resolved.Select(mention => mention.ToString())
            .Concat(Unresolved.Select(word => $"{LogSanitizer.SingleLine(word, 40)} left as it is"));
        var more = Resolved.Count + Unresolved.Count - Shown;
        return Resolved.Count + Unresolved.Count == 0
            ? "no mentions"
            : DisplayFormat.Join([.. mentions.Take(Shown), more > 0 ? FormattableString.Invariant($"{more} more") : null]);
    }
}
