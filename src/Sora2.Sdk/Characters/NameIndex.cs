using System.Globalization;
using System.Text;

namespace Sora2.Sdk.Characters;

/// <summary>The aliases and usernames of a library, as they are looked up in a prompt.</summary>
internal sealed class NameIndex
{
    /// <summary>A tab and the spaces of Unicode. One in a name stands for any run of them in a prompt.</summary>
    public const string Spaces =
        "\t \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000";

    private readonly ILookup<char, string> _usernames; // By the first letter: a prompt may have an @ at every place.
    private readonly ILookup<char, Name> _namesByFirst;
    private readonly IReadOnlyList<Name> _names;

    public NameIndex(IReadOnlyList<LibraryCharacter> characters)
    {
        _usernames = characters.Select(character => character.Username)
            .Where(username => username.Length > 0)
            .OrderByDescending(username => username.Length)
            .ToLookup(username => username[0]);
        _names =
        [
            .. characters
                .SelectMany(
                    character => new[] { character.Alias, character.Username },
                    (character, name) => new Name(Fold(name), name!, character.Username))
                .Where(name => name.Folded.Length > 0)
                .OrderByDescending(name => name.Folded.Length),
        ];
        _namesByFirst = _names.ToLookup(name => name.Folded[0]);
    }

    /// <summary>
    /// The form in which names are compared: full-width ASCII made plain, upper case, one space for several, none at the ends.
    /// </summary>
    public static string Fold(string? name)
    {
        var folded = new StringBuilder();
        foreach (var letter in (name ?? "").Trim().Select(Fold))
        {
            if (letter != ' ' || folded is not [.., ' '])
            {
                folded.Append(letter);
            }
        }

        return folded.ToString();
    }

    /// <summary>Returns a name without the signs before it and the white space around it.</summary>
    public static string WithoutSign(string name) => name.Trim().TrimStart('@', '＠', '﹫');

    /// <summary>
    /// Returns the longest name that a text begins with. An exact username comes first, so that a resolved prompt resolves to itself.
    /// </summary>
    public (string Username, int Length)? Find(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return null;
        }

        foreach (var username in _usernames[text[0]])
        {
            if (text.StartsWith(username, StringComparison.Ordinal) && IsWholeName(text, username.Length))
            {
                return (username, username.Length);
            }
        }

        foreach (var name in _namesByFirst[Fold(text[0])])
        {
            if (MatchLength(text, name.Folded) is > 0 and var length && IsWholeName(text, length))
            {
                return (name.Username, length);
            }
        }

        return null;
    }

    /// <summary>Returns the name that a text almost begins with, as the library has it; null if there is none.</summary>
    public string? FindNearest(ReadOnlySpan<char> text)
    {
        const int Longest = NameDistance.MaxLength + NameDistance.MaxEdits;
        Span<bool> mayEnd = stackalloc bool[Longest + 1];
        Span<char> head = stackalloc char[Longest];
        mayEnd.Clear();
        var length = 0;
        for (var i = 0; i < text.Length && length < Longest && !MentionText.IsSign(text[i]) && !char.IsControl(text[i]); i++)
        {
            head[length] = Fold(text[i]);
            length += head[length] == ' ' && length > 0 && head[length - 1] == ' ' ? 0 : 1;
            mayEnd[length] = IsWholeName(text, i + 1);
        }

        var (nearest, fewest) = ((string?)null, int.MaxValue);
        foreach (var name in _names)
        {
            if (NameDistance.ToPrefix(name.Folded, head[..length], mayEnd) is { } edits && edits < fewest)
            {
                (nearest, fewest) = (name.Text, edits);
            }
        }

        return nearest;
    }

    /// <summary>
    /// Returns whether a name may end here: not within an emoji or an accented letter, and an ASCII word not before more of it, of which
    /// <c>.dog</c> and <c>-like</c> are a part.
    /// </summary>
    public static bool IsWholeName(ReadOnlySpan<char> text, int end)
    {
        Rune.DecodeLastFromUtf16(text[..end], out _, out var last);
        var rest = text[end..];
        if (StringInfo.GetNextTextElementLength(text[(end - last)..]) > last)
        {
            return false;
        }

        return !IsWord(text[end - 1]) || (rest is ['.' or '-', .. var part] ? part : rest) is not [var next, ..] || !IsWord(next);
    }

    private static bool IsWord(char letter) => Fold(letter) is (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_';

    private static char Fold(char letter) => Spaces.Contains(letter, StringComparison.Ordinal)
        ? ' '
        : char.ToUpperInvariant(letter is >= '！' and <= '～' ? (char)(letter - '！' + '!') : letter);

    private static int MatchLength(ReadOnlySpan<char> text, string folded)
    {
        var length = 0;
        foreach (var letter in folded)
        {
            if (length == text.Length || Fold(text[length]) != letter)
            {
                return 0;
            }

            do
            {
                length++;
            }
            while (letter == ' ' && length < text.Length && Fold(text[length]) == ' ');
        }

        return length;
    }

    private sealed record Name(string Folded, string Text, string Username);
}
