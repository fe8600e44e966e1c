using System.Runtime.CompilerServices;
using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>Finds an API key in a text in every encoding in which a response may echo it. Takes time in proportion to the text.</summary>
/// <remarks>
/// In upper or lower case; escaped for JSON, a URL or HTML, also several times; in base64 or hexadecimal with anything before it; and the
/// beginning or end alone of a long key.
/// </remarks>
internal sealed class KeyEncodings
{
    /// <summary>The shortest part of a key that is searched for.</summary>
    public const int ShortestPart = 8;

    /// <summary>Shorter keys, which only tests have, are common words: they are searched for unencoded only.</summary>
    private const int ShortestKey = 8;

    /// <summary>Of keys of this length parts are searched for as well, which are then no common words.</summary>
    private const int LongKey = 20;

    private static readonly ConditionalWeakTable<string, KeyEncodings> Known = [];

    private readonly List<Form> _forms = [];
    private readonly StringComparison _comparison;
    private readonly UnescapedText.Finder _find;

    private KeyEncodings(string key)
    {
        IsWord = key.Length < ShortestKey;
        _find = FindIn;
        _comparison = IsWord ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var hasParts = key.Length >= LongKey;
        var beginning = SecretStart(key) + ShortestPart;
        AddForm(key, beginning, ShortestPart);
        if (IsWord)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(key);
        for (var before = 0; before < 3; before++)
        {
            // The characters that depend on the key alone, for each alignment: the 7 bytes of "Bearer " align as 1 byte does.
            var start = before == 0 ? 0 : before + 1;
            var base64 = Convert.ToBase64String([.. new byte[before], .. bytes])[start..((before + bytes.Length) * 8 / 6)];
            AddForm(base64, beginning * 3 / 2, ShortestPart * 3 / 2);
            if (base64.AsSpan().ContainsAny('+', '/'))
            {
                _forms.Add(_forms[^1] with { Text = base64.Replace('+', '-').Replace('/', '_') });
            }
        }

        AddForm(Convert.ToHexString(bytes), beginning * 2, ShortestPart * 2);

        void AddForm(string form, int minBeginning, int minEnd) => _forms.Add(hasParts
            ? new Form(form, Math.Min(minBeginning, form.Length), minEnd)
            : new Form(form, form.Length, form.Length));
    }

    /// <summary>Whether the key is so short that it may be a common word.</summary>
    public bool IsWord { get; }

    public static KeyEncodings For(string key) => Known.GetValue(key, static key => new KeyEncodings(key));

    public bool AreIn(ReadOnlySpan<char> text)
    {
        var found = default(RedactedRanges);
        Find(text, ref found);
        return !found.IsEmpty;
    }

    public string Mask(string text, string mark)
    {
        var found = default(RedactedRanges);
        Find(text, ref found);
        return found.Apply(text, mark);
    }

    /// <summary>The end of a prefix that ids and links may share, such as a platform's name or the header of a signed token.</summary>
    private static int SecretStart(string key) => key.AsSpan(0, key.Length / 2).LastIndexOfAny('.', '-', '_') + 1;

    private void Find(ReadOnlySpan<char> text, ref RedactedRanges found)
    {
        if (IsWord)
        {
            _find(text, default, ref found);
        }
        else
        {
            UnescapedText.FindAtEachLevel(text, _find, ref found);
        }
    }

    private void FindIn(ReadOnlySpan<char> text, ReadOnlySpan<int> starts, ref RedactedRanges found)
    {
        foreach (var (form, minBeginning, minEnd) in _forms)
        {
            var beginning = form.AsSpan(0, minBeginning);
            var end = form.AsSpan(form.Length - minEnd);
            for (var at = 0; text[at..].IndexOf(beginning, _comparison) is >= 0 and var next;)
            {
                var from = at + next;
                at = from + minBeginning;
                for (var i = minBeginning; i < form.Length && at < text.Length && IsSame(text[at], form[i]); i++)
                {
                    at++;
                }

                found.Add(from, at, starts);
            }

            if (minEnd == form.Length)
            {
                continue;
            }

            for (var at = 0; text[at..].IndexOf(end, _comparison) is >= 0 and var next;)
            {
                var from = at + next;
                at = from + minEnd;
                for (var i = form.Length - minEnd; i > 0 && from > 0 && IsSame(text[from - 1], form[i - 1]); i--)
                {
                    from--;
                }

                found.Add(from, at, starts);
            }
        }
    }

    private static bool IsSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);

    /// <param name="Text">The key in one encoding.</param>
    /// <param name="MinBeginning">How many characters of its beginning are redacted alone.</param>
    /// <param name="MinEnd">How many characters of its end are.</param>
    private readonly record struct Form(string Text, int MinBeginning, int MinEnd);
}
