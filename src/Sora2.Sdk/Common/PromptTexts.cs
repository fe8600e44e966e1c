using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Sora2.Sdk.Common;

/// <summary>The prompts and scenes of a paid request, which platforms quote in errors.</summary>
/// <remarks>
/// An error phrase that is also in a prompt proves nothing about the request. A quote may be escaped, truncated, in another case, or have
/// other quotation marks and line breaks. So both sides are compared by their letters and digits only, and what counts is whether the
/// prompts contain the phrase, not where in the error the quote starts and ends.
/// </remarks>
internal sealed partial class PromptTexts(IReadOnlyList<string> texts)
{
    /// <summary>The texts of a call without a prompt.</summary>
    public static PromptTexts None { get; } = new([]);

    private const string Mark = "…";

    /// <summary>So many consecutive letters and digits of a prompt count as a quote.</summary>
    private const int QuoteLength = 8;

    /// <summary>The same for Chinese and similar scripts, in which a character is about a word.</summary>
    private const int DenseQuoteLength = 4;

    /// <summary>The same for the beginning of a prompt, where truncated quotes start.</summary>
    private const int BeginningLength = 6;
    private const int DenseBeginningLength = 3;

    private string? _compact;
    private Quotes? _quotes;

    /// <summary>Redacts everything in a platform's text that may be a quote of a prompt. Takes time in proportion to both.</summary>
    public string RedactIn(string text)
    {
        if (texts.Count == 0)
        {
            return text;
        }

        // Complete quotes first, with their punctuation; a prompt of up to three characters is in any sentence.
        foreach (var prompt in texts.Where(prompt => prompt.Length > 3))
        {
            text = text.Replace(prompt, Mark, StringComparison.Ordinal);
        }

        _quotes ??= new Quotes(All.Split('\n'));
        var found = default(RedactedRanges);
        UnescapedText.FindAtEachLevel(text, _quotes.Find, ref found);
        return found.Apply(text, Mark);
    }

    private string All => _compact ??= string.Join('\n', texts.SelectMany(Decode).Distinct(StringComparer.Ordinal).Select(Compact));

    /// <summary>Whether a part of an error may be a quote of a prompt.</summary>
    public bool Contains(ReadOnlySpan<char> part)
    {
        if (texts.Count == 0)
        {
            return false;
        }

        foreach (var decoded in Decode(part.ToString()))
        {
            if (Compact(decoded) is { Length: > 0 } compact && All.Contains(compact, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns a text as it is, and without the escapes of JSON, HTML and URLs, each alone and all of them.</summary>
    private static IEnumerable<string> Decode(string text)
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

    /// <summary>Decodes the escapes of JSON, also if they were escaped several times.</summary>
    private static string Unescape(string text) => JsonEscape().Replace(text, static escape => escape.Groups[1].Success
        ? ((char)int.Parse(escape.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
        : " ");

    /// <summary>Keeps letters and digits, in lower case and normal width.</summary>
    private static string Compact(string text)
    {
        var compact = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (TryCompact(letter) is { } plain)
            {
                compact.Append(plain);
            }
        }

        return compact.ToString();
    }

    private static char? TryCompact(char letter)
    {
        var plain = letter is >= '\uFF01' and <= '\uFF5E' ? (char)(letter - 0xFEE0) : letter;
        return char.IsLetterOrDigit(plain) ? char.ToLowerInvariant(plain) : null;
    }

    /// <summary>Whether a character is of a script in which a few of them make a sentence.</summary>
    private static bool IsDense(char letter) => letter >= '\u2E80';

    /// <summary>Finds quotes by their pieces.</summary>
    private sealed class Quotes
    {
        private readonly HashSet<(ulong, ulong)> _pieces = [];
        private readonly HashSet<ulong> _densePieces = [];
        private readonly string[] _beginnings;

        public Quotes(string[] compactTexts)
        {
            foreach (var text in compactTexts)
            {
                for (var i = 0; i + DenseQuoteLength <= text.Length; i++)
                {
                    if (AreDense(text.AsSpan(i, DenseQuoteLength)))
                    {
                        _densePieces.Add(Pack(text.AsSpan(i)));
                    }

                    if (i + QuoteLength <= text.Length)
                    {
                        _pieces.Add(PackQuote(text.AsSpan(i)));
                    }
                }
            }

            _beginnings = [.. compactTexts.Select(GetBeginning).OfType<string>().Distinct(StringComparer.Ordinal)];
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
                    if (TryCompact(text[i]) is { } letter)
                    {
                        (letters[count], places[count++]) = (letter, i);
                    }
                }

                var compact = letters.AsSpan(0, count);
                for (var i = 0; i + DenseQuoteLength <= count; i++)
                {
                    var length = i + QuoteLength <= count && _pieces.Contains(PackQuote(compact[i..])) ? QuoteLength
                        : _densePieces.Contains(Pack(compact[i..])) ? DenseQuoteLength
                        : 0;
                    Add(i, length, starts, places, ref found);
                }

                foreach (var beginning in _beginnings)
                {
                    for (var at = 0; compact[at..].IndexOf(beginning) is >= 0 and var next; at += next + 1)
                    {
                        var from = places[at + next];
                        var isWithinWord = from > 0 && char.IsLetterOrDigit(text[from - 1]) && !IsDense(text[from]);
                        Add(at + next, isWithinWord ? 0 : beginning.Length, starts, places, ref found);
                    }
                }
            }
            finally
            {
                ArrayPool<char>.Shared.Return(letters);
                ArrayPool<int>.Shared.Return(places);
            }
        }

        private static void Add(int at, int length, ReadOnlySpan<int> starts, int[] places, ref RedactedRanges found)
        {
            if (length > 0)
            {
                found.Add(places[at], places[at + length - 1] + 1, starts);
            }
        }

        /// <summary>Returns the beginning by which a prompt is recognized; null if it is so short that any sentence may have it.</summary>
        private static string? GetBeginning(string text)
        {
            var dense = Math.Min(text.Length, DenseBeginningLength);
            return dense == DenseBeginningLength && AreDense(text.AsSpan(0, dense)) ? text[..dense]
                : text.Length > 3 ? text[..Math.Min(text.Length, BeginningLength)]
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

        private static ulong Pack(ReadOnlySpan<char> four) => MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(four[..DenseQuoteLength]));

        private static (ulong, ulong) PackQuote(ReadOnlySpan<char> eight) => (Pack(eight), Pack(eight[DenseQuoteLength..]));
    }

    [GeneratedRegex(@"\\{1,8}(?:u([0-9A-Fa-f]{4})|[nrtbf""/])", RegexOptions.CultureInvariant)]
    private static partial Regex JsonEscape();
}
