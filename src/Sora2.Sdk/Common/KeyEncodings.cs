using System.Runtime.CompilerServices;
using System.Text;

namespace Sora2.Sdk.Common;

/// <summary>
/// A key in every form in which an answer may echo it: in any case, escaped for JSON, an address or HTML (once or more often), in base64 or
/// hexadecimal with whatever before it, and the beginning or end of it. Takes time in proportion to the text.
/// </summary>
internal sealed class KeyEncodings
{
    /// <summary>Shorter parts of a key are not looked for.</summary>
    public const int ShortestPart = 8;

    /// <summary>Shorter keys, which only tests have, are words; they are only looked for as they are.</summary>
    private const int ShortestKey = 8;

    /// <summary>From this length on a part of a key gives something away, and is no word.</summary>
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
        var mayBeCut = key.Length >= LongKey;
        var beginning = SecretStart(key) + ShortestPart;
        AddForm(key, beginning, ShortestPart);
        if (IsWord)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(key);
        for (var before = 0; before < 3; before++)
        {
            // The letters that only the key decides, when so many bytes stand before it: 7 of "Bearer " are as one.
            var base64 = Convert.ToBase64String([.. new byte[before], .. bytes])[(before == 0 ? 0 : before + 1)..((before + bytes.Length) * 8 / 6)];
            AddForm(base64, beginning * 3 / 2, ShortestPart * 3 / 2);
            if (base64.AsSpan().ContainsAny('+', '/'))
            {
                _forms.Add(_forms[^1] with { Text = base64.Replace('+', '-').Replace('/', '_') });
            }
        }

        AddForm(Convert.ToHexString(bytes), beginning * 2, ShortestPart * 2);

        void AddForm(string form, int leastOfBeginning, int leastOfEnd) => _forms.Add(mayBeCut
            ? new Form(form, Math.Min(leastOfBeginning, form.Length), leastOfEnd)
            : new Form(form, form.Length, form.Length));
    }

    /// <summary>Whether it is too short to be told from other words.</summary>
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
        return found.In(text, mark);
    }

    /// <summary>
    /// Behind what several keys begin with, such as a platform's name or the header of a signed token: ids and links may begin so too.
    /// </summary>
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
        foreach (var (form, leastOfBeginning, leastOfEnd) in _forms)
        {
            var beginning = form.AsSpan(0, leastOfBeginning);
            var end = form.AsSpan(form.Length - leastOfEnd);
            for (var at = 0; text[at..].IndexOf(beginning, _comparison) is >= 0 and var next;)
            {
                var from = at + next;
                at = from + leastOfBeginning;
                for (var i = leastOfBeginning; i < form.Length && at < text.Length && IsSame(text[at], form[i]); i++)
                {
                    at++;
                }

                found.Add(from, at, starts);
            }

            if (leastOfEnd == form.Length)
            {
                continue;
            }

            for (var at = 0; text[at..].IndexOf(end, _comparison) is >= 0 and var next;)
            {
                var from = at + next;
                at = from + leastOfEnd;
                for (var i = form.Length - leastOfEnd; i > 0 && from > 0 && IsSame(text[from - 1], form[i - 1]); i--)
                {
                    from--;
                }

                found.Add(from, at, starts);
            }
        }
    }

    private static bool IsSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);

    /// <param name="Text">The key in one form.</param>
    /// <param name="LeastOfBeginning">How much of its beginning counts as the key.</param>
    /// <param name="LeastOfEnd">How much of its end does.</param>
    private readonly record struct Form(string Text, int LeastOfBeginning, int LeastOfEnd);
}
