using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.Common;

/// <summary>
/// The prompts and scenes of a paid request. Relays and their upstreams quote them in errors, so a phrase that also stands in them proves
/// nothing about the request.
/// </summary>
/// <remarks>
/// A quote may be escaped, cut short, in another case, or have other quotes and line breaks. So both sides are compared by their letters
/// and digits only, and what matters is whether the caller's words contain the phrase, not where in the error the quote begins and ends.
/// </remarks>
internal sealed partial class PromptTexts(IReadOnlyList<string> words)
{
    /// <summary>Of a call that has none.</summary>
    public static PromptTexts None { get; } = new([]);

    private const string Mark = "…";

    /// <summary>
    /// So many letters and digits in a row, as they stand in the caller's words, are a quote; of Chinese and its like, where one stands for
    /// a word, half as many.
    /// </summary>
    private const int Quote = 8;
    private const int DenseQuote = 4;

    /// <summary>The same at the beginning of the words, where a quote that is cut short begins.</summary>
    private const int Beginning = 6;
    private const int DenseBeginning = 3;

    private string? _compact;
    private Quotes? _quotes;

    /// <summary>A text of the platform's without what may be a quote of these words. Takes time in proportion to both.</summary>
    public string HiddenIn(string text)
    {
        if (words.Count == 0)
        {
            return text;
        }

        // Whole and as it is, with its punctuation; a word of a letter or three is in any sentence.
        text = words.Where(word => word.Length > 3).Aggregate(text, static (text, word) => text.Replace(word, Mark, StringComparison.Ordinal));
        _quotes ??= new Quotes(All.Split('\n'));
        var found = default(RedactedRanges);
        UnescapedText.FindAtEachLevel(text, _quotes.Find, ref found);
        return found.In(text, Mark);
    }

    private string All => _compact ??= string.Join('\n', words.SelectMany(Forms).Distinct(StringComparer.Ordinal).Select(Compact));

    /// <summary>Whether a part of an error may be a quote of these words.</summary>
    public bool Contain(ReadOnlySpan<char> part)
    {
        if (words.Count == 0)
        {
            return false;
        }

        foreach (var form in Forms(part.ToString()))
        {
            if (Compact(form) is { Length: > 0 } compact && All.Contains(compact, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A text as it is, and without the escapes of JSON, HTML and addresses, one after the other.</summary>
    private static IEnumerable<string> Forms(string text)
    {
        yield return text;
        var plain = text;
        foreach (var decode in Decoders)
        {
            if (decode(text) is var decoded && decoded != text)
            {
                yield return decoded;
            }

            plain = decode(plain);
        }

        if (plain != text)
        {
            yield return plain;
        }
    }

    private static readonly Func<string, string>[] Decoders =
        [Unescape, static text => WebUtility.HtmlDecode(text), static text => WebUtility.UrlDecode(text)];

    /// <summary>Without the escapes of JSON, however often they were escaped again.</summary>
    private static string Unescape(string text) => JsonEscape().Replace(text, static escape => escape.Groups[1].Success
        ? ((char)int.Parse(escape.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
        : " ");

    /// <summary>Letters and digits in lower case, full-width ones as plain ones.</summary>
    private static string Compact(string text)
    {
        var compact = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (CompactOf(letter) is { } plain)
            {
                compact.Append(plain);
            }
        }

        return compact.ToString();
    }

    private static char? CompactOf(char letter)
    {
        var plain = letter is >= '\uFF01' and <= '\uFF5E' ? (char)(letter - 0xFEE0) : letter;
        return char.IsLetterOrDigit(plain) ? char.ToLowerInvariant(plain) : null;
    }

    /// <summary>Whether a letter is of a script in which a few make a sentence.</summary>
    private static bool IsDense(char letter) => letter >= '\u2E80';

    /// <summary>The pieces of the caller's words by which a quote is known.</summary>
    private sealed class Quotes
    {
        private readonly HashSet<(ulong, ulong)> _pieces = [];
        private readonly HashSet<ulong> _densePieces = [];
        private readonly string[] _beginnings;

        public Quotes(string[] compactWords)
        {
            foreach (var word in compactWords)
            {
                for (var i = 0; i + DenseQuote <= word.Length; i++)
                {
                    if (AreDense(word.AsSpan(i, DenseQuote)))
                    {
                        _densePieces.Add(Pack(word.AsSpan(i)));
                    }

                    if (i + Quote <= word.Length)
                    {
                        _pieces.Add(PackQuote(word.AsSpan(i)));
                    }
                }
            }

            _beginnings = [.. compactWords.Select(BeginningOf).OfType<string>().Distinct(StringComparer.Ordinal)];
        }

        public void Find(ReadOnlySpan<char> text, ReadOnlySpan<int> starts, ref RedactedRanges found)
        {
            var letters = ArrayPool<char>.Shared.Rent(text.Length);
            var places = ArrayPool<int>.Shared.Rent(text.Length);
            try
            {
                var count = 0;
                for (var i = 0; i < text.Length; i++)
                {
                    if (CompactOf(text[i]) is { } letter)
                    {
                        (letters[count], places[count++]) = (letter, i);
                    }
                }

                var compact = letters.AsSpan(0, count);
                for (var i = 0; i + DenseQuote <= count; i++)
                {
                    var length = i + Quote <= count && _pieces.Contains(PackQuote(compact[i..])) ? Quote
                        : _densePieces.Contains(Pack(compact[i..])) ? DenseQuote
                        : 0;
                    Add(i, length, text, starts, places, ref found);
                }

                foreach (var beginning in _beginnings)
                {
                    for (var at = 0; compact[at..].IndexOf(beginning) is >= 0 and var next; at += next + 1)
                    {
                        var from = places[at + next];
                        var isWithinWord = from > 0 && char.IsLetterOrDigit(text[from - 1]) && !IsDense(text[from]);
                        Add(at + next, isWithinWord ? 0 : beginning.Length, text, starts, places, ref found);
                    }
                }
            }
            finally
            {
                ArrayPool<char>.Shared.Return(letters);
                ArrayPool<int>.Shared.Return(places);
            }
        }

        private static void Add(int at, int length, ReadOnlySpan<char> text, ReadOnlySpan<int> starts, int[] places, ref RedactedRanges found)
        {
            if (length > 0)
            {
                found.Add(places[at], places[at + length - 1] + 1, starts);
            }
        }

        /// <summary>The beginning of a word that tells it, or all of a short one; null for one that is in any sentence.</summary>
        private static string? BeginningOf(string word)
        {
            var dense = Math.Min(word.Length, DenseBeginning);
            return dense == DenseBeginning && AreDense(word.AsSpan(0, dense)) ? word[..dense]
                : word.Length > 3 ? word[..Math.Min(word.Length, Beginning)]
                : null;
        }

        private static bool AreDense(ReadOnlySpan<char> letters)
        {
            foreach (var letter in letters)
            {
                if (!IsDense(letter))
                {
                    return false;
                }
            }

            return true;
        }

        private static ulong Pack(ReadOnlySpan<char> four) => MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(four[..DenseQuote]));

        private static (ulong, ulong) PackQuote(ReadOnlySpan<char> eight) => (Pack(eight), Pack(eight[DenseQuote..]));
    }

    [GeneratedRegex(@"\\{1,8}(?:u([0-9A-Fa-f]{4})|[nrtbf""/])", RegexOptions.CultureInvariant)]
    private static partial Regex JsonEscape();
}
