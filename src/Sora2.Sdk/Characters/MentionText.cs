using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.Characters;

/// <summary>Finds mentions in a text and puts usernames in their place.</summary>
internal static partial class MentionText
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("@＠﹫");

    /// <summary>Whether there is anything to resolve.</summary>
    public static bool MayMention(string? text) => text.AsSpan().ContainsAny(Signs);

    /// <summary>
    /// How many words are compared with the names of a library; nobody writes so many, and a prompt of nothing else takes no time.
    /// </summary>
    private const int MostCompared = 100;

    public static MentionResolution Resolve(string text, IReadOnlyList<LibraryCharacter> characters)
    {
        var names = new Names(characters);
        var pieces = new List<string>();
        var resolved = new List<ResolvedMention>();
        var unresolved = new List<string>();
        var unknown = new Dictionary<string, string?>(StringComparer.Ordinal);
        var unknownWords = new List<UnknownMention>();
        var webAddresses = new WebAddresses(text);
        var copied = 0;
        for (var at = NextSign(text, 0); at < text.Length; at = NextSign(text, at))
        {
            if (AddressAround(text, at, copied) is { Success: true } address)
            {
                unresolved.Add(address.Value);
                at = address.Index + address.Length;
            }
            else if (webAddresses.Around(at, copied) is { } url)
            {
                unresolved.Add(text[url]);
                at = url.End.Value;
            }
            else if (names.Find(text.AsSpan(at + 1)) is { } found)
            {
                pieces.Add(Between(text[copied..at], isFirst: copied == 0, isLast: false));
                pieces.Add("@" + found.Username);
                copied = at + 1 + found.Length;
                resolved.Add(new ResolvedMention { Text = text[at..copied], Username = found.Username });
                at = copied;
            }
            else
            {
                at++;
                if (WordAt(text, at) is { Length: > 0 } word)
                {
                    var isUsername = LooksLikeUsername(text, at);
                    if (!isUsername)
                    {
                        unresolved.Add(text[at - 1] + word);
                    }

                    if (unknown.Count < MostCompared && !unknown.ContainsKey(word))
                    {
                        unknown.Add(word, names.Nearest(text.AsSpan(at)));
                        unknownWords.Add(new UnknownMention(text[at - 1] + word, unknown[word], isUsername));
                    }
                }
            }
        }

        pieces.Add(Between(text[copied..], isFirst: copied == 0, isLast: true));
        return new MentionResolution
        {
            Prompt = string.Join(' ', pieces.Where(piece => piece.Length > 0)),
            Resolved = resolved,
            Unresolved = unresolved,
            Unknown = unknownWords,
        };
    }

    private static int NextSign(string text, int from) => text.AsSpan(from).IndexOfAny(Signs) is var next and >= 0 ? from + next : text.Length;

    /// <summary>Text between mentions: the one space that goes there takes the place of what is there.</summary>
    private static string Between(string text, bool isFirst, bool isLast)
    {
        var from = 0;
        while (!isFirst && from < text.Length && IsSpace(text[from]))
        {
            from++;
        }

        var to = text.Length;
        while (!isLast && to > from && IsSpace(text[to - 1]))
        {
            to--;
        }

        return text[from..to];
    }

    private static bool IsSpace(char character) => character == '\t' || char.GetUnicodeCategory(character) == UnicodeCategory.SpaceSeparator;

    /// <summary>The e-mail address that a sign is part of; also <c>@user@server.com</c>, from its first sign on. None begins within a name before it: a space will stand between.</summary>
    private static Match? AddressAround(string text, int at, int nameEnd)
    {
        var from = at;
        while (from > nameEnd && (char.IsAsciiLetterOrDigit(text[from - 1]) || text[from - 1] is '.' or '_' or '%' or '+' or '-'))
        {
            from--;
        }

        while (text[from] == '.')
        {
            from++; // the end of a sentence
        }

        var address = Address().Match(text, from);
        return address.Index + address.Length > at ? address : null;
    }

    /// <summary>Whether something has a username's form: parts in small letters with a dot between.</summary>
    private static bool LooksLikeUsername(string text, int at) => UsernameForm().Match(text, at) is { Success: true } form && MayEnd(text.AsSpan(at), form.Length);

    /// <summary>The word that follows a sign; without spaces between words, the text up to the next punctuation.</summary>
    private static string WordAt(string text, int from)
    {
        var to = from;
        while (to < text.Length && !char.IsWhiteSpace(text[to]) && !char.IsControl(text[to]) && !Signs.Contains(text[to]) && (!char.IsPunctuation(text[to]) || text[to] is '.' or '_' or '-' or '\'' or '·'))
        {
            to++;
        }

        return text[from..to].TrimEnd('.', '-', '\'');
    }

    /// <summary>Whether a name may end at a place in a text: not within a word, where its script puts spaces between words.</summary>
    private static bool MayEnd(ReadOnlySpan<char> text, int end)
    {
        Rune.DecodeLastFromUtf16(text[..end], out var last, out _);
        return !IsOfSpacedWord(last) || !GoesOn(text[end..]);

        static bool GoesOn(ReadOnlySpan<char> rest)
        {
            Rune.DecodeFromUtf16(rest is ['.' or '-', ..] ? rest[1..] : rest, out var next, out _); // cat.dog and cat-like are words of their own, "cat." is not
            return IsOfSpacedWord(next);
        }
    }

    /// <summary>A letter, mark or digit of a script that puts spaces between words. Chinese, Japanese, Thai and their like do not, and Korean adds its particles without one.</summary>
    private static bool IsOfSpacedWord(Rune rune) => (Rune.IsLetterOrDigit(rune) || rune.Value == '_' || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        && rune.Value is not (
            (>= 0x0E00 and <= 0x0FFF) // Thai, Lao, Tibetan
            or (>= 0x1000 and <= 0x109F) // Burmese
            or (>= 0x1100 and <= 0x11FF) // Hangul letters
            or (>= 0x1780 and <= 0x17FF) // Khmer
            or (>= 0x2E80 and <= 0xA4CF) // Chinese, Japanese, Yi
            or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7FF) // Hangul
            or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF65 and <= 0xFFDC) // compatibility and half-width forms
            or (>= 0x1B000 and <= 0x1B16F) or (>= 0x20000 and <= 0x3FFFF));

    [GeneratedRegex(@"\G[@＠﹫]?[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*[@＠﹫](?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"\G[a-z0-9_]+(?:\.[a-z0-9_]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex UsernameForm();

    /// <summary>The web addresses of a text, which is read once, from sign to sign.</summary>
    private sealed class WebAddresses(string text)
    {
        private const string Spaces = " \t\r\n\u3000";
        private const string Scheme = "://";

        private int _read;
        private int _scheme = -1;
        private int _space = -1;

        /// <summary>The one that a sign is part of: from its scheme to the next space. None begins within a name before it.</summary>
        public Range? Around(int at, int nameEnd)
        {
            var begin = Math.Max(0, _read - Scheme.Length + 1);
            _scheme = text.AsSpan(begin, at - begin).LastIndexOf(Scheme) is var scheme and >= 0 ? begin + scheme : _scheme;
            _space = text.AsSpan(_read, at - _read).LastIndexOfAny(Spaces) is var space and >= 0 ? _read + space : _space;
            _read = at;
            if (_scheme < nameEnd || _space > _scheme)
            {
                return null;
            }

            var from = _scheme;
            while (from > nameEnd && char.IsAsciiLetterOrDigit(text[from - 1]))
            {
                from--;
            }

            var length = text.AsSpan(at).IndexOfAny(Spaces);
            return from..(length < 0 ? text.Length : at + length);
        }
    }

    /// <summary>What can follow a sign, the longest first.</summary>
    private sealed class Names(IReadOnlyList<LibraryCharacter> characters)
    {
        /// <summary>By their first letter, as a text may have a sign at every place.</summary>
        private readonly ILookup<char, string> _usernames =
            characters.Select(character => character.Username).OrderByDescending(username => username.Length).ToLookup(username => username[0]);

        private readonly IReadOnlyList<(string Folded, string Username)> _names =
        [
            .. characters.SelectMany(character => new[] { character.Alias, character.Username }, (character, name) => (Folded: NameFolding.Fold(name), character.Username))
                .Where(name => name.Folded.Length > 0)
                .OrderByDescending(name => name.Folded.Length),
        ];

        private ILookup<char, (string Folded, string Username)> NamesByFirst => field ??= _names.ToLookup(name => name.Folded[0]);

        /// <summary>The name that a text nearly begins with, as the library has it; null if there is none.</summary>
        public string? Nearest(ReadOnlySpan<char> text)
        {
            if (_names.Count == 0)
            {
                return null;
            }

            const int Longest = NameDistance.MaxLength + 3;
            Span<bool> mayEnd = stackalloc bool[Longest + 1];
            mayEnd.Clear();
            var folded = new StringBuilder();
            for (var i = 0; i < text.Length && !Signs.Contains(text[i]) && !char.IsControl(text[i]);)
            {
                var length = StringInfo.GetNextTextElementLength(text[i..]);
                NameFolding.Append(folded, text.Slice(i, length));
                i += length;
                if (folded.Length > Longest)
                {
                    break;
                }

                mayEnd[folded.Length] = MayEnd(text, i);
            }

            var head = folded.ToString().AsSpan(0, Math.Min(folded.Length, Longest));
            var (nearest, fewest) = ((string?)null, int.MaxValue);
            foreach (var (name, username) in _names)
            {
                Rune.DecodeFromUtf16(name, out var first, out _);
                var most = NameDistance.MostSlips(Math.Min(name.Length, NameDistance.MaxLength), IsOfSpacedWord(first));
                var beginning = head[..Math.Min(head.Length, Math.Min(name.Length, NameDistance.MaxLength) + most)];
                if (most == 0 || beginning.Length < Math.Min(name.Length, NameDistance.MaxLength) - most)
                {
                    continue;
                }

                var slips = NameDistance.OfBeginning(name, beginning, mayEnd);
                if (slips <= most && slips < fewest)
                {
                    (nearest, fewest) = (NameOf(username, name), slips);
                }
            }

            return nearest;
        }

        /// <summary>The alias or username that was folded to this.</summary>
        private string NameOf(string username, string folded)
        {
            var character = characters.First(character => character.Username == username);
            return character.Alias is { } alias && NameFolding.Fold(alias) == folded ? alias : username;
        }

        /// <summary>The name that a text begins with. A username as it is comes first, so that what was resolved stays as it is.</summary>
        public (string Username, int Length)? Find(ReadOnlySpan<char> text)
        {
            foreach (var username in text.IsEmpty ? [] : _usernames[text[0]])
            {
                if (text.StartsWith(username, StringComparison.Ordinal) && MayEnd(text, username.Length))
                {
                    return (username, username.Length);
                }
            }

            if (_names.Count == 0)
            {
                return null;
            }

            // Folded as far as the longest name goes, by what people see as one character: a name does not end within one.
            var folded = new StringBuilder();
            var ends = new Dictionary<int, int>();
            for (var i = 0; i < text.Length && folded.Length < _names[0].Folded.Length;)
            {
                var length = StringInfo.GetNextTextElementLength(text[i..]);
                NameFolding.Append(folded, text.Slice(i, length));
                i += length;
                ends.TryAdd(folded.Length, i);
                if (folded.Length > 0 && !NamesByFirst.Contains(folded[0]))
                {
                    return null;
                }
            }

            var head = folded.ToString();
            foreach (var (name, username) in head.Length == 0 ? [] : NamesByFirst[head[0]])
            {
                if (head.StartsWith(name, StringComparison.Ordinal) && ends.TryGetValue(name.Length, out var end) && MayEnd(text, end))
                {
                    return (username, end);
                }
            }

            return null;
        }
    }
}
