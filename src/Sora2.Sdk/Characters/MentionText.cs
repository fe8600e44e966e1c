using System.Buffers;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.Characters;

/// <summary>Finds mentions in a text and replaces them with usernames.</summary>
internal static partial class MentionText
{
    /// <summary>
    /// How many unknown words are compared with the names of a library, which bounds the time for a prompt of nothing else.
    /// </summary>
    private const int MaxCompared = 100;

    private static readonly SearchValues<char> Signs = SearchValues.Create("@＠﹫");
    private static readonly char[] Spaces = NameIndex.Spaces.ToCharArray();

    /// <summary>Returns whether there is anything to resolve.</summary>
    public static bool MayMention(string? text) => text.AsSpan().ContainsAny(Signs);

    public static bool IsSign(char letter) => Signs.Contains(letter);

    public static MentionResolution Resolve(string text, IReadOnlyList<LibraryCharacter> characters)
    {
        var names = new NameIndex(characters);
        var pieces = new List<string>();
        var resolved = new List<ResolvedMention>();
        var unresolved = new List<string>();
        var unknown = new Dictionary<string, UnknownMention>(StringComparer.Ordinal);
        var copied = 0;
        for (var match = SignOrAddress().Match(text); match.Success;)
        {
            var next = match.Index + match.Length;
            if (!match.Groups["sign"].Success)
            {
                if (MayMention(match.Value))
                {
                    unresolved.Add(match.Value.TrimStart('.')); // the end of a sentence
                }
            }
            else if (names.Find(text.AsSpan(next)) is { } found)
            {
                pieces.Add(TrimAfterMention(text[copied..match.Index], copied).TrimEnd(Spaces));
                pieces.Add("@" + found.Username);
                copied = next + found.Length;
                resolved.Add(new ResolvedMention { Text = text[match.Index..copied], Username = found.Username });
                next = copied;
            }
            else if (Word().Match(text, next).Value.TrimEnd('.', '-', '\'') is { Length: > 0 } word)
            {
                var isUsername = UsernameForm().Match(text, next) is { Success: true } form
                    && NameIndex.IsWholeName(text.AsSpan(next), form.Length);
                if (!isUsername)
                {
                    unresolved.Add(match.Value + word);
                }

                if (unknown.Count < MaxCompared && !unknown.ContainsKey(word))
                {
                    unknown.Add(word, new UnknownMention(match.Value + word, names.FindNearest(text.AsSpan(next)), isUsername));
                }
            }

            match = SignOrAddress().Match(text, next);
        }

        pieces.Add(TrimAfterMention(text[copied..], copied));
        return new MentionResolution
        {
            Prompt = string.Join(' ', pieces.Where(piece => piece.Length > 0)),
            Resolved = resolved,
            Unresolved = unresolved,
            Unknown = [.. unknown.Values],
        };
    }

    private static string TrimAfterMention(string text, int copied) => copied == 0 ? text : text.TrimStart(Spaces);

    /// <summary>A web address, an e-mail address (also <c>@user@server.com</c>), or a sign that is in neither.</summary>
    /// <remarks>
    /// An address begins where a run of its letters does. That keeps the time linear, and no address begins within the name of a mention.
    /// </remarks>
    [GeneratedRegex(
        """
        (?:(?<![A-Za-z0-9])[A-Za-z0-9]+)?://[^ \t\r\n\u3000]*
        |(?<![A-Za-z0-9._%+-])(?:[@＠﹫]|\.*)(?>[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*)[@＠﹫](?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}
        |(?<sign>[@＠﹫])
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex SignOrAddress();

    /// <summary>The word after a sign; where a script has no spaces between words, the text up to the next punctuation.</summary>
    [GeneratedRegex(@"\G(?:[^\s\p{Cc}\p{P}]|[._'·-])*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\G[a-z0-9_]+(?:\.[a-z0-9_]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex UsernameForm();
}
