using System.Buffers;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Searches a text for phrases of <see cref="RelayPhrases"/>, except those that may quote the caller's own texts.</summary>
/// <remarks>The cost is bounded by the text's length.</remarks>
internal sealed class PhraseFinder
{
    private const char Gap = '…';
    private const char AnyPlace = '*';
    private const int MaxOccurrences = 64;
    private const int MaxOpenings = 8;
    private const int LongGap = 120;

    private static readonly SearchValues<char> ClauseEnds = SearchValues.Create(",;!?，。；：！？\n");

    private readonly string _text;
    private readonly PromptTexts _caller;

    /// <param name="text">The relay's text.</param>
    /// <param name="caller">The caller's own texts.</param>
    public PhraseFinder(string text, PromptTexts caller)
    {
        _text = text.ToLowerInvariant();
        _caller = caller;
    }

    /// <summary>Returns whether the text contains one of the phrases.</summary>
    public bool Has(string[] phrases)
    {
        if (_text.Length == 0)
        {
            return false;
        }

        foreach (var phrase in phrases)
        {
            if (Has(phrase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether the text begins with one of the phrases, possibly after openings such as "your account".</summary>
    public bool Begins(string[] phrases)
    {
        var at = 0;
        for (var openings = 0; openings <= MaxOpenings; openings++)
        {
            at = AfterBlanks(at);
            foreach (var phrase in phrases)
            {
                if (BeginsAt(phrase, at))
                {
                    return true;
                }
            }

            if (AfterOpening(at) is not { } next)
            {
                return false;
            }

            at = next;
        }

        return false;
    }

    private bool Has(string phrase)
    {
        var anyPlace = phrase[0] == AnyPlace;
        var (first, then) = Split(anyPlace ? phrase[1..] : phrase);
        var occurrences = 0;
        for (var at = IndexOf(first, 0); at >= 0 && occurrences < MaxOccurrences; at = IndexOf(first, at + 1))
        {
            occurrences++;
            if ((!anyPlace && IsInsideWord(at)) || EndOf(then, at + first.Length, char.IsAscii(first[0]) ? 24 : 4) is not { } end)
            {
                continue;
            }

            if (!_caller.Contains(_text.AsSpan(at, end - at)))
            {
                return true;
            }

            if (then is null)
            {
                return false; // every other occurrence is the same text
            }
        }

        return false;
    }

    private int IndexOf(string part, int from) => _text.IndexOf(part, from, StringComparison.Ordinal);

    private bool BeginsAt(string phrase, int at)
    {
        var (first, then) = Split(phrase);
        return string.CompareOrdinal(_text, at, first, 0, first.Length) == 0
            && EndOf(then, at + first.Length, LongGap) is { } end
            && !_caller.Contains(_text.AsSpan(at, end - at))
            && !(then is { Length: > 3 } && _caller.Contains(then));
    }

    /// <summary>Returns the end of a phrase's second part, if that follows the first closely and in the same clause.</summary>
    private int? EndOf(string? then, int from, int gap)
    {
        if (then is null)
        {
            return from;
        }

        var near = _text.AsSpan(from, Math.Min(gap + then.Length, _text.Length - from));
        var at = near.IndexOf(then, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var between = near[..at];
        return between.ContainsAny(ClauseEnds)
            || between.Contains(". ", StringComparison.Ordinal) || between.Contains(": ", StringComparison.Ordinal)
            ? null
            : from + at + then.Length;
    }

    private int AfterBlanks(int at)
    {
        while (at < _text.Length && (char.IsWhiteSpace(_text[at]) || _text[at] is '"' or '\'' or '“' or '[' or '{'))
        {
            at++;
        }

        return at;
    }

    private int? AfterOpening(int at)
    {
        const string Status = "status_code="; // new-api puts an upstream's status before its text
        if (string.CompareOrdinal(_text, at, Status, 0, Status.Length) == 0)
        {
            at += Status.Length;
            while (at < _text.Length && (char.IsAsciiDigit(_text[at]) || _text[at] is ',' or ' '))
            {
                at++;
            }

            return at;
        }

        foreach (var opening in RelayPhrases.Openings)
        {
            if (string.CompareOrdinal(_text, at, opening, 0, opening.Length) == 0)
            {
                return at + opening.Length;
            }
        }

        return null;
    }

    private bool IsInsideWord(int at) => at > 0 && char.IsAsciiLetter(_text[at]) && char.IsAsciiLetter(_text[at - 1]);

    private static (string First, string? Then) Split(string phrase)
    {
        var gap = phrase.IndexOf(Gap, StringComparison.Ordinal);
        return gap < 0 ? (phrase, null) : (phrase[..gap], phrase[(gap + 1)..]);
    }
}
